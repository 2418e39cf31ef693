// Whether each row of a behaviour passes: what the model said before and after the change, against what is expected.
import type { Answer } from "../explanation/perturbation.ts";
import { formatNumber } from "../format-number.ts";
import type { EvaluationRows } from "../metric-rows.ts";
import type { BehaviourExpectation } from "./behaviour.ts";
import type { BehaviourPlan } from "./plan-behaviour.ts";

export interface UnitCheck {
  /** Null = passes; else what was expected and what came. */
  readonly problem: string | null;
}

/** Numbers that differ by no more than single precision rounds are the same. */
const rounding = 1e-6;

/** One check per unit; a unit passes when all its changed copies do. An answer that is no finite number never passes. */
export function checkUnits(plan: BehaviourPlan, rows: EvaluationRows, answer: Answer): readonly UnitCheck[] {
  const reader = createReader(rows, answer);
  const problems = new Array<string | null>(plan.units).fill(null);
  const { behaviour } = plan;
  if (behaviour.kind === "minimum-functionality") {
    return problems.map((_, unit) => {
      const own = plan.cases === null ? null : (behaviour.cases?.[plan.cases[unit]!]?.expect ?? null);
      const expected = own ?? behaviour.expect;
      const label = plan.rows === null ? null : rows.labels[plan.rows[unit]!]!;
      return {
        problem: expected === null ? "nothing is expected of it" : checkAnswer(plan, reader, unit, expected, label),
      };
    });
  }
  plan.unitOf.forEach((unit, copy) => {
    problems[unit] ??= checkChange(plan, reader, unit, plan.units + copy);
  });
  return problems.map((problem) => ({ problem }));
}

interface AnswerReader {
  readonly classes: readonly string[];
  /** Place in `classes` that is decided for; null where nothing is decided. */
  readonly decide: ((at: number) => number) | null;
  /** The value, or the probability of `name`; NaN where there is none. */
  readonly read: (at: number, name: string | null) => number;
  /** All numbers of an answer. */
  readonly list: (at: number) => readonly number[];
  readonly tolerance: number;
}

function createReader(rows: EvaluationRows, { values, probabilities }: Answer): AnswerReader {
  const { classes, task, threshold } = rows;
  const list = (at: number) => (probabilities === null ? [values[at]!] : probabilities.map((column) => column[at]!));
  const size = probabilities === null ? values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0) : 1;
  const decide =
    task === "binary"
      ? (at: number) => (values[at]! >= threshold ? 1 : 0)
      : task === "multiclass"
        ? (at: number) => list(at).reduce((best, value, label, all) => (value > all[best]! ? label : best), 0)
        : null;
  return {
    classes,
    decide,
    list,
    read: (at, name) => (name === null ? values[at] : probabilities?.[classes.indexOf(name)]?.[at]) ?? Number.NaN,
    tolerance: rounding * (task === "binary" ? 1 : size),
  };
}

function checkChange({ behaviour }: BehaviourPlan, reader: AnswerReader, before: number, after: number): string | null {
  const { ofClass, tolerance, expect } = behaviour;
  if (![...reader.list(before), ...reader.list(after)].every(Number.isFinite)) return "the model gives no number";
  const [from, to] = [reader.read(before, ofClass), reader.read(after, ofClass)];
  if (expect?.kind === "increase" || expect?.kind === "decrease") {
    const wrong = expect.kind === "increase" ? from - to : to - from;
    if (wrong <= (tolerance ?? 0) + reader.tolerance) return null;
    return `the prediction should ${expect.kind} and goes from ${formatNumber(from)} to ${formatNumber(to)}`;
  }
  if (tolerance === null && reader.decide !== null && ofClass === null) {
    const [first, second] = [reader.decide(before), reader.decide(after)];
    return first === second ? null : `the decision goes from ${reader.classes[first]} to ${reader.classes[second]}`;
  }
  const moved =
    ofClass === null
      ? Math.max(...reader.list(before).map((value, at) => Math.abs(reader.list(after)[at]! - value)))
      : Math.abs(to - from);
  if (moved <= (tolerance ?? 0) + reader.tolerance) return null;
  const shown = Number.isNaN(from) ? "" : `: from ${formatNumber(from)} to ${formatNumber(to)}`;
  return `the prediction moves by ${formatNumber(moved)}${shown}`;
}

function checkAnswer(
  { behaviour }: BehaviourPlan,
  reader: AnswerReader,
  at: number,
  expected: BehaviourExpectation,
  label: number | null,
): string | null {
  if (!reader.list(at).every(Number.isFinite)) return "the model gives no number";
  const { decide, classes } = reader;
  const value = reader.read(at, behaviour.ofClass);
  if (expected.kind === "between") {
    const low = expected.low ?? Number.NEGATIVE_INFINITY;
    const high = expected.high ?? Number.POSITIVE_INFINITY;
    if (value >= low - reader.tolerance && value <= high + reader.tolerance) return null;
    return `the prediction is ${formatNumber(value)}, not between ${expected.low ?? "−∞"} and ${expected.high ?? "∞"}`;
  }
  if (decide === null) {
    const off = Math.abs(value - (label ?? Number.NaN));
    if (off <= (behaviour.tolerance ?? 0) + reader.tolerance) return null;
    return `the prediction is ${formatNumber(value)}, the label ${formatNumber(label ?? Number.NaN)}`;
  }
  const wanted = expected.kind === "class" ? expected.name : (classes[label ?? -1] ?? "");
  const decided = classes[decide(at)] ?? "";
  return sameClass(decided, wanted) ? null : `the decision is ${decided}, not ${wanted}`;
}

/** `1` in the config is `1` in the data, however it is written. */
function sameClass(decided: string, wanted: string): boolean {
  return decided === wanted || (wanted.trim() !== "" && Number(decided) === Number(wanted));
}
