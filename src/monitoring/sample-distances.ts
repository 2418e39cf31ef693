// What is asked of the values of two sides again and again, and what must be sorted for the rest.
import { compareUnsorted } from "../statistics/compare-unsorted.ts";
import { kolmogorovSmirnovDistance } from "../statistics/kolmogorov-smirnov.ts";
import { sortNumbers } from "../statistics/sort-numbers.ts";
import { compareSorted, populationDeviation, wassersteinDistance } from "../statistics/wasserstein.ts";
import type { SampleDistances, SamplePair } from "./column-pair.ts";

const known = new WeakMap<SamplePair, SampleDistances>();

/** Computed once a pair, if it does not say; 0 when a side is empty. */
export function measureSamples(samples: SamplePair): SampleDistances {
  const found = samples.distances ?? known.get(samples) ?? measureSorted(samples);
  known.set(samples, found);
  return found;
}

/**
 * The distances of values in any order, NaN-free; the values are sorted only where one is infinite. Real numbers to
 * twelve digits: the last ones depend on the order.
 */
export function measureUnsorted(reference: Float64Array, current: Float64Array): SampleDistances {
  const compared = compareUnsorted(reference, current);
  if (compared === null) {
    sortNumbers(reference);
    sortNumbers(current);
    return measureSorted({ reference, current });
  }
  const { kolmogorovSmirnov, wasserstein } = compared;
  return {
    kolmogorovSmirnov,
    wasserstein: keepDigits(wasserstein),
    referenceDeviation: keepDigits(populationDeviation(reference)),
  };
}

function keepDigits(value: number): number {
  return Number(value.toPrecision(12));
}

/** A pair of values that lie in any order: they are sorted, where they lie, when somebody asks for them. */
export function createSamplePair(
  reference: Float64Array,
  current: Float64Array,
  distances: SampleDistances,
): SamplePair {
  let isSorted = false;
  const sort = (): void => {
    if (isSorted) return;
    sortNumbers(reference);
    sortNumbers(current);
    isSorted = true;
  };
  return {
    get reference() {
      sort();
      return reference;
    },
    get current() {
      sort();
      return current;
    },
    distances,
  };
}

function measureSorted({ reference, current }: SamplePair): SampleDistances {
  const [left, right] = [keepFinite(reference), keepFinite(current)];
  const referenceDeviation = populationDeviation(left);
  if (left.length === reference.length && right.length === current.length)
    return { ...compareSorted(reference, current), referenceDeviation };
  return {
    kolmogorovSmirnov: kolmogorovSmirnovDistance(reference, current),
    wasserstein: wassersteinDistance(left, right),
    referenceDeviation,
  };
}

/** The finite ones of values that ascend. */
function keepFinite(sorted: Float64Array): Float64Array {
  const low = sorted.findIndex((value) => value !== Number.NEGATIVE_INFINITY);
  let high = sorted.length;
  while (high > 0 && sorted[high - 1] === Number.POSITIVE_INFINITY) high--;
  return sorted.subarray(low < 0 ? high : low, high);
}
