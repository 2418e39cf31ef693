// Rates of a confusion matrix per class and their averages, as scikit-learn defines them.
import { z } from "zod";
import { UndefinedMetric } from "./metric.ts";
import type { MetricRows } from "./metric-rows.ts";
import type { ConfusionMatrix, ConfusionStatistic } from "./statistic.ts";

/** Weights of one class against the rest. */
export interface ClassCounts {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
}

/** `class` picks one class; `average` joins all (default: the positive class for binary, macro for more). */
export const averageOptions = z.strictObject({
  average: z.enum(["binary", "macro", "micro", "weighted"]).optional(),
  class: z.union([z.string(), z.number()]).transform(String).optional(),
});
export type AverageOptions = z.infer<typeof averageOptions>;

/** Counts of class `label` against the rest. */
export function countClass(matrix: ConfusionMatrix, classes: number, label: number): ClassCounts {
  let total = 0;
  let row = 0;
  let column = 0;
  for (let other = 0; other < classes; other += 1) {
    row += matrix[label * classes + other]!;
    column += matrix[other * classes + label]!;
  }
  for (const value of matrix) total += value;
  const truePositive = matrix[label * classes + label]!;
  return {
    truePositive,
    falsePositive: column - truePositive,
    falseNegative: row - truePositive,
    trueNegative: total - row - column + truePositive,
  };
}

/**
 * A rate of one class against the rest, averaged as the options say: over the classes that occur among labels or predictions.
 * `labelOnly`: the rate's denominator is decided by the labels alone (recall, specificity); then a single class is a plain share.
 */
export function measureRate(
  rows: MetricRows,
  options: AverageOptions,
  rate: (counts: ClassCounts) => number,
  denominator: "positives" | "negatives" | "mixed",
): ConfusionStatistic {
  const classes = rows.classes.length;
  const single = pickClass(rows, options);
  const base = { kind: "confusion", labels: rows.labels, predicted: rows.predicted, classes } as const;
  if (single !== null) {
    const label =
      denominator === "positives" ? single : classes === 2 && denominator === "negatives" ? 1 - single : null;
    return {
      ...base,
      combine: (matrix) => rate(countClass(matrix, classes, single)),
      proportion: label === null ? null : { label },
    };
  }
  const average = options.average ?? "macro";
  return { ...base, combine: (matrix) => averageRate(matrix, classes, average, rate), proportion: null };
}

function pickClass(rows: MetricRows, options: AverageOptions): number | null {
  if (options.class !== undefined) {
    const index = rows.classes.indexOf(options.class);
    if (index < 0)
      throw new UndefinedMetric(`there is no class "${options.class}" (known: ${rows.classes.join(", ")})`);
    return index;
  }
  if (rows.task === "binary" && (options.average ?? "binary") === "binary") return 1;
  if (options.average === "binary") throw new UndefinedMetric("average=binary needs a binary task or class=…");
  return null;
}

function averageRate(
  matrix: ConfusionMatrix,
  classes: number,
  average: "binary" | "macro" | "micro" | "weighted",
  rate: (counts: ClassCounts) => number,
): number {
  let sum = 0;
  let weightSum = 0;
  const total = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  for (let label = 0; label < classes; label += 1) {
    const counts = countClass(matrix, classes, label);
    const support = counts.truePositive + counts.falseNegative;
    if (support + counts.falsePositive === 0) continue;
    total.truePositive += counts.truePositive;
    total.falsePositive += counts.falsePositive;
    total.falseNegative += counts.falseNegative;
    total.trueNegative += counts.trueNegative;
    const weight = average === "weighted" ? support : 1;
    if (weight === 0) continue;
    sum += weight * rate(counts);
    weightSum += weight;
  }
  return average === "micro" ? rate(total) : sum / weightSum;
}

/** Row sums (labels), column sums (decisions), their diagonal and total. */
export function sumMatrix(matrix: ConfusionMatrix, classes: number) {
  const rowSums = new Float64Array(classes);
  const columnSums = new Float64Array(classes);
  let total = 0;
  let right = 0;
  for (let label = 0; label < classes; label += 1) {
    for (let decision = 0; decision < classes; decision += 1) {
      const weight = matrix[label * classes + decision]!;
      rowSums[label] = rowSums[label]! + weight;
      columnSums[decision] = columnSums[decision]! + weight;
      total += weight;
      if (label === decision) right += weight;
    }
  }
  return { rowSums, columnSums, total, right };
}
