// Labelled performance in production against the evaluation that the version was published with.
import type { Finding } from "./findings.ts";

/** A metric with its two-sided interval at one confidence; null = could not be computed. */
export interface WatchedMetric {
  readonly metric: string;
  readonly direction: "higher" | "lower";
  readonly rows: number;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
}

export type PerformanceOutcome = "drop" | "kept" | "inconclusive" | "insufficient";

export interface PerformanceCheck {
  readonly metric: string;
  readonly outcome: PerformanceOutcome;
  readonly evaluated: WatchedMetric;
  readonly recent: WatchedMetric;
  readonly reason: string;
}

/** Labelled rows below which nothing is said. */
export const fewestLabelledRows = 50;

/**
 * `drop`: the whole interval of the recent rows is worse than the whole interval of the evaluation. `kept`: the recent
 * value is not worse than the bad end of the evaluation's interval. Else `inconclusive`. Few rows, or a value or interval
 * that could not be computed, are `insufficient`, never `kept`.
 */
export function checkPerformance(evaluated: WatchedMetric, recent: WatchedMetric): PerformanceCheck {
  const about = { metric: recent.metric, evaluated, recent };
  if (!evaluated.interval || !recent.interval || evaluated.value === null || recent.value === null) {
    return { ...about, outcome: "insufficient", reason: `${recent.metric} has no value or interval to compare` };
  }
  if (recent.rows < fewestLabelledRows) {
    const reason = `${recent.rows} labelled rows; at least ${fewestLabelledRows} are needed`;
    return { ...about, outcome: "insufficient", reason };
  }
  const sign = recent.direction === "higher" ? 1 : -1;
  const best = Math.max(sign * recent.interval[0], sign * recent.interval[1]);
  const worst = Math.min(sign * evaluated.interval[0], sign * evaluated.interval[1]);
  const outcome = best < worst ? "drop" : sign * recent.value >= worst ? "kept" : "inconclusive";
  const now = `${recent.metric} is ${show(recent)} on ${recent.rows} labelled rows`;
  return { ...about, outcome, reason: `${now}; it was ${show(evaluated)} on its evaluation rows` };
}

/** A drop is critical; an inconclusive loss a notice; the others are no findings. */
export function describePerformance(check: PerformanceCheck): Finding | null {
  if (check.outcome !== "drop" && check.outcome !== "inconclusive") return null;
  return {
    kind: "performance",
    subject: check.metric,
    severity: check.outcome === "drop" ? "critical" : "notice",
    summary: check.reason,
    value: check.recent.value,
    threshold: check.evaluated.interval?.[check.recent.direction === "higher" ? 0 : 1] ?? null,
  };
}

function show({ value, interval }: WatchedMetric): string {
  const digits = (x: number | undefined): string => (x ?? Number.NaN).toPrecision(3);
  return `${digits(value ?? undefined)} (${digits(interval?.[0])} to ${digits(interval?.[1])})`;
}
