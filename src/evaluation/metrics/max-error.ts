// The largest absolute error.
import { z } from "zod";
import { defineMetric } from "../metric.ts";

/** max |y − ŷ| over rows with weight; undefined only without rows. scikit-learn's max_error. */
export const maxError = defineMetric({
  id: "max_error",
  summary: "largest absolute error",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  untestable:
    "a maximum grows with the rows and cannot be resampled; gate root_mean_squared_error or mean_pinball_loss instead",
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ labels, values }) => ({
    kind: "functional",
    evaluate: (weights) => {
      let largest = Number.NaN;
      for (let row = 0; row < labels.length; row += 1) {
        if (weights !== null && weights[row] === 0) continue;
        const error = Math.abs(labels[row]! - values[row]!);
        if (!(error <= largest)) largest = error;
      }
      return largest;
    },
  }),
});
