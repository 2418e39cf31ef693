// Compares the numbers of columns, one column after the other.
import type { SamplePair } from "./column-pair.ts";
import { createSamplePair, measureUnsorted } from "./sample-distances.ts";

/** Without missing ones, in any order. */
export type NumbersByColumn = ReadonlyMap<string, Float64Array>;

/** Pairs of the columns that both sides have, which keep their numbers and may put them in another order. */
export function compareSamples(reference: NumbersByColumn, current: NumbersByColumn): ReadonlyMap<string, SamplePair> {
  const pairs = new Map<string, SamplePair>();
  for (const [name, before] of reference) {
    const after = current.get(name);
    if (after) pairs.set(name, createSamplePair(before, after, measureUnsorted(before, after)));
  }
  return pairs;
}
