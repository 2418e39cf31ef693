// What a rule needs to know of a metric to be checked: its direction, the scale it lives on, whether it can be tested.
import type { MetricDirection, Task } from "./comparison.ts";

/**
 * `share`: lives in [0, 1], points allowed, a bare % is ambiguous. `points`: dimensionless (MCC, κ, R²), points allowed.
 * `free`: in a unit of its own. The others are measurements of a benchmark.
 */
export type MetricScale = "share" | "points" | "free" | "seconds" | "bytes" | "rows-per-second";

export interface MetricDescription {
  readonly id: string;
  readonly summary: string;
  readonly direction: MetricDirection;
  readonly scale: MetricScale;
  /** Tasks it is defined for; empty = any. */
  readonly tasks: readonly Task[];
  /** Null: intervals and margins are tested. Else why not, and which metric to use instead. */
  readonly untestable: string | null;
  /** Problems of the parameters written behind its name, one sentence each; empty = fine. */
  readonly checkParameters: (parameters: MetricParameters) => readonly string[];
}

/** What stands in the parentheses behind a metric's name, in the order written; a name occurs once. */
export type MetricParameters = ReadonlyMap<string, string | number>;

/** The metric with its parameters as rules and reports write it: `f1(average=macro)`, `roc_auc`. */
export function renderMetricName(id: string, parameters: MetricParameters): string {
  if (parameters.size === 0) return id;
  return `${id}(${[...parameters].map(([name, value]) => `${name}=${value}`).join(", ")})`;
}

/** Numbers of a benchmark that gates can name; their values come from the measurement, not from predictions. */
export const benchmarkMetrics: readonly MetricDescription[] = [
  describeMeasurement("latency_p50", "median latency of one batch", "lower", "seconds"),
  describeMeasurement("latency_p99", "99th percentile of the latency of one batch", "lower", "seconds"),
  describeMeasurement("throughput", "rows predicted per second", "higher", "rows-per-second"),
  describeMeasurement("memory", "peak resident memory", "lower", "bytes"),
  describeMeasurement("size", "size of the model's files", "lower", "bytes"),
];

function describeMeasurement(
  id: string,
  summary: string,
  direction: MetricDirection,
  scale: MetricScale,
): MetricDescription {
  return { id, summary, direction, scale, tasks: [], untestable: null, checkParameters: refuseParameters };
}

/** For metrics without parameters. */
export function refuseParameters(parameters: MetricParameters): readonly string[] {
  return parameters.size === 0 ? [] : [`takes no parameters, got ${[...parameters.keys()].join(", ")}`];
}
