// Harmonic mean of precision and recall.
import { averageOptions, measureRate } from "../confusion.ts";
import { measureFbeta } from "../f-score.ts";
import { defineMetric } from "../metric.ts";

/** 2 TP / (2 TP + FP + FN); 0 when nothing right is found; undefined when the class occurs neither among labels nor decisions. scikit-learn's f1_score. */
export const f1 = defineMetric({
  id: "f1",
  summary: "harmonic mean of precision and recall",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "the class occurs neither among the labels nor among the decisions",
  options: averageOptions,
  measure: (rows, options) => measureRate(rows, options, (counts) => measureFbeta(counts, 1), "mixed"),
});
