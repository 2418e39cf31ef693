// Mean negative log likelihood of the labels.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { readLabelProbability } from "../probability.ts";

/** −mean ln p(label), probabilities clipped to [2⁻⁵², 1 − 2⁻⁵²]; undefined only without rows. scikit-learn's log_loss. */
export const logLoss = defineMetric({
  id: "log_loss",
  summary: "mean negative log likelihood of the labels",
  direction: "lower",
  scale: "free",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: (rows) => {
    const loss = new Float64Array(rows.rows);
    for (let row = 0; row < loss.length; row += 1) {
      const probability = readLabelProbability(rows, row);
      loss[row] = -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
    }
    return { kind: "means", parts: [loss], combine: (means) => means[0]! };
  },
});
