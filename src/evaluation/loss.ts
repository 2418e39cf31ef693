// Regression metrics that are a mean of one loss per row.
import type { MetricRows } from "./metric-rows.ts";
import type { MeansStatistic } from "./statistic.ts";

/** Mean of `loss(label, prediction)`, then `finish` (default: as it is). */
export function measureLoss(
  { rows, labels, values }: MetricRows,
  loss: (label: number, prediction: number) => number,
  finish: (mean: number) => number = (mean) => mean,
): MeansStatistic {
  const part = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) part[row] = loss(labels[row]!, values[row]!);
  return { kind: "means", parts: [part], combine: (means) => finish(means[0]!) };
}
