// The confusion matrix of a verdict, as plain data.
import type { ConfusionTable } from "./comparison.ts";
import { type EvaluationRows, joinPredictions, type MetricRows, type Predictions } from "./metric-rows.ts";
import { countConfusion } from "./statistic.ts";

/** More classes make a table that nobody reads and that no document should carry. */
const mostClasses = 50;

/** Both models' decisions on the same rows. Null for tasks without classes and for more than 50 of them; all 0 without rows. */
export function tabulateConfusion(
  rows: EvaluationRows,
  candidate: Predictions,
  baseline: Predictions | null,
): ConfusionTable | null {
  if (rows.classes.length === 0 || rows.classes.length > mostClasses) return null;
  return {
    classes: rows.classes,
    candidate: countDecisions(joinPredictions(rows, candidate)),
    baseline: baseline === null ? null : countDecisions(joinPredictions(rows, baseline)),
  };
}

/** `counts[true][predicted]`, weighted rows (scikit-learn's confusion_matrix with the classes in their order). */
export function countDecisions({ labels, predicted, classes, weights }: MetricRows): readonly (readonly number[])[] {
  const matrix = countConfusion({ labels, predicted, classes: classes.length }, weights);
  return classes.map((_, row) => [...matrix.subarray(row * classes.length, (row + 1) * classes.length)]);
}
