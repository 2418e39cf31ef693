// Median of the absolute errors.
import { z } from "zod";
import { sortWithTies } from "../../statistics/sort-order.ts";
import { defineMetric } from "../metric.ts";

/** Median |y − ŷ| (mean of the two middle ones when the count is even); weighted: the lower weighted median's midpoint. scikit-learn's median_absolute_error. */
export const medianAbsoluteError = defineMetric({
  id: "median_absolute_error",
  summary: "median of the absolute errors",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ labels, values }) => {
    const errors = labels.map((label, row) => Math.abs(label - values[row]!));
    const { order } = sortWithTies(errors);
    return {
      kind: "functional",
      evaluate: (weights) => {
        let total = 0;
        for (let row = 0; row < errors.length; row += 1) total += weights === null ? 1 : weights[row]!;
        let sum = 0;
        for (let at = 0; at < order.length; at += 1) {
          sum += weights === null ? 1 : weights[order[at]!]!;
          if (sum < total / 2) continue;
          if (sum > total / 2) return errors[order[at]!]!;
          let next = at + 1;
          while (next < order.length && weights !== null && weights[order[next]!] === 0) next += 1;
          return next < order.length ? (errors[order[at]!]! + errors[order[next]!]!) / 2 : errors[order[at]!]!;
        }
        return Number.NaN;
      },
    };
  },
});
