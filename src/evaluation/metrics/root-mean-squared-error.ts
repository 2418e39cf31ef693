// Root of the mean squared error.
import { z } from "zod";
import { measureLoss } from "../loss.ts";
import { defineMetric } from "../metric.ts";

/** √ mean (y − ŷ)², in the label's unit. scikit-learn's root_mean_squared_error. */
export const rootMeanSquaredError = defineMetric({
  id: "root_mean_squared_error",
  summary: "root of the mean squared error",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: (rows) => measureLoss(rows, (label, prediction) => (label - prediction) ** 2, Math.sqrt),
});
