// Mean squared error of the probabilities.
import { z } from "zod";
import { defineMetric } from "../metric.ts";

/**
 * Binary: mean (p − y)², in [0, 1]. Multiclass: half the mean squared distance to the one-hot label, so that it agrees with the binary score and stays
 * in [0, 1] (scikit-learn's brier_score_loss with scale_by_half). Undefined only without rows.
 */
export const brierScore = defineMetric({
  id: "brier_score",
  summary: "mean squared error of the probabilities",
  direction: "lower",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ rows, labels, values, probabilities }) => {
    const loss = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) {
      if (probabilities === null) loss[row] = (values[row]! - labels[row]!) ** 2;
      else
        probabilities.forEach((column, label) => {
          loss[row] = loss[row]! + (column[row]! - (labels[row] === label ? 1 : 0)) ** 2 / 2;
        });
    }
    return { kind: "means", parts: [loss], combine: (means) => means[0]! };
  },
});
