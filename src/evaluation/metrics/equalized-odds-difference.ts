// Largest difference between groups in recall or false-positive rate.
import { falsePositiveRate, groupOptions, spreadRates, truePositiveRate } from "../group-rates.ts";
import { defineMetric } from "../metric.ts";

/** The larger of max − min of the true-positive and of the false-positive rate over the groups of `by`. */
export const equalizedOddsDifference = defineMetric({
  id: "equalized_odds_difference",
  summary: "largest difference between groups in recall or false-positive rate",
  direction: "lower",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "a group has too few rows",
  options: groupOptions,
  measure: (rows, options) => spreadRates(rows, [truePositiveRate, falsePositiveRate], options, "difference"),
});
