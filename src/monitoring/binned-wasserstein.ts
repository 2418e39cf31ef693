// Wasserstein-1 of a column: of its rows when they are known, else with every value at the mean of its bin.
import { populationDeviation, wassersteinDistance } from "../statistics/wasserstein.ts";
import type { ColumnPair } from "./column-pair.ts";
import { binMean, type OrderedHistogram, summarizeMoments } from "./ordered-histogram.ts";

/** Null for columns without order. Infinite values are left out. `normed` is 0 when the reference does not vary. */
export function binnedWasserstein(pair: ColumnPair): { readonly distance: number; readonly normed: number } | null {
  if (!pair.ordered) return null;
  const samples = pair.samples();
  if (samples) {
    const reference = keepFinite(samples.reference);
    const distance = wassersteinDistance(reference, keepFinite(samples.current));
    return { distance, normed: divide(distance, populationDeviation(reference)) };
  }
  const { reference, current } = pair.histograms;
  const distance = integrate(pointMasses(reference), pointMasses(current));
  return { distance, normed: divide(distance, summarizeMoments(reference).deviation) };
}

interface PointMass {
  readonly at: number;
  readonly share: number;
}

function pointMasses(histogram: OrderedHistogram): readonly PointMass[] {
  const points = histogram.keys
    .map((_, i) => ({ at: binMean(histogram, i), count: histogram.counts[i] as number }))
    .filter(({ at }) => Number.isFinite(at));
  const total = points.reduce((sum, point) => sum + point.count, 0);
  return points.map(({ at, count }) => ({ at, share: count / total }));
}

/** ∫ |F − G| of two discrete distributions sorted by place; 0 when one is empty. */
function integrate(a: readonly PointMass[], b: readonly PointMass[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const steps = [
    ...a.map(({ at, share }) => ({ at, share })),
    ...b.map(({ at, share }) => ({ at, share: -share })),
  ].sort((left, right) => left.at - right.at);
  let difference = 0;
  let distance = 0;
  steps.forEach((step, i) => {
    difference += step.share;
    const next = steps[i + 1];
    if (next) distance += Math.abs(difference) * (next.at - step.at);
  });
  return distance;
}

function keepFinite(sorted: Float64Array): Float64Array {
  const low = sorted.findIndex((value) => value !== Number.NEGATIVE_INFINITY);
  let high = sorted.length;
  while (high > 0 && sorted[high - 1] === Number.POSITIVE_INFINITY) high--;
  return sorted.subarray(low < 0 ? high : low, high);
}

function divide(distance: number, deviation: number): number {
  return deviation > 0 ? distance / deviation : 0;
}
