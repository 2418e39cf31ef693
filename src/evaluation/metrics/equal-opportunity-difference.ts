// Largest difference between groups in recall.
import { groupOptions, spreadRates, truePositiveRate } from "../group-rates.ts";
import { defineMetric } from "../metric.ts";

/** max − min over the groups of `by` of P(decided positive | positive). */
export const equalOpportunityDifference = defineMetric({
  id: "equal_opportunity_difference",
  summary: "largest difference between groups in recall",
  direction: "lower",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "a group has too few rows",
  options: groupOptions,
  measure: (rows, options) => spreadRates(rows, [truePositiveRate], options, "difference"),
});
