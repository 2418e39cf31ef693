// Weighted harmonic mean of precision and recall.
import { z } from "zod";
import { averageOptions, measureRate } from "../confusion.ts";
import { measureFbeta } from "../f-score.ts";
import { defineMetric } from "../metric.ts";

/** (1+β²) TP / ((1+β²) TP + β² FN + FP), β = 2 unless given (recall weighs more). scikit-learn's fbeta_score. */
export const fbeta = defineMetric({
  id: "fbeta",
  summary: "weighted harmonic mean of precision and recall",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "the class occurs neither among the labels nor among the decisions",
  options: averageOptions.extend({ beta: z.number().positive().default(2) }),
  measure: (rows, options) => measureRate(rows, options, (counts) => measureFbeta(counts, options.beta), "mixed"),
});
