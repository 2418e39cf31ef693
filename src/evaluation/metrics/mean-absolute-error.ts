// Mean absolute error.
import { z } from "zod";
import { measureLoss } from "../loss.ts";
import { defineMetric } from "../metric.ts";

/** Mean |y − ŷ|, in the label's unit. scikit-learn's mean_absolute_error. */
export const meanAbsoluteError = defineMetric({
  id: "mean_absolute_error",
  summary: "mean absolute error",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: (rows) => measureLoss(rows, (label, prediction) => Math.abs(label - prediction)),
});
