// The labels in the order of a score: what all rank metrics of a model read, made once.
import { sortWithTies, type TiedOrder } from "./sort-order.ts";

export interface RankedLabels extends TiedOrder {
  /** 1 where the row of this rank is positive, else 0; ranks ascend with the score. */
  readonly positive: Uint8Array;
  readonly positives: number;
  /** Twice the number of pairs of a positive and a negative with a smaller score, equal ones counting half. */
  readonly doublePairs: number;
}

const remembered = new WeakMap<Float64Array, { readonly labels: Float64Array; readonly ranked: RankedLabels }>();

/** `labels` are 1 for positive rows, else 0. Remembers the last labels of each array of scores; neither may change afterwards. */
export function rankLabels(labels: Float64Array, scores: Float64Array): RankedLabels {
  const known = remembered.get(scores);
  if (known?.labels === labels) return known.ranked;
  const { order, ends } = sortWithTies(scores);
  // Small enough for a near cache while they are read in any order; without branches, since labels cannot be predicted.
  const bits = Uint8Array.from(labels);
  const positive = new Uint8Array(order.length);
  let positives = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    const bit = bits[order[rank]!]!;
    positive[rank] = bit;
    positives += bit;
  }
  const ranked = { order, ends, positive, positives, doublePairs: countDoublePairs(ends, positive, positives) };
  remembered.set(scores, { labels, ranked });
  return ranked;
}

/** By the sum of the positives' ranks (Mann and Whitney 1947), with a mask where a product with 0 or 1 would do: several times as fast. */
function countDoublePairs(ends: Uint32Array, positive: Uint8Array, positives: number): number {
  let start = 0;
  let ranks = 0;
  for (let tie = 0; tie < ends.length; tie += 1) {
    const end = ends[tie]!;
    const doubleRank = start + 1 + end;
    for (let rank = start; rank < end; rank += 1) ranks += -positive[rank]! & doubleRank;
    start = end;
  }
  return ranks - positives * (positives + 1);
}
