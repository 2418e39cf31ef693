// Share of the variance explained.
import { z } from "zod";
import { defineMetric } from "../metric.ts";

/**
 * 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Constant labels: 1 when every prediction is exact, else 0; undefined with fewer than two rows. scikit-learn's r2_score.
 */
export const r2 = defineMetric({
  id: "r2",
  summary: "share of the labels' variance explained",
  direction: "higher",
  scale: "points",
  tasks: ["regression", "forecast"],
  undefinedWhen: "there are fewer than two rows",
  options: z.strictObject({}),
  measure: ({ rows, labels, values }) => {
    if (rows < 2) return { kind: "reported", value: Number.NaN };
    // Sums of squares are taken about the mean of the labels, so that nothing cancels when it is far from zero.
    const centre = labels.reduce((sum, label) => sum + label, 0) / rows;
    const residual = labels.map((label, row) => (label - values[row]!) ** 2);
    const shift = labels.map((label) => label - centre);
    const square = shift.map((value) => value * value);
    return {
      kind: "means",
      parts: [residual, shift, square],
      combine: (means) => {
        const spread = means[2]! - means[1]! * means[1]!;
        if (spread <= means[2]! * 1e-14) return means[0] === 0 ? 1 : Number.isFinite(means[0]!) ? 0 : Number.NaN;
        return 1 - means[0]! / spread;
      },
    };
  },
});
