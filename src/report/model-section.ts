// What is said about one model: why, the gates, who is hurt, what changed; the rest is in its details.
import { type Block, textBlock } from "./blocks.ts";
import { escapeMarkdown, renderOutput, renderProse } from "./escape.ts";
import { renderShift } from "./explanation.ts";
import { isAbsolute, nameMetric, renderGateTable } from "./gate-table.ts";
import { renderHistoryChart } from "./history-chart.ts";
import { renderBaseline } from "./models-table.ts";
import { chooseDecimals, chooseUnit, renderAbout, renderNumber, renderPlural } from "./numbers.ts";
import type { ReportContext } from "./report-context.ts";
import type { ModelStanding, StandingGate } from "./standing.ts";

/** `alone`: the headline already named it. */
export function renderModelSection(model: ModelStanding, context: ReportContext, alone: boolean): Block[] {
  const title = alone ? [] : [textBlock(`#### ${escapeMarkdown(model.name)}`)];
  if (!model.evidence || model.standing === "missing") {
    const reasons = model.obstacles.map(({ reason }) => textBlock(`> **Why:** ${renderProse(reason)}`));
    return [...title, ...reasons];
  }
  if (model.evidence.status !== "judged") return [...title, ...renderProblem(model)];
  const table = renderGateTable(model.evidence, model.gates);
  const remarks = listRemarks(model, context);
  return [
    ...title,
    ...(alone ? [textBlock(renderComparedWith(model, context))] : []),
    table,
    ...(remarks.length > 0 ? [textBlock(remarks.map((remark) => `> ${remark}`).join("\n> \n"))] : []),
    ...(model.evidence.comparison?.unchanged ? [] : renderHistoryChart(model.evidence)),
  ];
}

function renderProblem(model: ModelStanding): Block[] {
  const problem = model.evidence?.problem ?? "No reason was given.";
  const [first = "", ...rest] = problem.split(/\r?\n/);
  const output = renderOutput(rest.join("\n"));
  return [textBlock(`> **Why:** ${renderProse(first)}`), textBlock(output)];
}

function renderComparedWith(model: ModelStanding, context: ReportContext): string {
  const evidence = model.evidence;
  const rows = evidence?.comparison?.rows ?? evidence?.evaluation?.rows;
  const on = rows === undefined ? "" : ` on ${renderPlural(rows, "row")}`;
  const baseline = renderBaseline(model, context);
  if (evidence?.firstVersion) return `There is no version to compare with${on ? `; measured${on}` : ""}.`;
  if (evidence?.comparison?.unchanged) return `Compared with ${baseline}${on}: every prediction is the same.`;
  return baseline === "" ? `Measured${on}.` : `Compared with ${baseline}${on}.`;
}

/** Sentences for the quote under the table, as markdown. */
function listRemarks(model: ModelStanding, context: ReportContext): string[] {
  const evidence = model.evidence;
  const open = model.gates.filter(({ gate, acceptance }) => gate.outcome !== "pass" && !acceptance);
  const failed = open.filter(({ gate }) => gate.outcome === "fail");
  const listed = failed.length > 0 ? failed : open;
  const why = [
    ...model.obstacles.filter(({ gate }) => gate !== "evidence").map(({ reason }) => renderProse(reason)),
    ...listed.slice(0, 3).map(({ gate }) => renderProse(gate.reason)),
    ...(listed.length > 3 ? [`And ${listed.length - 3} more.`] : []),
  ];
  const doubts = model.obstacles.filter(({ gate }) => gate === "evidence").map(({ reason }) => reason);
  const trust =
    doubts.length > 0 ? [...doubts, ...context.trust.reasons].map((reason) => renderProse(reason, 300)) : [];
  return [
    ...(why.length > 0 ? [`**Why:** ${why.join(" ")}`] : []),
    ...describeUndecided(model, open),
    ...(trust.length > 0 ? [`**Not believed yet:** ${trust.join(" ")}`] : []),
    ...listChanges(model),
    ...describeMuchUsed(model, context),
    ...renderShift(evidence),
    ...(evidence?.notes ?? []).slice(0, 5).map(renderNote),
    ...model.gates
      .filter(({ acceptance }) => acceptance !== null)
      .map(
        ({ gate, acceptance }) =>
          `**Accepted** by ${escapeMarkdown(acceptance?.by ?? "", 60)}: ${escapeMarkdown(gate.id, 120)}, because ${escapeMarkdown(acceptance?.reason ?? "", 400)}`,
      ),
  ];
}

/** What else the pull request does: one sentence behind its title, several as a list. */
function listChanges({ changes }: ModelStanding): string[] {
  const sentences = changes.map((change) => {
    const state = change.acceptance
      ? ` (accepted by ${escapeMarkdown(change.acceptance.by, 60)}: ${escapeMarkdown(change.acceptance.reason, 300)})`
      : change.needsAccept
        ? ` **A maintainer has to accept this.**`
        : "";
    return `${renderProse(change.summary)}${state}`;
  });
  if (sentences.length === 0) return [];
  const title = "**This change also:**";
  return [
    sentences.length === 1 ? `${title} ${sentences[0]}` : [title, ...sentences.map((one) => `- ${one}`)].join("\n> "),
  ];
}

/** From so many changes on the luckiest of harmless ones looks better than its interval is wide (ADR 0020). */
export const muchUsedFrom = 25;

function describeMuchUsed({ name }: ModelStanding, { models }: ReportContext): string[] {
  const uses = models.get(name)?.evaluationUses ?? null;
  if (uses === null || uses < muchUsedFrom) return [];
  return [
    `**Much used rows:** these evaluation rows have judged ${uses} changes. The luckiest of so many harmless changes looks better than its interval allows, so what they prefer may be luck: take fresh rows, or ask a \`holdout\` at promotion.`,
  ];
}

/** Inconclusive is not bad news: says so, and what would decide it. */
function describeUndecided(model: ModelStanding, open: readonly StandingGate[]): string[] {
  if (model.standing !== "inconclusive" && model.standing !== "warned") return [];
  const needed = open.map(({ gate }) => gate.rowsNeeded).filter((rows) => rows !== null);
  const rows =
    needed.length > 0
      ? ` ${capitalize(renderAbout(Math.max(...needed)))} evaluation rows would decide it at the present difference.`
      : "";
  const margins = describeMargins(open);
  const end =
    model.standing === "warned" ? "The config lets it through with this warning." : "Until then a maintainer decides.";
  return [`**Nothing is known to be wrong:** the rows at hand cannot tell.${rows}${margins} ${end}`];
}

/** The smallest margins that equal models pass on these rows, of at most three gates. */
function describeMargins(open: readonly StandingGate[]): string {
  const margins = open.flatMap(({ gate }) => {
    if (isAbsolute(gate) || gate.passableMargin === null) return [];
    const unit = chooseUnit(gate.metric, gate.baseline ?? gate.value);
    const decimals = chooseDecimals(null, gate.passableMargin * unit.factor);
    const shown = renderNumber(gate.passableMargin * unit.factor, Math.max(0, decimals - 1)) + unit.symbol;
    return [`${shown} (${nameMetric(gate.metric, gate.slice)})`];
  });
  if (margins.length === 0) return "";
  const more = margins.length > 3 ? ", … (all in the details)" : "";
  return ` On these rows, equal models pass with a margin of at least ${margins.slice(0, 3).join(", ")}${more}.`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Most hurt: …` gets its first words in bold. */
function renderNote(note: string): string {
  const [, head, rest] = /^([A-Z][A-Za-z ]{2,40}):\s+(.*)$/s.exec(note) ?? [];
  return head === undefined || rest === undefined ? renderProse(note, 400) : `**${head}:** ${renderProse(rest, 400)}`;
}
