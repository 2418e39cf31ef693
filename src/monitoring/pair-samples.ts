// Numbers of both sides, sorted: what exact comparisons are made on.

import { sortNumbers } from "../statistics/sort-numbers.ts";
import type { SamplePair } from "./column-pair.ts";

/** Numbers by column, in any order; sorts them where they lie. Columns of one side only are left out. */
export function pairSamples(
  reference: ReadonlyMap<string, Float64Array>,
  current: ReadonlyMap<string, Float64Array>,
): ReadonlyMap<string, SamplePair> {
  const all = [...reference.values(), ...current.values()];
  const scratch = new Float64Array(all.reduce((most, { length }) => Math.max(most, length), 0));
  const pairs = new Map<string, SamplePair>();
  for (const [name, values] of reference) {
    const other = current.get(name);
    if (!other) continue;
    sortNumbers(values, scratch);
    sortNumbers(other, scratch);
    pairs.set(name, { reference: values, current: other });
  }
  return pairs;
}
