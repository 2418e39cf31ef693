// From a model's answers to whether it behaves: each row passes or not, the share that passes has an interval, and the share decides.
import { wilsonInterval } from "../../statistics/binomial.ts";
import { inferPairedDifference } from "../../statistics/paired-proportions.ts";
import type { GateOutcome } from "../comparison.ts";
import type { Answer } from "../explanation/perturbation.ts";
import { formatExact, formatNumber } from "../format-number.ts";
import type { EvaluationRows } from "../metric-rows.ts";
import type { Behaviour, BehaviourRate, BehaviourResult, FailingExample } from "./behaviour.ts";
import { checkUnits, type UnitCheck } from "./check-units.ts";
import type { BehaviourPlan } from "./plan-behaviour.ts";

/** What a model answered to the plan's questions, or why it could not be asked: a sentence without its period. */
export type BehaviourAnswers = Answer | string;

const shownExamples = 3;

export interface JudgeBehaviourRequest {
  readonly rows: EvaluationRows;
  readonly plan: BehaviourPlan;
  readonly candidate: BehaviourAnswers;
  /** Null: there is none. */
  readonly baseline: BehaviourAnswers | null;
  readonly confidence: number;
  /** Whether single rows of the data may be shown; cases of the config always are. */
  readonly examples: boolean;
}

/** A behaviour that could not be asked at all: never a pass. */
export function createUnaskedBehaviour(behaviour: Behaviour, why: string): BehaviourResult {
  return {
    id: behaviour.id,
    kind: behaviour.kind,
    severity: behaviour.severity,
    minPass: behaviour.minPass,
    outcome: "inconclusive",
    reason: `The behaviour \`${behaviour.id}\` was not tested: ${why}.`,
    rows: 0,
    skipped: 0,
    candidate: null,
    baseline: null,
    difference: null,
    failing: [],
  };
}

/** Pass when the share of rows that pass is at least `minPass`; no row tested is inconclusive, never a pass. */
export function judgeBehaviour(request: JudgeBehaviourRequest): BehaviourResult {
  const { plan, rows, candidate, baseline, confidence } = request;
  const { behaviour, units, skipped } = plan;
  if (units === 0) {
    const why = skipped > 0 ? "the change changes nothing in any row" : "no row of the evaluation data is meant by it";
    return { ...createUnaskedBehaviour(behaviour, why), skipped };
  }
  if (typeof candidate === "string") return { ...createUnaskedBehaviour(behaviour, candidate), rows: units, skipped };
  const own = checkUnits(plan, rows, candidate);
  const other = baseline === null || typeof baseline === "string" ? null : checkUnits(plan, rows, baseline);
  const rate = rateUnits(own, plan, rows, confidence);
  const outcome: GateOutcome = rate.rate >= behaviour.minPass - 1e-12 ? "pass" : "fail";
  const baselineRate = other && rateUnits(other, plan, rows, confidence);
  return {
    ...createUnaskedBehaviour(behaviour, ""),
    outcome,
    reason: explainOutcome(behaviour, rate, baselineRate, units, outcome),
    rows: units,
    skipped,
    candidate: rate,
    baseline: baselineRate,
    difference:
      other &&
      comparePasses(own, other, rate, baselineRate!, plan.rows === null || rows.clusters !== null ? null : confidence),
    failing: listFailing(request, own),
  };
}

/** Rows of one group say the same thing again: the interval counts groups. */
function rateUnits(
  checks: readonly UnitCheck[],
  plan: BehaviourPlan,
  { clusters }: EvaluationRows,
  confidence: number,
): BehaviourRate {
  const passed = checks.filter(({ problem }) => problem === null).length;
  const rate = passed / checks.length;
  if (plan.rows === null) return { passed, rate, interval: null };
  const groups = clusters === null ? checks.length : new Set(plan.rows.map((row) => clusters[row]!)).size;
  return { passed, rate, interval: wilsonInterval(rate * groups, groups, confidence) };
}

/** `confidence` null = no interval: cases are no sample, and Tango's method wants rows that do not depend on each other. */
function comparePasses(
  own: readonly UnitCheck[],
  other: readonly UnitCheck[],
  candidate: BehaviourRate,
  baseline: BehaviourRate,
  confidence: number | null,
): BehaviourResult["difference"] {
  let [gains, losses] = [0, 0];
  own.forEach(({ problem }, unit) => {
    const before = other[unit]!.problem === null;
    if (problem === null && !before) gains += 1;
    if (problem !== null && before) losses += 1;
  });
  const value = candidate.rate - baseline.rate;
  if (confidence === null) return { value, interval: null };
  return { value, interval: inferPairedDifference({ rows: own.length, gains, losses }).interval(confidence) };
}

function explainOutcome(
  behaviour: Behaviour,
  candidate: BehaviourRate,
  baseline: BehaviourRate | null,
  units: number,
  outcome: GateOutcome,
): string {
  const noun = behaviour.cases === null ? "row" : "case";
  const share = (rate: number) => `${formatNumber(rate * 100, rate === 1 || rate === 0 ? 10 : 1)} %`;
  const failed = units - candidate.passed;
  const head =
    failed === 0
      ? `\`${behaviour.id}\` holds on all ${units} ${noun}s`
      : `\`${behaviour.id}\` fails on ${failed} of ${units} ${noun}s`;
  const before = baseline === null ? "" : ` (the baseline on ${units - baseline.passed})`;
  if (outcome === "pass") return `${head}${failed === 0 ? "" : before}.`;
  return `${head}${before}: ${share(candidate.rate)} pass, ${formatExact(behaviour.minPass * 100)} % must.`;
}

function listFailing(
  { plan, rows, examples }: JudgeBehaviourRequest,
  checks: readonly UnitCheck[],
): readonly FailingExample[] {
  if (plan.cases === null && !examples) return [];
  const columns = plan.behaviour.changes.map(({ column }) => column);
  const failing = [...checks.entries()].filter(([, { problem }]) => problem !== null).slice(0, shownExamples);
  return failing.map(([unit, { problem }]) => {
    const place = plan.cases?.[unit] ?? null;
    const row = plan.rows?.[unit] ?? 0;
    const given = place === null ? {} : (plan.behaviour.cases?.[place]?.given ?? {});
    const shown = columns.map((name) => [name, cutCell(rows.columns.get(name)?.values[row] ?? null)] as const);
    return {
      name: place === null ? `row ${row + 1}` : `case ${place + 1}`,
      given: place === null ? Object.fromEntries(shown) : given,
      what: (problem ?? "").slice(0, 500),
    };
  });
}

function cutCell(cell: string | number | null): string | number | null {
  return typeof cell === "string" ? cell.slice(0, 200) : Number.isNaN(cell) ? null : cell;
}
