// Mean of a score per row.
import { z } from "zod";
import { defineMetric } from "../metric.ts";

/** Mean of the score column (pass rate, judge's score, profit), higher is better; undefined only without rows. */
export const meanScore = defineMetric({
  id: "mean_score",
  summary: "mean of the score of each row",
  direction: "higher",
  scale: "free",
  tasks: ["score"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ values }) => ({ kind: "means", parts: [values], combine: (means) => means[0]! }),
});
