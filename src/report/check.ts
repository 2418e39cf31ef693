// The check of a pull request's head: conclusion, title, summary.
import type { Decision } from "../evidence/decide-check.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type Annotation, annotateProblems } from "./annotations.ts";
import { renderBlocks } from "./blocks.ts";
import { renderBody } from "./comment.ts";
import { countBytes, cutToBytes, flattenText } from "./escape.ts";
import { renderFooter } from "./footer.ts";
import { renderHeadline, renderTitle } from "./headline.ts";
import type { ReportContext } from "./report-context.ts";
import { describeStanding } from "./standing.ts";

export interface Check {
  /** What the check says; `neutral` counts as green for a required check, and only a config that asks for `warn` gets it. */
  readonly conclusion: Decision["state"];
  /** Plain text, at most 255 bytes. */
  readonly title: string;
  /** Markdown, at most 60,000 bytes. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** Bytes; GitHub refuses more than 65,535. */
export const summaryLimitBytes = 60_000;

export function renderCheck(evidence: Evidence | null, context: ReportContext): Check {
  const overall = describeStanding(evidence, context);
  const head = `### ${renderHeadline(overall)}`;
  const foot = renderFooter(evidence, overall, context);
  const body = renderBlocks(renderBody(overall, context), summaryLimitBytes - countBytes(head) - countBytes(foot) - 4);
  return {
    conclusion: overall.conclusion,
    title: cutToBytes(flattenText(renderTitle(overall)), 250),
    summary: [head, body, foot].filter((part) => part !== "").join("\n\n"),
    annotations: annotateProblems(context.problems ?? []),
  };
}

/** The summary of a workflow's job: the same as the check's. */
export function renderSummary(evidence: Evidence | null, context: ReportContext): string {
  return renderCheck(evidence, context).summary;
}
