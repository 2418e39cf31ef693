// Median of the absolute errors.
import { z } from "zod";
import { sortWithTies } from "../../statistics/sort-order.ts";
import { defineMetric } from "../metric.ts";

/**
 * Median |y − ŷ|: the mean of the two middle ones when the count is even. Rows with weights of their own: the lower weighted median, the smallest error up to
 * which at least half of the weight lies, also where exactly half does. scikit-learn's median_absolute_error (1.2; later versions take the middle there).
 */
export const medianAbsoluteError = defineMetric({
  id: "median_absolute_error",
  summary: "median of the absolute errors",
  direction: "lower",
  scale: "free",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({}),
  measure: ({ labels, values, weights: given }) => {
    const errors = labels.map((label, row) => Math.abs(label - values[row]!));
    const { order } = sortWithTies(errors);
    return {
      kind: "functional",
      evaluate: (weights) => {
        const weigh = (at: number): number => weights?.[order[at]!] ?? 1;
        let total = 0;
        for (let at = 0; at < order.length; at += 1) total += weigh(at);
        let sum = 0;
        for (let at = 0; at < order.length; at += 1) {
          sum += weigh(at);
          const error = errors[order[at]!]!;
          if (sum < total / 2) continue;
          if (sum > total / 2 || given !== null) return error;
          let next = at + 1;
          while (next < order.length && weigh(next) === 0) next += 1;
          return next < order.length ? (error + errors[order[next]!]!) / 2 : error;
        }
        return Number.NaN;
      },
    };
  },
});
