// The rows of one slice with both models on them, and the estimates made from them, each made once.
import type { UnitLayout } from "../statistics/bootstrap.ts";
import { createRandom } from "../statistics/rng.ts";
import { measureBySplit } from "./cross-validated.ts";
import type { EvaluateRequest } from "./judge-request.ts";
import { UndefinedMetric } from "./metric.ts";
import {
  arePredictionsIdentical,
  type EvaluationRows,
  joinPredictions,
  type MetricRows,
  type Predictions,
  selectPredictions,
  selectRows,
} from "./metric-rows.ts";
import type { PairedEstimate } from "./pair-contract.ts";
import { estimatePair } from "./paired-estimate.ts";
import type { ResolvedMetric } from "./resolve-metric.ts";
import { evaluateStatistic, type Statistic } from "./statistic.ts";

/** A metric on one sample: its estimates, or why there are none. `estimate` is null exactly when `reason` is not. */
export interface SampledMetric {
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly estimate: PairedEstimate | null;
  readonly reason: string | null;
  /** Independent units: rows, groups or blocks. */
  readonly units: number;
}

export interface Sample {
  /** Slice id; null = all rows. */
  readonly slice: string | null;
  readonly rows: number;
  readonly hasBaseline: boolean;
  /** Both models predict the same on every row of the slice. */
  readonly identical: boolean;
  readonly measure: (metric: ResolvedMetric) => SampledMetric;
}

/** `indices` null = all rows. Random streams depend on seed, metric and slice alone, never on the order of questions. */
export function createSample(
  request: EvaluateRequest & { readonly baseline: Predictions | null },
  slice: string | null,
  indices: Int32Array | null,
): Sample {
  const rows = indices === null ? request.rows : selectRows(request.rows, indices);
  const select = (predictions: Predictions) =>
    indices === null ? predictions : selectPredictions(predictions, indices);
  const candidate = select(request.candidate);
  const baseline = request.baseline === null ? null : select(request.baseline);
  const joined = {
    candidate: joinPredictions(rows, candidate),
    baseline: baseline === null ? null : joinPredictions(rows, baseline),
  };
  const layout = layOutUnits(rows);
  const known = new Map<string, SampledMetric>();
  const splits = rows.splits ?? null;
  return {
    slice,
    rows: rows.rows,
    hasBaseline: baseline !== null,
    identical: baseline !== null && arePredictionsIdentical(baseline, candidate),
    measure: (metric) => {
      const before = known.get(metric.name);
      if (before) return before;
      const measured = splits
        ? measureBySplit(metric, { ...rows, splits }, candidate, baseline)
        : measureOn(metric, joined, {
            rows: rows.rows,
            weights: rows.weights,
            layout,
            resamples: request.resamples ?? 2000,
            random: createRandom([request.seed, metric.name, slice ?? ""].join("\n")),
          });
      known.set(metric.name, measured);
      return measured;
    },
  };
}

type SamplingPlan = Parameters<typeof estimatePair>[2];

function measureOn(
  metric: ResolvedMetric,
  joined: { readonly candidate: MetricRows; readonly baseline: MetricRows | null },
  plan: SamplingPlan,
): SampledMetric {
  if (plan.rows === 0)
    return { baseline: null, candidate: null, estimate: null, reason: "there are no rows", units: 0 };
  const candidate = measureOne(metric, joined.candidate, plan.weights);
  const baseline = joined.baseline === null ? null : measureOne(metric, joined.baseline, plan.weights);
  const { layout, rows } = plan;
  const units = layout.blockLength === null ? layout.units : Math.ceil(rows / layout.blockLength);
  const values = { candidate: candidate.value, baseline: baseline?.value ?? null, units };
  if (candidate.statistic === null) return { ...values, estimate: null, reason: candidate.reason };
  if (baseline !== null && baseline.statistic === null)
    return { ...values, estimate: null, reason: `for the baseline, ${baseline.reason}` };
  const estimate = estimatePair(baseline?.statistic ?? candidate.statistic, candidate.statistic, plan);
  return { ...values, estimate, reason: null };
}

interface Measured {
  readonly statistic: Statistic | null;
  readonly value: number | null;
  readonly reason: string | null;
}

function measureOne(metric: ResolvedMetric, rows: MetricRows, weights: Float64Array | null): Measured {
  try {
    const statistic = metric.measure(rows);
    const value = evaluateStatistic(statistic, weights);
    if (Number.isFinite(value)) return { statistic, value, reason: null };
    const reason = Number.isNaN(value) ? metric.undefinedWhen : "the value is too large to be a number";
    return { statistic: null, value: null, reason };
  } catch (error) {
    if (!(error instanceof UndefinedMetric)) throw error;
    return { statistic: null, value: null, reason: error.message };
  }
}

/** Which rows are drawn together: groups whole, neighbours in time, else each row alone. */
export function layOutUnits(rows: Pick<EvaluationRows, "clusters" | "rows" | "blockLength">): UnitLayout {
  if (rows.clusters === null) return { units: rows.rows, unitOfRow: null, blockLength: rows.blockLength };
  const numbers = new Map<number, number>();
  const unitOfRow = rows.clusters.map((cluster) => {
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
  // Groups of one row each are plain rows.
  if (numbers.size === rows.rows) return { units: rows.rows, unitOfRow: null, blockLength: rows.blockLength };
  return { units: numbers.size, unitOfRow, blockLength: null };
}
