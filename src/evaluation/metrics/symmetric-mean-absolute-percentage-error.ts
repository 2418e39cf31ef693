// Mean absolute error relative to the mean of label and prediction.
import { z } from "zod";
import { measureLoss } from "../loss.ts";
import { defineMetric } from "../metric.ts";

/** Mean 2|y − ŷ| / (|y| + |ŷ|), in [0, 2]; a row where both are 0 counts 0 (Makridakis 1993). */
export const symmetricMeanAbsolutePercentageError = defineMetric({
  id: "symmetric_mean_absolute_percentage_error",
  summary: "mean absolute error relative to the mean of label and prediction",
  direction: "lower",
  scale: "points",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: (rows) =>
    measureLoss(rows, (label, prediction) =>
      label === prediction ? 0 : (2 * Math.abs(label - prediction)) / (Math.abs(label) + Math.abs(prediction)),
    ),
});
