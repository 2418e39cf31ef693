// Behaviours in full: what each tests, how many rows pass for both models, what failed.
import type { ModelEvidence } from "../evidence/evidence.ts";
import type { BehaviourDocument } from "../evidence/explanation-document.ts";
import { type Block, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown, renderName } from "./escape.ts";
import { nameBaseline } from "./gate-table.ts";
import { chooseDecimals, noNumber, renderCount, renderInterval, renderNumber, renderPercent } from "./numbers.ts";

/** Nothing where no behaviour is declared. `candidate` heads the candidate's column. */
export function renderBehaviours(model: ModelEvidence, candidate = "this change"): Block[] {
  const behaviours = model.evaluation?.behaviours ?? [];
  if (behaviours.length === 0) return [];
  const compared = behaviours.some(({ baseline }) => baseline !== null);
  const rows = behaviours.map((one) => [
    renderName(one.id, 100),
    one.kind,
    renderCount(one.rows),
    ...(compared ? [renderRate(one.baseline, one.rows)] : []),
    renderRate(one.candidate, one.rows),
    renderPercent(one.minPass),
    one.severity === "warn" && one.outcome !== "pass" ? `${one.outcome}, only warns` : one.outcome,
  ]);
  const head = [
    "behaviour",
    "kind",
    "tested",
    ...(compared ? [nameBaseline(model)] : []),
    `${candidate} (interval)`,
    "must pass",
    "",
  ];
  const align = [":--", ":--", "--:", ...(compared ? [":--"] : []), ":--", "--:", ":--"];
  return [tableBlock(head, align, rows), ...behaviours.flatMap(renderFailing)];
}

function renderRate(rate: BehaviourDocument["candidate"], rows: number): string {
  if (rate === null) return noNumber;
  const share = `${renderCount(rate.passed)} of ${renderCount(rows)}`;
  if (rate.interval === null) return share;
  return `${share} (${renderInterval([rate.interval[0] * 100, rate.interval[1] * 100], 1, false)} %)`;
}

function renderFailing({ id, failing }: BehaviourDocument): Block[] {
  if (failing.length === 0) return [];
  const lines = failing.map(({ name, given, what }) => {
    const cells = Object.entries(given)
      .slice(0, 8)
      .map(([column, value]) => `${renderName(column, 60)} = ${renderCell(value)}`);
    return `- ${renderName(id, 100)}, ${escapeMarkdown(name, 60)}${cells.length > 0 ? ` (${cells.join(", ")})` : ""}: ${escapeMarkdown(what, 300)}`;
  });
  return [textBlock(lines.join("\n"))];
}

function renderCell(value: string | number | boolean | null): string {
  if (value === null) return "missing";
  return typeof value === "number"
    ? renderNumber(value, Number.isInteger(value) ? 0 : chooseDecimals(null, value))
    : escapeMarkdown(String(value), 60);
}
