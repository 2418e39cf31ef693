// Mean absolute error relative to that of a naive forecast.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { readNumberColumn } from "../row-columns.ts";

/** Mean |y − ŷ| / mean |y − naive| with the naive forecast (the last value, or last season's) in the column `naive`; below 1 beats it (Hyndman and Koehler 2006). */
export const meanAbsoluteScaledError = defineMetric({
  id: "mean_absolute_scaled_error",
  summary: "mean absolute error relative to that of a naive forecast",
  direction: "lower",
  scale: "points",
  tasks: ["forecast"],
  undefinedWhen: "the naive forecast is exact",
  options: z.strictObject({ naive: z.string() }),
  measure: (rows, options) => {
    const naive = readNumberColumn(rows, options.naive);
    const error = (forecast: Float64Array) => rows.labels.map((label, row) => Math.abs(label - forecast[row]!));
    return {
      kind: "means",
      parts: [error(rows.values), error(naive)],
      combine: (means) => (means[1] === 0 ? Number.NaN : means[0]! / means[1]!),
    };
  },
});
