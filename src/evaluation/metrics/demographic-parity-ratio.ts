// Smallest ratio between groups of the share decided positive.
import { groupOptions, selectionRate, spreadRates } from "../group-rates.ts";
import { defineMetric } from "../metric.ts";

/** min / max over the groups of `by` of P(decided positive); 1 is parity. */
export const demographicParityRatio = defineMetric({
  id: "demographic_parity_ratio",
  summary: "smallest ratio between groups of the share decided positive",
  direction: "higher",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "no group is decided positive",
  options: groupOptions,
  measure: (rows, options) => spreadRates(rows, [selectionRate], options, "ratio"),
});
