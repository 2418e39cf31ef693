// Largest difference between groups in precision.
import { groupOptions, positivePredictiveValue, spreadRates } from "../group-rates.ts";
import { defineMetric } from "../metric.ts";

/** max − min over the groups of `by` of P(positive | decided positive). */
export const predictiveParityDifference = defineMetric({
  id: "predictive_parity_difference",
  summary: "largest difference between groups in precision",
  direction: "lower",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "a group has too few rows",
  options: groupOptions,
  measure: (rows, options) => spreadRates(rows, [positivePredictiveValue], options, "difference"),
});
