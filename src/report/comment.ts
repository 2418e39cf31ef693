// The sticky comment of a pull request: one for all models, short when all is well, never over the limit, whatever comes in.
import type { Evidence } from "../evidence/evidence.ts";
import { renderAcceptHint } from "./accept-hint.ts";
import { type Block, foldBlock, renderBlocks, textBlock } from "./blocks.ts";
import { renderDetails } from "./details.ts";
import { countBytes, escapeMarkdown, renderProse } from "./escape.ts";
import { renderExplanation } from "./explanation.ts";
import { renderFooter } from "./footer.ts";
import { renderHeadline } from "./headline.ts";
import { renderModelSection } from "./model-section.ts";
import { renderModelsTable } from "./models-table.ts";
import type { ReportContext } from "./report-context.ts";
import { describeStanding, type ModelStanding, type OverallStanding } from "./standing.ts";
import { commentMarker } from "./words.ts";

/** Bytes of UTF-8; GitHub's stated limit is 65,536 characters. */
export const commentLimitBytes = 60_000;

/**
 * Whole comment as markdown. Everything in `evidence` is taken as hostile; URLs in `context` are not (they are GitHub's own).
 * Without evidence it says why there is none: the obstacles of the decision.
 */
export function renderComment(evidence: Evidence | null, context: ReportContext): string {
  const overall = describeStanding(evidence, context);
  const state = context.state === null ? "" : `<!-- modelgate-state ${context.state.replace(/[^\w=. -]/g, "")} -->\n`;
  const head = `${commentMarker}\n${state}### ${renderHeadline(overall)}`;
  const foot = renderFooter(evidence, overall, context);
  const room = commentLimitBytes - countBytes(head) - countBytes(foot) - 4;
  const body = renderBlocks(renderBody(overall, context), room);
  return [head, body, foot].filter((part) => part !== "").join("\n\n");
}

/** Everything between headline and small print; also the summary of a check. */
export function renderBody(overall: OverallStanding, context: ReportContext): Block[] {
  const concerned = overall.models.filter(({ standing }) => standing !== "not-affected");
  const alone = overall.models.length === 1;
  const shown = concerned.filter((model) => alone || model.standing !== "pass");
  const passed = concerned.filter((model) => !shown.includes(model));
  return [
    ...renderObstacles(overall, context),
    ...renderRepositoryChanges(context),
    ...renderModelsTable(overall.models, context),
    ...shown.flatMap((model) => renderModelSection(model, context, alone)),
    ...renderAcceptHint(concerned),
    ...shown.flatMap((model) => [...renderExplanation(model, alone), ...renderDetails(model, alone)]),
    ...passed.map((model) => renderPassed(model, context)),
  ];
}

function renderObstacles({ obstacles }: OverallStanding, { runUrl }: ReportContext): Block[] {
  return obstacles.map(({ reason }) => textBlock(`> **Why:** ${renderReason(reason, runUrl)}`));
}

/** A reason that ends in a page of the workflow run keeps its link; any other address is inert. */
function renderReason(reason: string, runUrl: string | null): string {
  const [, text, url] = /^(.*?):?\s+(https?:\/\/[\w./:-]+)$/.exec(reason) ?? [];
  if (text === undefined || url === undefined || runUrl === null || !url.startsWith(`${runUrl}/`))
    return renderProse(reason, 1000);
  return `${renderProse(text, 1000)}: [log](${url})`;
}

function renderPassed(model: ModelStanding, context: ReportContext): Block {
  const inner = [
    ...renderModelSection(model, context, true),
    ...renderExplanation(model, true),
    ...renderDetails(model, true),
  ];
  return foldBlock(`✅ ${escapeMarkdown(model.name)}: numbers`, inner);
}

function renderRepositoryChanges(context: ReportContext): Block[] {
  if (context.changes.length === 0) return [];
  const branch = context.baseBranch === null ? "the base branch" : escapeMarkdown(context.baseBranch, 100);
  const lines = context.changes.map((change) => `> - ${renderProse(change.summary, 500)}`);
  return [
    textBlock(
      [
        `> **Judged by the config of ${branch}**, not by what this pull request makes of it; after the merge:`,
        ...lines,
      ].join("\n"),
    ),
  ];
}
