// Turns interleaved measurements into a verdict: medians of paired log ratios, never differences of absolute times.
import { binomialCdf } from "../statistics/binomial.ts";

/** Ratios of candidate to baseline. */
export interface RatioEstimate {
  readonly ratio: number;
  /** Of the median, distribution-free (order statistics). Null with too few pairs for the confidence. */
  readonly interval: readonly [number, number] | null;
}

export const thresholds = {
  /** A median change beyond 3 % is called one; below, the machine cannot be trusted to tell. */
  change: 0.03,
  /** The same model against itself must agree to 1.5 %. */
  selfTest: 0.015,
  confidence: 0.99,
  /** Of one call; below it most of the time is the cost of calling. Seconds. */
  bindingBound: 50e-6,
} as const;

/**
 * Median of the log ratios of pairs measured side by side, and its order-statistic interval: for n pairs the k-th smallest and
 * k-th largest, with the largest k for which P(Binomial(n, ½) < k) ≤ (1 − confidence) / 2. Lengths must agree; at least one.
 */
export function estimateRatio(
  candidate: readonly number[],
  baseline: readonly number[],
  confidence: number = thresholds.confidence,
): RatioEstimate {
  const logs = Float64Array.from(candidate, (value, pair) => Math.log(value / (baseline[pair] ?? Number.NaN))).sort();
  const n = logs.length;
  const middle = (logs[(n - 1) >> 1]! + logs[n >> 1]!) / 2;
  let k = 0;
  while (k < n / 2 && binomialCdf(k, n, 0.5) <= (1 - confidence) / 2) k += 1;
  return {
    ratio: Math.exp(middle),
    interval: k === 0 ? null : [Math.exp(logs[k - 1]!), Math.exp(logs[n - k]!)],
  };
}

export type Change = "regression" | "improvement" | "unchanged";

/** Slower or faster only if the median is beyond the threshold and the interval does not hold "no change". */
export function classifyChange({ ratio, interval }: RatioEstimate): Change {
  if (interval === null) return "unchanged";
  if (ratio > 1 + thresholds.change && interval[0] > 1) return "regression";
  if (ratio < 1 / (1 + thresholds.change) && interval[1] < 1) return "improvement";
  return "unchanged";
}

/** Whether the same model measured against itself came out the same. */
export function passesSelfTest(ratio: number): boolean {
  return Math.abs(Math.log(ratio)) <= thresholds.selfTest;
}

/** Middle value; the mean of the two middle ones of an even number. NaN when empty. */
export function findMedian(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
