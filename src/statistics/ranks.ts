// Ranks with ties shared.
import { sortWithTies } from "./sort-order.ts";

/** Ranks from 1; equal values share the mean of their ranks. The order of the input is kept. */
export function midranks(values: Float64Array): Float64Array {
  const { order, ends } = sortWithTies(values);
  const ranks = new Float64Array(values.length);
  let start = 0;
  for (const end of ends) {
    for (let at = start; at < end; at++) ranks[order[at] as number] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Σ (t³ − t) over groups of equal values: the correction for ties of rank tests. */
export function tieCorrection(values: Float64Array): number {
  let sum = 0;
  let start = 0;
  for (const end of sortWithTies(values).ends) {
    const count = end - start;
    sum += count ** 3 - count;
    start = end;
  }
  return sum;
}
