// Mean of the recalls of the classes.
import { z } from "zod";
import { countClass } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/** Mean recall over the classes that occur among the labels; undefined when one class occurs among them and another one is decided. scikit-learn's balanced_accuracy_score. */
export const balancedAccuracy = defineMetric({
  id: "balanced_accuracy",
  summary: "mean of the recalls of the classes",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "one class only occurs among the labels, and another one is decided",
  options: z.strictObject({}),
  measure: ({ labels, predicted, classes }) => ({
    kind: "confusion",
    labels,
    predicted,
    classes: classes.length,
    combine: (matrix) => {
      let sum = 0;
      let present = 0;
      let strangers = 0;
      for (let label = 0; label < classes.length; label += 1) {
        const { truePositive, falseNegative, falsePositive } = countClass(matrix, classes.length, label);
        if (truePositive + falseNegative > 0) {
          sum += truePositive / (truePositive + falseNegative);
          present += 1;
        } else strangers += falsePositive;
      }
      return present < 2 && strangers > 0 ? Number.NaN : sum / present;
    },
    proportion: null,
  }),
});
