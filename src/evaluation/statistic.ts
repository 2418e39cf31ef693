// A metric made ready on given rows: the form decides how its value, intervals and tests are computed.
import type { GroupContrast } from "../statistics/largest-contrast.ts";
import { rankLabels } from "../statistics/ranked-labels.ts";
import type { Reading } from "../statistics/resample-classifiers.ts";

/** Sums of row weights by [label × classes + predicted]. */
export type ConfusionMatrix = Float64Array;

/**
 * A function of the confusion matrix. `proportion` names the rows whose hits it counts when it is a plain share with a denominator that the
 * labels alone decide: `label` null = all rows (accuracy), else the rows of that class (recall, specificity).
 */
export interface ConfusionStatistic {
  readonly kind: "confusion";
  readonly labels: Float64Array;
  readonly predicted: Int32Array;
  readonly classes: number;
  readonly combine: (matrix: ConfusionMatrix) => number;
  readonly proportion: { readonly label: number | null } | null;
}

/** The area under the ROC curve of a binary score. */
export interface AreaStatistic {
  readonly kind: "area";
  readonly labels: Float64Array;
  readonly scores: Float64Array;
}

/** A smooth function of weighted means of per-row parts: a mean of losses, a root of it, a ratio. */
export interface MeansStatistic {
  readonly kind: "means";
  readonly parts: readonly Float64Array[];
  readonly combine: (means: ArrayLike<number>) => number;
}

/** Anything else that can be computed from weighted rows; `weights` null = every row once. */
export interface FunctionalStatistic {
  readonly kind: "functional";
  readonly evaluate: (weights: Float64Array | null) => number;
  /** Their mean is the same of rows that weigh how often each was drawn, for many resamples at once. */
  readonly readings?: readonly Reading[];
}

/** A number from elsewhere; it has no rows and is not tested. */
export interface ReportedStatistic {
  readonly kind: "reported";
  readonly value: number;
}

/** Weighted hits among weighted trials of one rate in one group. */
export interface GroupShare {
  /** Index of the rate. */
  readonly rate: number;
  readonly group: string;
  readonly hits: number;
  readonly trials: number;
}

/** The largest difference, or smallest ratio, between groups of rows; weights are in it already. */
export interface SpreadStatistic {
  readonly kind: "spread";
  readonly value: number;
  readonly form: "difference" | "ratio";
  /** By rate, then by group. */
  readonly shares: readonly GroupShare[];
  /** Of differences of shares, or of their −logarithms. */
  readonly contrasts: readonly GroupContrast[];
  /** −1 = in no group. */
  readonly groupOfRow: Int32Array;
  /** Per rate and row: 1 hit, 0 no hit, −1 the rate is not taken over this row. */
  readonly outcomes: readonly Int8Array[];
}

export type Statistic =
  | ConfusionStatistic
  | AreaStatistic
  | MeansStatistic
  | FunctionalStatistic
  | SpreadStatistic
  | ReportedStatistic;

/** The statistic under the given weights (null = every row once); NaN where it is not defined. */
export function evaluateStatistic(statistic: Statistic, weights: Float64Array | null): number {
  switch (statistic.kind) {
    case "confusion":
      return statistic.combine(countConfusion(statistic, weights));
    case "area":
      return measureArea(statistic, weights);
    case "means":
      return statistic.combine(averageParts(statistic.parts, weights));
    case "functional":
      return statistic.evaluate(weights);
    case "spread":
    case "reported":
      return statistic.value;
  }
}

type Decisions = Pick<ConfusionStatistic, "labels" | "predicted" | "classes">;

const countedOnce = new WeakMap<Int32Array, Decisions & { readonly matrix: ConfusionMatrix }>();

/** Counts unweighted rows once for all metrics that look at the same decisions; the matrix must not be changed. */
export function countConfusion(decisions: Decisions, weights: Float64Array | null): Readonly<ConfusionMatrix> {
  const { labels, predicted, classes } = decisions;
  const known = weights === null ? countedOnce.get(predicted) : undefined;
  if (known?.labels === labels && known.classes === classes) return known.matrix;
  const matrix = new Float64Array(classes * classes);
  for (let row = 0; row < predicted.length; row += 1) {
    const cell = labels[row]! * classes + predicted[row]!;
    matrix[cell] = matrix[cell]! + (weights === null ? 1 : weights[row]!);
  }
  if (weights === null) countedOnce.set(predicted, { labels, predicted, classes, matrix });
  return matrix;
}

/** Weighted mean of every part; NaN when there is no weight. */
export function averageParts(parts: readonly Float64Array[], weights: Float64Array | null): Float64Array {
  const means = new Float64Array(parts.length);
  parts.forEach((part, index) => {
    means[index] = weights === null ? average(part) : averageWeighted(part, weights);
  });
  return means;
}

function average(values: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row += 1) sum += values[row]!;
  return sum / values.length;
}

function averageWeighted(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row += 1) {
    sum += weights[row]! * values[row]!;
    total += weights[row]!;
  }
  return sum / total;
}

/** Area under the ROC curve by rank sums, ties counting half; NaN without both classes. */
function measureArea(statistic: AreaStatistic, weights: Float64Array | null): number {
  return createAreaEvaluator(statistic)(weights);
}

/** Sorts once; the returned function then costs one pass over the rows per call. */
export function createAreaEvaluator(statistic: AreaStatistic): (weights: Float64Array | null) => number {
  const { order, ends, positive, positives: all, doublePairs } = rankLabels(statistic.labels, statistic.scores);
  return (weights) => {
    if (weights === null) return doublePairs / 2 / (all * (order.length - all));
    let below = 0;
    let area = 0;
    let positives = 0;
    let at = 0;
    for (let tie = 0; tie < ends.length; tie += 1) {
      let tiePositives = 0;
      let tieNegatives = 0;
      for (; at < ends[tie]!; at += 1) {
        const weight = weights[order[at]!]!;
        tiePositives += positive[at]! * weight;
        tieNegatives += (1 - positive[at]!) * weight;
      }
      area += tiePositives * (below + tieNegatives / 2);
      below += tieNegatives;
      positives += tiePositives;
    }
    return area / (positives * below);
  };
}
