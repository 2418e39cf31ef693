// What a thread that answers need not copy: the memory of its histograms and numbers.
import type { OrderedHistogram } from "../monitoring/ordered-histogram.ts";

/** The memory of all arrays, once each, to be moved with a message: they are empty afterwards on the side that sends them. */
export function listBuffers(
  histograms: readonly (OrderedHistogram | null)[],
  numbers: Iterable<Float64Array> = [],
): ArrayBuffer[] {
  const arrays: ArrayBufferView[] = [...numbers];
  for (const histogram of histograms) {
    if (histogram === null) continue;
    arrays.push(histogram.keys, histogram.counts);
    if (histogram.lows instanceof BigInt64Array) arrays.push(histogram.lows);
  }
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}
