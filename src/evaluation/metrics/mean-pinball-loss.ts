// Mean loss of a predicted quantile.
import { z } from "zod";
import { measureLoss } from "../loss.ts";
import { defineMetric } from "../metric.ts";

/** Mean α·max(y − ŷ, 0) + (1 − α)·max(ŷ − y, 0) for the quantile `alpha` (default 0.5). scikit-learn's mean_pinball_loss. */
export const meanPinballLoss = defineMetric({
  id: "mean_pinball_loss",
  summary: "mean loss of a predicted quantile",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({ alpha: z.number().min(0).max(1).default(0.5) }),
  measure: (rows, { alpha }) =>
    measureLoss(
      rows,
      (label, prediction) => alpha * Math.max(label - prediction, 0) + (1 - alpha) * Math.max(prediction - label, 0),
    ),
});
