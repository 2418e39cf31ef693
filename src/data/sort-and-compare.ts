// One step of exact comparisons: what the thread of its own does, and the caller's thread where there is none.
import { measureSamples } from "../monitoring/sample-distances.ts";
import { sortNumbers } from "../statistics/sort-numbers.ts";
import type { SortingOrder, SortingResult } from "./number-sorter.ts";

/** Memory to sort in, kept from column to column of a thread. */
let scratch = new Float64Array(0);

/** Sorts `values` where they lie; with others that are sorted, the distances of both. NaN must not occur. */
export function sortAndCompare({ sorted, values }: SortingOrder): SortingResult {
  if (scratch.length < values.length) scratch = new Float64Array(values.length);
  sortNumbers(values, scratch);
  return { sorted, values, distances: sorted && measureSamples({ reference: sorted, current: values }) };
}
