// Correlation between labels and decisions.
import { z } from "zod";
import { sumMatrix } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/**
 * Matthews correlation coefficient, for any number of classes (Gorodkin 2004). 0 when labels or decisions are constant, as scikit-learn's
 * matthews_corrcoef; undefined without rows.
 */
export const matthewsCorrcoef = defineMetric({
  id: "matthews_corrcoef",
  summary: "correlation between labels and decisions",
  direction: "higher",
  scale: "points",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ labels, predicted, classes }) => ({
    kind: "confusion",
    labels,
    predicted,
    classes: classes.length,
    combine: (matrix) => {
      const { total, right, rowSums, columnSums } = sumMatrix(matrix, classes.length);
      let cross = 0;
      let rowSquares = 0;
      let columnSquares = 0;
      for (let label = 0; label < classes.length; label += 1) {
        cross += rowSums[label]! * columnSums[label]!;
        rowSquares += rowSums[label]! ** 2;
        columnSquares += columnSums[label]! ** 2;
      }
      const spread = (total * total - rowSquares) * (total * total - columnSquares);
      if (total === 0) return Number.NaN;
      return spread <= 0 ? 0 : (right * total - cross) / Math.sqrt(spread);
    },
    proportion: null,
  }),
});
