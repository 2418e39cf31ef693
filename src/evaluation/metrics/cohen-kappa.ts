// Agreement beyond chance.
import { z } from "zod";
import { sumMatrix } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/** Cohen's κ, unweighted: (p_o − p_e) / (1 − p_e); undefined when labels and decisions are one and the same class. scikit-learn's cohen_kappa_score. */
export const cohenKappa = defineMetric({
  id: "cohen_kappa",
  summary: "agreement of labels and decisions beyond chance",
  direction: "higher",
  scale: "points",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "labels and decisions are all the same class",
  options: z.strictObject({}),
  measure: ({ labels, predicted, classes }) => ({
    kind: "confusion",
    labels,
    predicted,
    classes: classes.length,
    combine: (matrix) => {
      const { total, right, rowSums, columnSums } = sumMatrix(matrix, classes.length);
      let chance = 0;
      for (let label = 0; label < classes.length; label += 1) chance += rowSums[label]! * columnSums[label]!;
      return (right * total - chance) / (total * total - chance);
    },
    proportion: null,
  }),
});
