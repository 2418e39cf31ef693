// Baseline and candidate under a metric of the largest difference between groups: simultaneous intervals, rows paired.
import { countEffectiveUnits } from "../statistics/effective-units.ts";
import type { Inference } from "../statistics/inference.ts";
import { type Bounds, inferLargestChange, inferLargestContrast } from "../statistics/largest-contrast.ts";
import { toForm } from "./group-rates.ts";
import { describeTooFew, type PairedEstimate, type SamplingPlan } from "./pair-contract.ts";
import { measureShareCovariance, measureUsualWeight } from "./share-covariance.ts";
import { reachShares } from "./share-reach.ts";
import type { SpreadStatistic } from "./statistic.ts";

type Range = readonly [number, number];

/**
 * The candidate's own value by the intervals of all its contrasts at once; its change against factor · baseline by those of both models and their differences.
 * NaN bounds when a rate of a ratio is 0.
 */
export function compareSpreads(
  baseline: SpreadStatistic,
  candidate: SpreadStatistic,
  plan: SamplingPlan,
): Omit<PairedEstimate, "baseline" | "candidate"> {
  const known = new Map<number, Inference>();
  const contrast = (factor: number): Inference => {
    const made =
      known.get(factor) ??
      (factor === 0 ? inferAlone(candidate, plan) : inferChange(baseline, candidate, factor, plan));
    known.set(factor, made);
    return made;
  };
  const { layout } = plan;
  return {
    contrast,
    zeroTest: () => {
      const { estimate, standardError, pValueAbove, pValueBelow } = contrast(1);
      const pValue = Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
      return { test: "max-t", statistic: standardError > 0 ? estimate / standardError : null, pValue };
    },
    tooFew:
      layout.unitOfRow === null
        ? null
        : describeTooFew(countEffectiveUnits(layout, plan.weights, plan.rows), layout.units, "groups of rows"),
  };
}

function inferAlone(statistic: SpreadStatistic, plan: SamplingPlan): Inference {
  const { contrasts, form, value } = statistic;
  if (!contrasts.every((one) => Number.isFinite(one.value))) return inferNothing(value);
  const covariance = measureShareCovariance([statistic], plan);
  const reaches = reachShares([statistic], covariance, measureUsualWeight(plan));
  const inner = inferLargestContrast(contrasts, covariance, reaches, plan.random);
  if (form === "difference") return { ...inner, interval: (confidence) => clamp(inner.interval(confidence)) };
  return {
    estimate: value,
    standardError: inner.standardError * value,
    interval: (confidence) => {
      const [low, high] = inner.interval(confidence);
      return [toForm(high, form), toForm(low, form)];
    },
    pValueAbove: (limit) => (limit > 0 ? inner.pValueBelow(-Math.log(limit)) : 0),
    pValueBelow: (limit) => (limit > 0 ? inner.pValueAbove(-Math.log(limit)) : 1),
  };
}

function inferChange(
  baseline: SpreadStatistic,
  candidate: SpreadStatistic,
  factor: number,
  plan: SamplingPlan,
): Inference {
  const estimate = candidate.value - factor * baseline.value;
  const finite = [...baseline.contrasts, ...candidate.contrasts].every((one) => Number.isFinite(one.value));
  if (!finite) return inferNothing(estimate);
  const covariance = measureShareCovariance([baseline, candidate], plan);
  const reaches = reachShares([baseline, candidate], covariance, measureUsualWeight(plan));
  const change = inferLargestChange(baseline.contrasts, candidate.contrasts, covariance, reaches, plan.random);
  const bound = candidate.form === "difference" ? boundDifference(factor) : boundRatio(factor);
  return {
    estimate,
    standardError: change.standardError * (candidate.form === "difference" ? 1 : candidate.value),
    interval: (confidence) => bound(change.bounds(confidence)),
    pValueAbove: (limit) => change.findPValue((bounds) => bound(bounds)[0] > limit),
    pValueBelow: (limit) => change.findPValue((bounds) => bound(bounds)[1] < limit),
  };
}

/** candidate − k·baseline = change − (k − 1)·baseline, no wider than what the two allow by themselves. */
function boundDifference(factor: number): (bounds: Bounds) => Range {
  return ({ baseline, candidate, change }) => {
    const [before, after] = [clamp(baseline), clamp(candidate)];
    return meet(add(change, scale(before, 1 - factor)), add(after, scale(before, -factor)));
  };
}

/** With ratios b, c and the change d of their −logarithms, c − k·b = b·(exp(−d) − k). */
function boundRatio(factor: number): (bounds: Bounds) => Range {
  return ({ baseline, candidate, change }) => {
    const before: Range = [Math.exp(-baseline[1]), Math.exp(-baseline[0])];
    const after: Range = [Math.exp(-candidate[1]), Math.exp(-candidate[0])];
    const ends = change.flatMap((end) => before.map((ratio) => ratio * (Math.exp(-end) - factor)));
    return meet([Math.min(...ends), Math.max(...ends)], add(after, scale(before, -factor)));
  };
}

function clamp([low, high]: Range): Range {
  return [Math.max(0, low), Math.min(1, high)];
}

function add(left: Range, right: Range): Range {
  return [left[0] + right[0], left[1] + right[1]];
}

function scale([low, high]: Range, factor: number): Range {
  return factor < 0 ? [high * factor, low * factor] : [low * factor, high * factor];
}

function meet(left: Range, right: Range): Range {
  return [Math.max(left[0], right[0]), Math.min(left[1], right[1])];
}

function inferNothing(estimate: number): Inference {
  return {
    estimate,
    standardError: Number.NaN,
    interval: () => [Number.NaN, Number.NaN],
    pValueAbove: () => 1,
    pValueBelow: () => 1,
  };
}
