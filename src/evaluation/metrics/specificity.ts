// Share of negative rows that are left alone.
import { averageOptions, measureRate } from "../confusion.ts";
import { defineMetric } from "../metric.ts";

/** TN / (TN + FP), the recall of the negative class; undefined without negative rows. */
export const specificity = defineMetric({
  id: "specificity",
  summary: "share of negative rows that are left alone",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "there are no negative rows",
  options: averageOptions,
  measure: (rows, options) =>
    measureRate(
      rows,
      options,
      ({ trueNegative, falsePositive }) => trueNegative / (trueNegative + falsePositive),
      "negatives",
    ),
});
