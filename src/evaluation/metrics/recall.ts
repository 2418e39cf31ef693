// Share of positive rows that are found.
import { averageOptions, measureRate } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/** TP / (TP + FN); undefined without positive rows. scikit-learn's recall_score. */
export const recall = defineMetric({
  id: "recall",
  summary: "share of positive rows that are found",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "there are no positive rows",
  options: averageOptions,
  measure: (rows, options) =>
    measureRate(
      rows,
      options,
      ({ truePositive, falseNegative }) => truePositive / (truePositive + falseNegative),
      "positives",
    ),
});
