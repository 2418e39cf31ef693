// Share of rows whose decision is right.
import { z } from "zod";
import { defineMetric } from "../metric.ts";

/** Σ right / Σ all; undefined only without rows. scikit-learn's accuracy_score. */
export const accuracy = defineMetric({
  id: "accuracy",
  summary: "share of rows decided rightly",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ labels, predicted, classes }) => ({
    kind: "confusion",
    labels,
    predicted,
    classes: classes.length,
    combine: (matrix) => {
      let right = 0;
      let total = 0;
      for (let cell = 0; cell < matrix.length; cell += 1) {
        total += matrix[cell]!;
        if (cell % (classes.length + 1) === 0) right += matrix[cell]!;
      }
      return right / total;
    },
    proportion: { label: null },
  }),
});
