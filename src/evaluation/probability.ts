// The probability a classifier gave to what turned out to be true.
import type { MetricRows } from "./metric-rows.ts";

/** Probability of the row's own label. */
export function readLabelProbability(rows: MetricRows, row: number): number {
  const label = rows.labels[row]!;
  if (rows.probabilities !== null) return rows.probabilities[label]?.[row] ?? Number.NaN;
  // The probability or 1 less it, without a branch: which label comes next cannot be predicted.
  return Math.abs(1 - label - rows.values[row]!);
}
