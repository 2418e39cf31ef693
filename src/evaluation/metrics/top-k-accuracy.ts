// Share of rows whose class is among the k most probable.
import { z } from "zod";
import { defineMetric, UndefinedMetric } from "../metric.ts";

/** Share of rows whose label is among the `k` (default 2) largest probabilities; of equal ones the later class comes first, as in scikit-learn's top_k_accuracy_score. */
export const topKAccuracy = defineMetric({
  id: "top_k_accuracy",
  summary: "share of rows whose class is among the k most probable",
  direction: "higher",
  scale: "share",
  tasks: ["multiclass"],
  undefinedWhen: "there are no rows",
  options: z.strictObject({ k: z.number().int().min(1).default(2) }),
  measure: ({ rows, labels, probabilities }, { k }) => {
    if (probabilities === null) throw new UndefinedMetric("there are no probabilities per class");
    const hits = new Int32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const label = labels[row]!;
      const own = probabilities[label]![row]!;
      const ahead = probabilities.filter(
        (column, other) => column[row]! > own || (column[row] === own && other > label),
      );
      hits[row] = ahead.length < k ? 1 : 0;
    }
    return {
      kind: "confusion",
      labels: new Float64Array(rows).fill(1),
      predicted: hits,
      classes: 2,
      combine: (matrix) => matrix[3]! / (matrix[2]! + matrix[3]!),
      proportion: { label: null },
    };
  },
});
