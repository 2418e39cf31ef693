// Share of rows that lie in their predicted interval.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { readNumberColumn } from "../row-columns.ts";

/** Share of rows with lower ≤ y ≤ upper, the ends in columns of the predictions; gate it from below at the interval's promise. */
export const intervalCoverage = defineMetric({
  id: "interval_coverage",
  summary: "share of rows that lie in their predicted interval",
  direction: "higher",
  scale: "share",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({ lower: z.string(), upper: z.string() }),
  measure: (rows, options) => {
    const lower = readNumberColumn(rows, options.lower);
    const upper = readNumberColumn(rows, options.upper);
    const inside = Int32Array.from(rows.labels, (label, row) => Number(label >= lower[row]! && label <= upper[row]!));
    return {
      kind: "confusion",
      labels: new Float64Array(rows.rows).fill(1),
      predicted: inside,
      classes: 2,
      combine: (matrix) => matrix[3]! / (matrix[2]! + matrix[3]!),
      proportion: { label: null },
    };
  },
});
