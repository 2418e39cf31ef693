// One row per gate: baseline, this change, difference with its interval, the rule, the outcome in words.
import type { ModelEvidence } from "../evidence/evidence.ts";
import { type Block, tableBlock } from "./blocks.ts";
import { escapeMarkdown, renderProse } from "./escape.ts";
import {
  chooseDecimals,
  chooseUnit,
  noNumber,
  renderAbout,
  renderCount,
  renderDifference,
  renderInterval,
  renderNumber,
  renderPercent,
} from "./numbers.ts";
import type { GateVerdict, StandingGate } from "./standing.ts";
import { outcomeWords } from "./words.ts";

/** The table of a model's gates, worst first; empty without gates. */
export function renderGateTable(model: ModelEvidence, gates: readonly StandingGate[]): Block {
  const sorted = [...gates].sort((left, right) => rankOf(right) - rankOf(left));
  if (model.baseline === null && gates.every(({ gate }) => gate.baseline === null)) return renderAlone(model, sorted);
  const confidence = gates.find(({ gate }) => gate.confidence !== null)?.gate.confidence ?? null;
  const head = [
    "",
    nameBaseline(model),
    "this change",
    confidence === null ? "difference" : `difference (${renderPercent(confidence)} interval)`,
    "gate",
    "",
  ];
  const rows = sorted.map((gate) => renderRow(gate, model, confidence));
  return tableBlock(head, [":--", "--:", "--:", ":--", ":--", ":--"], rows);
}

/** Without a baseline: the value and its own interval. */
function renderAlone(model: ModelEvidence, gates: readonly StandingGate[]): Block {
  const rows = gates.map((one) => {
    const { gate } = one;
    const estimate = model.evaluation?.metrics.find(
      ({ metric, slice }) => metric === gate.metric && slice === gate.slice,
    );
    const interval = gate.interval ?? estimate?.interval ?? null;
    const unit = chooseUnit(gate.metric, gate.value);
    const scaled = interval && scaleInterval(interval, unit.factor);
    const value = gate.value === null ? null : gate.value * unit.factor;
    const decimals = chooseDecimals(scaled, value);
    const shown = value === null ? noNumber : renderNumber(value, decimals) + unit.symbol;
    const width = scaled ? ` (${renderInterval(scaled, decimals, false)})` : "";
    return [nameMetric(gate.metric, gate.slice), `${shown}${width}`, renderRelation(gate.rule), renderOutcome(one)];
  });
  return tableBlock(["", "this change (interval)", "gate", ""], [":--", ":--", ":--", ":--"], rows);
}

/** What the baseline column is called: its stage, else its version. */
export function nameBaseline(model: ModelEvidence): string {
  if (!model.baseline) return "baseline";
  return escapeMarkdown(model.baseline.stage ?? model.baseline.version, 60);
}

/** `roc_auc`, or `recall, plan=basic`. */
export function nameMetric(metric: string, slice: string | null): string {
  return slice === null ? escapeMarkdown(metric, 120) : `${escapeMarkdown(metric, 120)}, ${escapeMarkdown(slice, 120)}`;
}

/** The rule without the metric, and what its percentage comes to: `rise ≤ 2% (0.011)`. */
function renderRule({ rule, resolved }: GateVerdict): string {
  const [, amount] = (rule.includes("%") && /%[^=]* = ([^=]+)$/.exec(resolved)) || [];
  return amount === undefined ? renderRelation(rule) : `${renderRelation(rule)} (${escapeMarkdown(amount, 40)})`;
}

/** The rule without the metric: `drop ≤ 0.5pp`. A rule that does not look like one is shown whole. */
export function renderRelation(rule: string): string {
  const relation = /(?:^|[\s\])])((?:(?:drop|rise|gain)\s*)?(?:<=|>=).*)$/s.exec(rule)?.[1] ?? rule;
  return escapeMarkdown(relation.replace(/<=/g, "≤").replace(/>=/g, "≥"), 120);
}

function renderRow(
  { gate, acceptance, second }: StandingGate,
  model: ModelEvidence,
  confidence: number | null,
): string[] {
  const unit = chooseUnit(gate.metric, gate.baseline ?? gate.value);
  const scale = (value: number | null) => (value === null ? null : value * unit.factor);
  const decimals = chooseDecimals(gate.interval && scaleInterval(gate.interval, unit.factor), scale(gate.value));
  const show = (value: number | null) =>
    value === null ? noNumber : renderNumber(scale(value), decimals) + unit.symbol;
  const name = nameMetric(gate.metric, gate.slice) + (second ? " (old evaluation set)" : "");
  const at = gate.confidence !== null && gate.confidence !== confidence ? ` at ${renderPercent(gate.confidence)}` : "";
  return [
    gate.outcome === "fail" && !acceptance ? `**${name}**` : name,
    show(gate.baseline),
    show(gate.value),
    renderDifferenceCell(gate, model, decimals, unit) + at,
    renderRule(gate),
    renderOutcome({ gate, acceptance, second }),
  ];
}

function renderDifferenceCell(
  gate: GateVerdict,
  model: ModelEvidence,
  decimals: number,
  unit: { readonly symbol: string; readonly factor: number },
): string {
  const quantile = /^latency_(p50|p99)$/.exec(gate.metric)?.[1] as "p50" | "p99" | undefined;
  const latency = quantile && model.benchmark?.latency[quantile];
  if (latency && latency.ratio !== null) {
    const interval = latency.interval ? ` (${renderInterval(latency.interval, 2, false)})` : "";
    return `×${renderNumber(latency.ratio, 2)}${interval}`;
  }
  if (isAbsolute(gate) || gate.difference === null) return renderAbsolute(gate, decimals, unit);
  const difference = renderDifference(gate.difference * unit.factor, decimals) + unit.symbol;
  const shown = gate.outcome === "fail" ? `**${difference}**` : difference;
  if (!gate.interval) return shown;
  return `${shown} (${renderInterval(scaleInterval(gate.interval, unit.factor), decimals, true)})`;
}

/** A rule without `drop`, `rise` or `gain`: about the value itself. */
export function isAbsolute(gate: Pick<GateVerdict, "rule">): boolean {
  return !/(?:^|[\s\])])(?:drop|rise|gain)\s*(?:<=|>=)/.test(gate.rule);
}

/** An absolute gate compares the value itself: its interval, if it has one, is of the value. */
function renderAbsolute(
  gate: GateVerdict,
  decimals: number,
  unit: { readonly symbol: string; readonly factor: number },
): string {
  if (!gate.interval) return noNumber;
  return `itself: ${renderInterval(scaleInterval(gate.interval, unit.factor), decimals, false)}${unit.symbol}`;
}

/** `❔ inconclusive: needs ~1,900 rows, has 90`. */
function renderOutcome({ gate, acceptance }: StandingGate): string {
  if (acceptance) return `✅ accepted by ${escapeMarkdown(acceptance.by, 60)} (was: ${gate.outcome})`;
  const word =
    gate.severity === "warn" && gate.outcome !== "pass" ? `⚠️ ${gate.outcome}, only warns` : outcomeWords[gate.outcome];
  if (gate.outcome !== "inconclusive") return word;
  if (gate.rowsNeeded === null) return gate.value === null ? `${word}: ${renderProse(gate.reason, 150)}` : word;
  const has = gate.rows === null ? "" : `, has ${renderCount(gate.rows)}`;
  return `${word}: needs ${renderAbout(gate.rowsNeeded)} rows${has}`;
}

function scaleInterval(interval: readonly [number, number], factor: number): readonly [number, number] {
  return [interval[0] * factor, interval[1] * factor];
}

function rankOf({ gate, acceptance }: StandingGate): number {
  if (acceptance) return 1;
  const rank = { pass: 0, inconclusive: 2, fail: 4 }[gate.outcome];
  return gate.severity === "warn" ? Math.min(rank, 1) : rank;
}
