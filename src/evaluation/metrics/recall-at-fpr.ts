// Recall at a fixed false-positive rate.
import { z } from "zod";
import { rankLabels } from "../../statistics/ranked-labels.ts";
import { defineMetric } from "../metric.ts";

/**
 * The largest recall of a threshold on the score whose false-positive rate is at most `fpr` (default 0.01). The threshold is chosen on the same
 * rows, so it says what the score can do, not what a deployed threshold does. Undefined without both classes.
 */
export const recallAtFpr = defineMetric({
  id: "recall_at_fpr",
  summary: "recall of the best threshold that keeps the false-positive rate",
  direction: "higher",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "one of the classes has no rows",
  options: z.strictObject({ fpr: z.number().gt(0).lt(1).default(0.01) }),
  measure: ({ labels, values }, { fpr }) => {
    const ranked = rankLabels(labels, values);
    const { order, ends, positive } = ranked;
    return {
      kind: "functional",
      readings: [{ of: "recall-within", rate: fpr, labels, scores: values }],
      evaluate: (weights) => {
        let positives = weights === null ? ranked.positives : 0;
        let negatives = weights === null ? labels.length - positives : 0;
        if (weights !== null)
          for (let row = 0; row < labels.length; row += 1) {
            if (labels[row] === 1) positives += weights[row]!;
            else negatives += weights[row]!;
          }
        if (positives === 0 || negatives === 0) return Number.NaN;
        let found = 0;
        let alarms = 0;
        let best = 0;
        for (let tie = ends.length - 1; tie >= 0; tie -= 1) {
          for (let at = tie === 0 ? 0 : ends[tie - 1]!; at < ends[tie]!; at += 1) {
            const weight = weights === null ? 1 : weights[order[at]!]!;
            found += positive[at]! * weight;
            alarms += (1 - positive[at]!) * weight;
          }
          if (alarms > fpr * negatives * (1 + 1e-12)) break;
          best = found;
        }
        return best / positives;
      },
    };
  },
});
