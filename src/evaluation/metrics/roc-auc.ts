// Chance that a positive row scores above a negative one.
import { z } from "zod";
import { defineMetric, UndefinedMetric } from "../metric.ts";
import type { MetricRows } from "../metric-rows.ts";
import { createAreaEvaluator, type Statistic } from "../statistic.ts";

/**
 * Area under the ROC curve, ties counting half (scikit-learn's roc_auc_score). Binary: of the positive class. Multiclass: one class against the
 * rest, averaged over the classes (`average` macro or weighted by support); undefined unless every class has rows.
 */
export const rocAuc = defineMetric({
  id: "roc_auc",
  summary: "chance that a positive row scores above a negative one",
  direction: "higher",
  scale: "share",
  tasks: ["binary", "multiclass"],
  undefinedWhen: "one of the classes has no rows",
  options: z.strictObject({ average: z.enum(["macro", "weighted"]).default("macro") }),
  measure: (rows, { average }) => {
    if (rows.task === "binary") return { kind: "area", labels: rows.labels, scores: rows.values };
    return measureOneAgainstRest(rows, average === "weighted");
  },
});

function measureOneAgainstRest(rows: MetricRows, weighted: boolean): Statistic {
  const { probabilities, labels } = rows;
  if (probabilities === null) throw new UndefinedMetric("there are no probabilities per class");
  const rests = probabilities.map((scores, label) => ({
    labels: labels.map((value) => (value === label ? 1 : 0)),
    scores,
  }));
  const areas = rests.map((rest) => createAreaEvaluator({ kind: "area", ...rest }));
  return {
    kind: "functional",
    ...(weighted ? {} : { readings: rests.map((rest) => ({ of: "area", ...rest }) as const) }),
    evaluate: (weights) => {
      const support = new Float64Array(areas.length);
      for (let row = 0; row < labels.length; row += 1)
        support[labels[row]!] = support[labels[row]!]! + (weights === null ? 1 : weights[row]!);
      let sum = 0;
      let total = 0;
      areas.forEach((area, label) => {
        const weight = weighted ? support[label]! : 1;
        sum += weight * area(weights);
        total += weight;
      });
      return sum / total;
    },
  };
}
