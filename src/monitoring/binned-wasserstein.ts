// Wasserstein-1 of a column: of its rows when they are known, else with every value at the mean of its bin.
import type { ColumnPair } from "./column-pair.ts";
import { listBinMeans, type OrderedHistogram, summarizeMoments } from "./ordered-histogram.ts";
import { measureSamples } from "./sample-distances.ts";

interface Distance {
  readonly distance: number;
  readonly normed: number;
}

const known = new WeakMap<ColumnPair, Distance>();

/** Null for columns without order. Infinite values are left out. `normed` is 0 when the reference does not vary. Computed once a pair. */
export function binnedWasserstein(pair: ColumnPair): Distance | null {
  if (!pair.ordered) return null;
  const found = known.get(pair) ?? measure(pair);
  known.set(pair, found);
  return found;
}

function measure(pair: ColumnPair): Distance {
  const samples = pair.samples();
  if (samples) {
    const { wasserstein: distance, referenceDeviation } = measureSamples(samples);
    return { distance, normed: divide(distance, referenceDeviation) };
  }
  const { reference, current } = pair.histograms;
  const distance = integrate(reference, current);
  return { distance, normed: divide(distance, summarizeMoments(reference).deviation) };
}

/** ∫ |F − G| of two distributions with every value at the mean of its bin, which ascend; 0 when one has no finite value. */
function integrate(a: OrderedHistogram, b: OrderedHistogram): number {
  const [left, right] = [listBinMeans(a), listBinMeans(b)];
  const [n, m] = [countFinite(a, left), countFinite(b, right)];
  if (n === 0 || m === 0) return 0;
  let i = 0;
  let j = 0;
  let difference = 0;
  let distance = 0;
  let last = Number.NaN;
  while (i < left.length || j < right.length) {
    const x = i < left.length ? (left[i] as number) : Number.POSITIVE_INFINITY;
    const y = j < right.length ? (right[j] as number) : Number.POSITIVE_INFINITY;
    // Groups of a published profile that have no ends have no mean: their values are left out as infinite ones are.
    if (Number.isNaN(x) || Number.isNaN(y)) {
      if (Number.isNaN(x)) i++;
      else j++;
      continue;
    }
    const at = Math.min(x, y);
    if (at === Number.POSITIVE_INFINITY) break;
    if (Number.isFinite(at)) {
      if (!Number.isNaN(last)) distance += Math.abs(difference) * (at - last);
      last = at;
      if (x <= y) difference += (a.counts[i] as number) / n;
      else difference -= (b.counts[j] as number) / m;
    }
    if (x <= y) i++;
    else j++;
  }
  return distance;
}

function countFinite({ counts }: OrderedHistogram, means: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < counts.length; i++) if (Number.isFinite(means[i])) count += counts[i] as number;
  return count;
}

function divide(distance: number, deviation: number): number {
  return deviation > 0 ? distance / deviation : 0;
}
