// Largest difference between groups in the share decided positive.
import { groupOptions, selectionRate, spreadRates } from "../group-rates.ts";
import { defineMetric } from "../metric.ts";

/** max − min over the groups of `by` of P(decided positive). As Fairlearn, but undefined when a group is too small. */
export const demographicParityDifference = defineMetric({
  id: "demographic_parity_difference",
  summary: "largest difference between groups in the share decided positive",
  direction: "lower",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "a group has too few rows",
  options: groupOptions,
  measure: (rows, options) => spreadRates(rows, [selectionRate], options, "difference"),
});
