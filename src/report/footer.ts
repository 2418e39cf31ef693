// The small print: attested or self-reported, evaluation data and how often it judged, whose config, which head, where the log is.
import type { Evidence } from "../evidence/evidence.ts";
import { escapeMarkdown } from "./escape.ts";
import type { ReportContext } from "./report-context.ts";
import type { ModelStanding, OverallStanding } from "./standing.ts";
import { renderWindow } from "./window.ts";

export function renderFooter(evidence: Evidence | null, overall: OverallStanding, context: ReportContext): string {
  const judged = overall.models.filter((model) => model.evidence?.status === "judged");
  const parts = [
    judged.length === 0 ? null : renderTrust(context),
    judged.length === 1 && judged[0] ? renderEvaluationData(judged[0], context) : null,
    context.baseBranch === null ? null : `config from ${escapeMarkdown(context.baseBranch, 100)}`,
    renderHead(evidence?.headSha ?? context.headSha),
    context.runUrl === null ? null : `[workflow run](${context.runUrl})`,
    context.docsUrl === null ? null : `how these numbers are made: [docs](${context.docsUrl})`,
  ];
  return `<sub>${parts.filter((part) => part !== null).join(" · ")}</sub>`;
}

/** Forty zeros stand for work that is not committed. */
function renderHead(sha: string): string {
  return /^0+$/.test(sha) ? "not committed" : `head \`${sha.slice(0, 7)}\``;
}

function renderTrust({ trust, docsUrl }: ReportContext): string {
  const level = docsUrl === null ? trust.level : `[${trust.level}](${docsUrl}#evidence)`;
  const why = trust.reasons.slice(0, 3).map((reason) => escapeMarkdown(reason.replace(/\.$/, ""), 200));
  return why.length === 0 ? `Evidence: ${level}` : `Evidence: ${level} (${why.join("; ")})`;
}

function renderEvaluationData(model: ModelStanding, context: ReportContext): string | null {
  const data = model.evidence?.evaluationData;
  if (!data) return null;
  const named = data.window ? renderWindow(data.window) : escapeMarkdown(data.source, 100);
  const uses = context.models.get(model.name)?.evaluationUses ?? null;
  const judged = uses === null ? "" : `, judged its ${renderOrdinal(uses)} change`;
  return `evaluation ${named} (\`${data.sha256.slice(0, 4)}…${data.sha256.slice(-2)}\`)${judged}`;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function renderOrdinal(count: number): string {
  const tens = count % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th");
  return `${count}${suffix}`;
}
