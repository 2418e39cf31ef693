// The result of judging a candidate, as plain data: what gates decide, evidence carries and reports render.
// A value that cannot be computed is `null` with the reason beside it.

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
  readonly interval: readonly [number, number] | null;
  readonly confidence: number;
  /** Why value or interval is null. */
  readonly reason: string | null;
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
  /** Plain sentences for people: the most hurt slice, slices left out, columns that are missing. */
  readonly remarks?: readonly string[] | undefined;
}

/** Kind `evaluation`: one model alone. */
export interface Evaluation {
  readonly kind: "evaluation";
  readonly schemaVersion: 1;
  readonly model: string | null;
  readonly task: Task;
  readonly rows: number;
  readonly metrics: readonly MetricEstimate[];
  readonly remarks?: readonly string[] | undefined;
}
