// How far confidence and hits are apart, over bins.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import type { MetricRows } from "../metric-rows.ts";

/**
 * Expected calibration error over `bins` bins of equal width (default 10; a value on an edge belongs to the lower bin, 0 to the first). Binary: the positive
 * class's probability against its frequency; multiclass: the largest probability against the hits (Guo et al. 2017). Undefined only without rows.
 */
export const expectedCalibrationError = defineMetric({
  id: "expected_calibration_error",
  summary: "mean distance between stated probability and frequency, over bins",
  direction: "lower",
  scale: "share",
  tasks: ["binary", "multiclass"],
  untestable: "it is biased upwards by an amount that depends on rows and bins; gate brier_score or log_loss instead",
  undefinedWhen: "there are no rows",
  options: z.strictObject({ bins: z.number().int().min(1).max(1000).default(10) }),
  measure: (rows, { bins }) => {
    const { confidence, hit } = readConfidence(rows);
    return {
      kind: "functional",
      evaluate: (weights) => {
        const gaps = new Float64Array(bins);
        let total = 0;
        for (let row = 0; row < confidence.length; row += 1) {
          const weight = weights === null ? 1 : weights[row]!;
          const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence[row]! * bins) - 1));
          gaps[bin] = gaps[bin]! + weight * (confidence[row]! - hit[row]!);
          total += weight;
        }
        return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
      },
    };
  },
});

/** What was stated for each row, and whether it came true. */
function readConfidence({ rows, probabilities, values, labels, predicted }: MetricRows) {
  if (probabilities === null) return { confidence: values, hit: labels };
  const confidence = new Float64Array(rows);
  const hit = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const decided = predicted[row]!;
    confidence[row] = probabilities[decided]![row]!;
    hit[row] = Number(labels[row] === decided);
  }
  return { confidence, hit };
}
