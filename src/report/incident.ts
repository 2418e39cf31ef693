// Issues and pull requests that monitoring opens, in words: what was found, what is proposed, what a maintainer can do.
import type { Finding, ModelFindings } from "../evidence/findings.ts";
import { renderBlocks, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown, renderName } from "./escape.ts";
import { renderCount, renderPlural } from "./numbers.ts";

export type IncidentKind = "warning" | "retrain" | "rollback";

/** A title on one line and a body that begins with the incident's marker. */
export interface RenderedIncident {
  readonly title: string;
  readonly body: string;
}

/** GitHub's stated limit is 65,536 characters; bytes are what some routes count. */
const limitBytes = 60_000;

/** What an incident is found by, together with its author. */
export function renderIncidentMarker(model: string, kind: IncidentKind): string {
  return `<!-- modelgate-incident model=${model} kind=${kind} -->`;
}

/** The incident of a model; `runUrl` is the workflow run that checked. Everything from the findings is escaped. */
export function renderIncident(found: ModelFindings, kind: IncidentKind, runUrl: string): RenderedIncident {
  const subject = found.version === null ? found.model : `${found.model}@${found.version}`;
  const titles = {
    warning: `Monitoring: ${subject} sees other data than it was made for`,
    retrain: `Retrain ${found.model} on newer data`,
    rollback: `Roll back ${subject}?`,
  } as const;
  const body = renderBlocks(
    [
      textBlock(renderIncidentMarker(found.model, kind)),
      textBlock(`**${renderName(found.model)}** in ${renderName(found.stage)}: ${escapeMarkdown(found.reason, 2000)}`),
      tableBlock(["", "found", "what"], [":--", ":--", ":--"], found.findings.map(renderRow)),
      textBlock(renderAdvice(found, kind)),
      textBlock(renderFooter(found, runUrl)),
    ],
    limitBytes,
  );
  return { title: titles[kind], body };
}

const signs = { notice: "ℹ️ notice", warning: "⚠️ warning", critical: "❌ critical" } as const;

function renderRow(finding: Finding): readonly string[] {
  return [
    signs[finding.severity],
    `${finding.kind}: ${renderName(finding.subject)}`,
    escapeMarkdown(finding.summary, 1000),
  ];
}

function renderAdvice(found: ModelFindings, kind: IncidentKind): string {
  switch (kind) {
    case "warning":
      return "Nothing is done yet. If the next check finds the same, a pull request that retrains the model opens. This issue closes by itself when a check finds nothing.";
    case "retrain":
      return `This pull request moves the windows in \`modelgate.lock\` and nothing else${describeProposal(found)}. The model is trained and goes through the gates like any other change, also on the old evaluation data.`;
    case "rollback":
      return found.lastGoodVersion === null
        ? "No earlier version is known to be good. A maintainer can name one: `/rollback MODEL VERSION reason`."
        : `Last good version: **${renderName(`${found.model}@${found.lastGoodVersion}`)}**. A maintainer goes back to it with this comment:\n\n\`\`\`text\n/rollback ${found.model} ${found.lastGoodVersion} REASON\n\`\`\``;
  }
}

function describeProposal({ proposal }: ModelFindings): string {
  if (!proposal) return "";
  const { train, evaluation } = proposal;
  return `: training to ${describeRows(train)}${evaluation ? `, evaluation to ${describeRows(evaluation)}` : ""}`;
}

function describeRows({ window, rows }: NonNullable<ModelFindings["proposal"]>["train"]): string {
  const span = window ? ` (${escapeMarkdown(window.from ?? "…")} … ${escapeMarkdown(window.to ?? "…")})` : "";
  return `${renderPlural(rows, "row")}${span}`;
}

function renderFooter(found: ModelFindings, runUrl: string): string {
  const span = found.window
    ? `${escapeMarkdown(found.window.from ?? "…")} … ${escapeMarkdown(found.window.to ?? "…")}`
    : "all rows";
  const streak = found.streak > 1 ? ` · ${found.streak} checks in a row` : "";
  return `<sub>Looked at ${renderCount(found.rows)} rows (${span})${streak} · [workflow run](${runUrl})</sub>`;
}
