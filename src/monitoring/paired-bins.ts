// The bins of two histograms side by side, as arrays: an object a bin would be most of what a comparison makes the collector do.
import type { OrderedHistogram } from "./ordered-histogram.ts";

/** Keys of either side, ascending, each with the counts of both, of which one may be 0. */
export interface PairedBins {
  readonly keys: BigInt64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** A bin of both sides by itself. */
export interface PairedBin {
  readonly key: bigint;
  readonly a: number;
  readonly b: number;
}

/** Keys of either of two aligned histograms, with the counts in each. */
export function pairBins(a: OrderedHistogram, b: OrderedHistogram): PairedBins {
  const most = a.keys.length + b.keys.length;
  const paired = { keys: new BigInt64Array(most), a: new Float64Array(most), b: new Float64Array(most) };
  // Keys by words of 32 bits: integers of 64 are objects, one for each that is read.
  const words = viewWords(paired.keys);
  const left = viewWords(a.keys);
  const right = viewWords(b.keys);
  let i = 0;
  let j = 0;
  let length = 0;
  while (2 * i < left.length || 2 * j < right.length) {
    let order = 0;
    if (2 * j >= right.length) order = -1;
    else if (2 * i >= left.length) order = 1;
    else {
      order = (left[2 * i + 1] as number) - (right[2 * j + 1] as number);
      if (order === 0) order = ((left[2 * i] as number) >>> 0) - ((right[2 * j] as number) >>> 0);
    }
    words[2 * length] = (order <= 0 ? left[2 * i] : right[2 * j]) as number;
    words[2 * length + 1] = (order <= 0 ? left[2 * i + 1] : right[2 * j + 1]) as number;
    if (order <= 0) paired.a[length] = a.counts[i++] as number;
    if (order >= 0) paired.b[length] = b.counts[j++] as number;
    length++;
  }
  return {
    keys: paired.keys.subarray(0, length),
    a: paired.a.subarray(0, length),
    b: paired.b.subarray(0, length),
  };
}

/** One object a bin, where they are few: categories. */
export function listBins({ keys, a, b }: PairedBins): readonly PairedBin[] {
  return Array.from(keys, (key, i) => ({ key, a: a[i] as number, b: b[i] as number }));
}

/** The bin of a key; undefined where neither side has it. */
export function findBin({ keys, a, b }: PairedBins, key: bigint): PairedBin | undefined {
  const at = keys.indexOf(key);
  return at < 0 ? undefined : { key, a: a[at] as number, b: b[at] as number };
}

/** Values of a side. */
export function sumCounts(counts: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i] as number;
  return sum;
}

/** Lower word first, the upper one with the sign. */
function viewWords(keys: BigInt64Array): Int32Array {
  return new Int32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
}
