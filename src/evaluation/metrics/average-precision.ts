// Precision averaged over the recall reached.
import { z } from "zod";
import { rankLabels } from "../../statistics/ranked-labels.ts";
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
    const { order, ends, positive } = rankLabels(labels, values);
    return {
      kind: "functional",
      readings: [{ of: "average-precision", labels, scores: values }],
      evaluate: (weights) => {
        let positives = 0;
        let all = 0;
        let sum = 0;
        for (let tie = ends.length - 1; tie >= 0; tie -= 1) {
          let found = 0;
          for (let at = tie === 0 ? 0 : ends[tie - 1]!; at < ends[tie]!; at += 1) {
            const weight = weights === null ? 1 : weights[order[at]!]!;
            all += weight;
            found += positive[at]! * weight;
          }
          positives += found;
          if (all > 0) sum += found * (positives / all);
        }
        return sum / positives;
      },
    };
  },
});
