// Mean squared error.
import { z } from "zod";
import { measureLoss } from "../loss.ts";
import { defineMetric } from "../metric.ts";

/** Mean (y − ŷ)², in the label's unit squared. scikit-learn's mean_squared_error. */
export const meanSquaredError = defineMetric({
  id: "mean_squared_error",
  summary: "mean squared error",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: (rows) => measureLoss(rows, (label, prediction) => (label - prediction) ** 2),
});
