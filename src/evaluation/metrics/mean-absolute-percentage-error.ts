// Mean absolute error relative to the label.
import { z } from "zod";
import { measureLoss } from "../loss.ts";
import { defineMetric } from "../metric.ts";

/** Mean |y − ŷ| / max(|y|, 2⁻⁵²), a fraction; a label of 0 makes it astronomical. scikit-learn's mean_absolute_percentage_error. */
export const meanAbsolutePercentageError = defineMetric({
  id: "mean_absolute_percentage_error",
  summary: "mean absolute error relative to the label",
  direction: "lower",
  scale: "points",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: (rows) =>
    measureLoss(rows, (label, prediction) => Math.abs(label - prediction) / Math.max(Math.abs(label), Number.EPSILON)),
});
