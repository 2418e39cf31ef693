// Share of rows decided positive that are positive.
import { averageOptions, measureRate } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/** TP / (TP + FP); undefined when nothing is decided positive (for an average: for any class). scikit-learn's precision_score. */
export const precision = defineMetric({
  id: "precision",
  summary: "share of rows decided positive that are positive",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "nothing is decided positive",
  options: averageOptions,
  measure: (rows, options) =>
    measureRate(
      rows,
      options,
      ({ truePositive, falsePositive }) => truePositive / (truePositive + falsePositive),
      "mixed",
    ),
});
