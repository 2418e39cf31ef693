// Precision averaged over the recall reached.
import { z } from "zod";
import { type RankedLabels, rankLabels } from "../../statistics/ranked-labels.ts";
import { defineMetric } from "../metric.ts";

/** Σ (R_k − R_{k−1}) P_k over descending distinct scores, without interpolation; undefined without positive rows. scikit-learn's average_precision_score. */
export const averagePrecision = defineMetric({
  id: "average_precision",
  summary: "precision averaged over the recall reached",
  direction: "higher",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "there are no positive rows",
  options: z.strictObject({}),
  measure: ({ labels, values }) => {
    const ranked = rankLabels(labels, values);
    return {
      kind: "functional",
      readings: [{ of: "average-precision", labels, scores: values }],
      evaluate: (weights) => (weights === null ? averageOnce(ranked) : averageWeighted(ranked, weights)),
    };
  },
});

/** Every row once: whole numbers, several times as fast. */
function averageOnce({ ends, positive, positives: total }: RankedLabels): number {
  let [positives, sum] = [0, 0];
  for (let tie = ends.length - 1; tie >= 0; tie -= 1) {
    const start = tie === 0 ? 0 : ends[tie - 1]!;
    let found = 0;
    for (let at = start; at < ends[tie]!; at += 1) found += positive[at]!;
    positives += found;
    sum += found * (positives / (positive.length - start));
  }
  return sum / total;
}

function averageWeighted({ order, ends, positive }: RankedLabels, weights: Float64Array): number {
  let [positives, all, sum] = [0, 0, 0];
  for (let tie = ends.length - 1; tie >= 0; tie -= 1) {
    let found = 0;
    for (let at = tie === 0 ? 0 : ends[tie - 1]!; at < ends[tie]!; at += 1) {
      const weight = weights[order[at]!]!;
      all += weight;
      found += positive[at]! * weight;
    }
    positives += found;
    if (all > 0) sum += found * (positives / all);
  }
  return sum / positives;
}
