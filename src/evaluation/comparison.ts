// The result of judging a candidate, as plain data: what gates decide, evidence carries and reports render.
// A value that cannot be computed is `null` with the reason beside it.
import type { BehaviourResult } from "./behaviours/behaviour.ts";
import type { Explanation } from "./explanation/explanation.ts";

export type GateOutcome = "pass" | "fail" | "inconclusive";
export type MetricDirection = "higher" | "lower";
export type Task = "binary" | "multiclass" | "regression" | "ranking" | "forecast" | "score";

/** A metric of one model with its two-sided interval. */
export interface MetricEstimate {
  readonly metric: string;
  /** Slice id such as `season=winter`; null = all rows. */
  readonly slice: string | null;
  readonly direction: MetricDirection;
  readonly rows: number;
  readonly value: number | null;
  /** The same as `value`, under the name that comparisons give it. */
  readonly candidate: number | null;
  readonly interval: readonly [number, number] | null;
  readonly confidence: number;
  /** Why value or interval is null. */
  readonly reason: string | null;
}

export interface EvaluatedSlice {
  readonly slice: string;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Baseline and candidate on the same rows; `difference` = candidate − baseline; `pValue` tests difference 0. */
export interface MetricComparison {
  readonly metric: string;
  readonly slice: string | null;
  readonly direction: MetricDirection;
  readonly rows: number;
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  readonly confidence: number;
  /** `delong`, `mcnemar`, `paired-bootstrap`, `identical`, `not-tested`, … */
  readonly test: string;
  readonly statistic: number | null;
  readonly pValue: number | null;
  readonly reason: string | null;
}

/** A share of a group's rows; null with the reason where the group has too few of them. */
export interface RateEstimate {
  /** Rows it is taken over. */
  readonly rows: number;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly reason: string | null;
}

/** How one model decides about one group. */
export interface GroupRates {
  readonly selectionRate: RateEstimate;
  readonly truePositiveRate: RateEstimate;
  readonly falsePositiveRate: RateEstimate;
  readonly precision: RateEstimate;
}

export interface FairnessGroup extends GroupRates {
  readonly group: string;
  readonly rows: number;
  readonly positives: number;
  /** `insufficient`: too few rows, or too few of them positive or negative, to say how the group is treated. */
  readonly outcome: "measured" | "insufficient";
  /** Null: there is no baseline. */
  readonly baseline: GroupRates | null;
}

/** One measure over all groups; the interval of `value` and of `difference` hold for all pairs of groups at once. */
export interface FairnessMeasure {
  readonly metric: string;
  readonly direction: MetricDirection;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly baseline: number | null;
  readonly difference: number | null;
  readonly differenceInterval: readonly [number, number] | null;
  readonly pValue: number | null;
  readonly reason: string | null;
}

/** Rate of `first` − rate of `second`, for the candidate; intervals of one rate hold together. */
export interface FairnessPair {
  readonly rate: keyof GroupRates;
  readonly first: string;
  readonly second: string;
  readonly difference: number;
  readonly interval: readonly [number, number];
}

/** How groups of people fare. `reason`: why nothing can be said. */
export interface Fairness {
  readonly by: readonly string[];
  readonly privileged: string | null;
  readonly confidence: number;
  readonly minRows: number;
  readonly groups: readonly FairnessGroup[];
  readonly measures: readonly FairnessMeasure[];
  readonly pairs: readonly FairnessPair[];
  readonly reason: string | null;
}

/** One gate's verdict with every number it was decided by. */
export interface GateVerdict {
  readonly id: string;
  /** As written in the config. */
  readonly rule: string;
  /** With the margin worked out: "2 % of 0.800 = 0.016". */
  readonly resolved: string;
  readonly outcome: GateOutcome;
  readonly severity: "fail" | "warn";
  /** A sentence for people, with the numbers. */
  readonly reason: string;
  readonly metric: string;
  readonly slice: string | null;
  readonly rows: number | null;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  readonly confidence: number | null;
  readonly pValuePass: number | null;
  readonly pValueFail: number | null;
  readonly adjustedPValueFail: number | null;
  readonly smallestDetectableEffect: number | null;
  readonly passableMargin: number | null;
  /** Rows it would take to decide an inconclusive gate at the present effect and spread. */
  readonly rowsNeeded: number | null;
  /** Set when a maintainer accepted it for this head and evidence. */
  readonly accepted?: { readonly by: string; readonly reason: string };
}

/** How often rows of each class are decided for each class: `counts[true][predicted]`, weighted rows. */
export interface ConfusionTable {
  readonly classes: readonly string[];
  readonly candidate: readonly (readonly number[])[];
  /** Null: there is no baseline. */
  readonly baseline: readonly (readonly number[])[] | null;
}

/** Kind `comparison`. `verdict`: fail if any gate fails, pass if all pass, else inconclusive; without gates `pass`. */
export interface Comparison {
  readonly kind: "comparison";
  readonly schemaVersion: 1;
  readonly rows: number;
  readonly verdict: GateOutcome;
  /** The two predict the same on every row. */
  readonly unchanged: boolean;
  readonly metrics: readonly MetricComparison[];
  readonly gates: readonly GateVerdict[];
  /** Per attribute or combination that was asked for. */
  readonly fairness: readonly Fairness[];
  /** Null: the task has no classes, or more than can be shown. */
  readonly confusion: ConfusionTable | null;
  /** Plain sentences for people: the most hurt slice, slices left out, columns that are missing. */
  readonly remarks?: readonly string[] | undefined;
}

/** Kind `evaluation`: one model alone, with the gates it was judged by (those against a baseline too). */
export interface Evaluation {
  readonly kind: "evaluation";
  readonly schemaVersion: 1;
  readonly model: string | null;
  readonly task: Task;
  readonly rows: number;
  /** Of all its gates, as in `Comparison`; without gates `pass`. */
  readonly verdict: GateOutcome;
  readonly metrics: readonly MetricEstimate[];
  readonly gates: readonly GateVerdict[];
  /** The slices among `metrics`, with their values by metric. */
  readonly slices: readonly EvaluatedSlice[];
  readonly fairness: readonly Fairness[];
  readonly confusion: ConfusionTable | null;
  /** What the config asks of the model beside its metrics; the baseline's numbers are in it too. */
  readonly behaviours?: readonly BehaviourResult[] | undefined;
  /** Null or missing = not asked for. */
  readonly explanation?: Explanation | null | undefined;
  readonly remarks?: readonly string[] | undefined;
}
