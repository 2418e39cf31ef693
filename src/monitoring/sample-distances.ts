// What is asked of the sorted values of two sides again and again, from one walk along both.
import { kolmogorovSmirnovDistance } from "../statistics/kolmogorov-smirnov.ts";
import { compareSorted, wassersteinDistance } from "../statistics/wasserstein.ts";
import type { SampleDistances, SamplePair } from "./column-pair.ts";

const known = new WeakMap<SamplePair, SampleDistances>();

/** Computed once a pair, if it does not say; 0 when a side is empty. */
export function measureSamples(samples: SamplePair): SampleDistances {
  const found = samples.distances ?? known.get(samples) ?? measure(samples);
  known.set(samples, found);
  return found;
}

function measure({ reference, current }: SamplePair): SampleDistances {
  const [left, right] = [keepFinite(reference), keepFinite(current)];
  if (left.length === reference.length && right.length === current.length) return compareSorted(reference, current);
  return {
    kolmogorovSmirnov: kolmogorovSmirnovDistance(reference, current),
    wasserstein: wassersteinDistance(left, right),
  };
}

/** The finite ones of values that ascend. */
export function keepFinite(sorted: Float64Array): Float64Array {
  const low = sorted.findIndex((value) => value !== Number.NEGATIVE_INFINITY);
  let high = sorted.length;
  while (high > 0 && sorted[high - 1] === Number.POSITIVE_INFINITY) high--;
  return sorted.subarray(low < 0 ? high : low, high);
}
