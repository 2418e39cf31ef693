// What a verdict is made from: rows, both models' predictions, metrics, gates, slices, and numbers measured elsewhere.
import type { MetricDirection } from "./comparison.ts";
import type { Gate } from "./gate.ts";
import type { EvaluationRows, Predictions } from "./metric-rows.ts";

/** A metric asked for by a config. */
export type MetricChoice =
  | { readonly kind: "built-in"; readonly id: string; readonly params: Readonly<Record<string, string | number>> }
  | {
      readonly kind: "column";
      readonly id: string;
      /** Per-row column, of the model if it has one of that name, else of the data. */
      readonly column: string;
      readonly aggregate: "mean" | "sum" | "ratio";
      readonly denominator: string | null;
      readonly direction: MetricDirection;
    }
  | { readonly kind: "reported"; readonly id: string; readonly reported: string; readonly direction: MetricDirection };

/** Rows to look at on their own: every combination of values of the columns, or those that hold a condition. */
export type SliceChoice =
  | { readonly kind: "columns"; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: "where"; readonly name: string; readonly where: string };

/** People to be treated alike: groups by the values of the columns together. */
export interface FairnessChoice {
  readonly columns: readonly string[];
  /** Group that the ratios of disparate impact are taken against; null = the one with most rows. */
  readonly privileged: string | null;
  /** Fewest rows of a group that make a rate. */
  readonly minRows: number;
}

/** A measured quantile with the interval of candidate / baseline. */
export interface MeasuredLatency {
  readonly baseline: number | null;
  readonly candidate: number;
  readonly ratio: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface MeasuredNumber {
  readonly baseline: number | null;
  readonly candidate: number;
}

/** The numbers of a benchmark that gates name; seconds, rows per second, bytes. */
export interface BenchmarkNumbers {
  readonly outcome: "regression" | "improvement" | "unchanged" | "noisy" | "unpaired";
  readonly pairs: number;
  readonly latency: { readonly p50: MeasuredLatency; readonly p99: MeasuredLatency };
  readonly throughput: MeasuredNumber;
  readonly memory: MeasuredNumber;
  readonly size: MeasuredNumber;
}

/** Numbers a training run reports by name, of both models; null = that model has none. */
export interface ReportedNumbers {
  readonly baseline: Readonly<Record<string, number>> | null;
  readonly candidate: Readonly<Record<string, number>> | null;
}

export interface EvaluateRequest {
  readonly rows: EvaluationRows;
  readonly candidate: Predictions;
  /** Empty = the usual ones of the task. */
  readonly metrics: readonly MetricChoice[];
  readonly slices: readonly SliceChoice[];
  /** Two-sided, in (0.5, 1). */
  readonly confidence: number;
  /** Any text; by convention the sha256 of the evaluation data, so that a re-run gives the same verdict. */
  readonly seed: string;
  /** Slices with fewer rows are left out of lists and `*` gates. Default 30. */
  readonly minRows?: number;
  /** Bootstrap draws per metric. Default 2,000. */
  readonly resamples?: number;
  readonly reported?: ReportedNumbers | null;
  /** Default none. */
  readonly fairness?: readonly FairnessChoice[];
}

export interface JudgeRequest extends EvaluateRequest {
  /** Null: there is nothing to compare with; gates against it are inconclusive, or pass if `firstVersion`. */
  readonly baseline: Predictions | null;
  readonly gates: readonly Gate[];
  /** The registry was read, holds no version, and the config allows a first one. */
  readonly firstVersion?: boolean;
  readonly benchmark?: BenchmarkNumbers | null;
}
