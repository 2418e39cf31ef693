// Mean of the recalls of the classes.
import { z } from "zod";
import { countClass } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/** Mean recall over the classes that occur among the labels; undefined with fewer than two of them. scikit-learn's balanced_accuracy_score. */
export const balancedAccuracy = defineMetric({
  id: "balanced_accuracy",
  summary: "mean of the recalls of the classes",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "fewer than two classes occur among the labels",
  options: z.strictObject({}),
  measure: ({ labels, predicted, classes }) => ({
    kind: "confusion",
    labels,
    predicted,
    classes: classes.length,
    combine: (matrix) => {
      let sum = 0;
      let present = 0;
      for (let label = 0; label < classes.length; label += 1) {
        const { truePositive, falseNegative } = countClass(matrix, classes.length, label);
        if (truePositive + falseNegative === 0) continue;
        sum += truePositive / (truePositive + falseNegative);
        present += 1;
      }
      return present < 2 ? Number.NaN : sum / present;
    },
    proportion: null,
  }),
});
