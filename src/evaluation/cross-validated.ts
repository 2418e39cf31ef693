// A metric under cross-validation: one value per split and model, compared by the corrected resampled t test.
import { inferCorrectedResampledT } from "../statistics/corrected-resampled-t.ts";
import type { Inference } from "../statistics/inference.ts";
import { UndefinedMetric } from "./metric.ts";
import {
  type EvaluationRows,
  joinPredictions,
  type Predictions,
  type Splits,
  selectPredictions,
  selectRows,
} from "./metric-rows.ts";
import type { ResolvedMetric } from "./resolve-metric.ts";
import type { SampledMetric } from "./sample.ts";
import { evaluateStatistic } from "./statistic.ts";

/** Fewest splits that may let a gate pass: with two there is one degree of freedom. */
export const fewestSplits = 3;

/**
 * Values are means over the splits of the metric on each split's rows. Every contrast candidate − k·baseline is one number per split, with the
 * variance of Nadeau and Bengio (2003), which counts that training sets overlap. No value when a split has none.
 */
export function measureBySplit(
  metric: ResolvedMetric,
  rows: EvaluationRows & { readonly splits: Splits },
  candidate: Predictions,
  baseline: Predictions | null,
): SampledMetric {
  const splits = listSplits(rows.splits);
  const nothing = (reason: string): SampledMetric => ({
    baseline: null,
    candidate: null,
    estimate: null,
    reason,
    units: splits.length,
  });
  if (splits.length < 2) return nothing("these rows lie in fewer than two splits");
  const measure = (predictions: Predictions): Float64Array | string => {
    const values = new Float64Array(splits.length);
    for (const [at, indices] of splits.entries()) {
      const part = selectRows(rows, indices);
      const value = measureOne(metric, part, selectPredictions(predictions, indices));
      if (typeof value === "string") return `in one of ${splits.length} splits, ${value}`;
      values[at] = value;
    }
    return values;
  };
  const after = measure(candidate);
  if (typeof after === "string") return nothing(after);
  const before = baseline === null ? null : measure(baseline);
  if (typeof before === "string") return nothing(`for the baseline, ${before}`);
  const contrast = (factor: number): Inference =>
    inferCorrectedResampledT(
      Array.from(after, (value, at) => value - factor * (before ?? after)[at]!),
      rows.splits.testShare,
    );
  const values = { candidate: mean(after), baseline: before === null ? null : mean(before) };
  return {
    ...values,
    units: splits.length,
    reason: null,
    estimate: {
      candidate: values.candidate,
      baseline: values.baseline ?? values.candidate,
      contrast,
      zeroTest: () => {
        const { estimate, standardError, pValueAbove, pValueBelow } = contrast(1);
        const pValue = Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
        return {
          test: "corrected-resampled-t",
          statistic: standardError > 0 ? estimate / standardError : null,
          pValue,
        };
      },
      tooFew:
        splits.length < fewestSplits ? `only ${splits.length} splits (at least ${fewestSplits} are needed)` : null,
    },
  };
}

function measureOne(metric: ResolvedMetric, rows: EvaluationRows, predictions: Predictions): number | string {
  try {
    const value = evaluateStatistic(metric.measure(joinPredictions(rows, predictions)), rows.weights);
    return Number.isFinite(value) ? value : metric.undefinedWhen;
  } catch (error) {
    if (!(error instanceof UndefinedMetric)) throw error;
    return error.message;
  }
}

function listSplits({ splitOfRow }: Splits): readonly Int32Array[] {
  const members = new Map<number, number[]>();
  splitOfRow.forEach((split, row) => {
    const list = members.get(split);
    if (list) list.push(row);
    else members.set(split, [row]);
  });
  return [...members.values()].map((list) => Int32Array.from(list));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
