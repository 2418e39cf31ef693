// Two histograms of which one or both are published: what they can still be compared on.
import { binMean, createHistogram, type OrderedHistogram } from "./ordered-histogram.ts";

/** The cell of all texts that a published profile does not list. */
export const restOfTexts = -1n;

/**
 * Both on the cells that both still tell apart: the groups of a published one, and of two published ones only the ends they
 * share; texts that a published one does not list are one cell. Unpublished histograms come back as they are. Both must
 * have the same level.
 */
export function shareCells(a: OrderedHistogram, b: OrderedHistogram): readonly [OrderedHistogram, OrderedHistogram] {
  if (a.centers === undefined && b.centers === undefined) return [a, b];
  const toCell = a.scale === "hash" ? listedIn(a, b) : cutBy(a, b);
  return [regroup(a, toCell), regroup(b, toCell)];
}

function listedIn(a: OrderedHistogram, b: OrderedHistogram): (key: bigint) => bigint {
  const [left, right] = [a, b].map((side) => (side.centers === undefined ? null : new Set(side.keys)));
  return (key) => ((left?.has(key) ?? true) && (right?.has(key) ?? true) ? key : restOfTexts);
}

/** The first group has no lower end, so its key is no cut. */
function cutBy(a: OrderedHistogram, b: OrderedHistogram): (key: bigint) => bigint {
  const [left, right] = [a, b].map((side) => (side.centers === undefined ? null : [...side.keys.subarray(1)]));
  const both = left && right ? left.filter((key) => new Set(right).has(key)) : (left ?? right ?? []);
  const lowest = (both[0] ?? 0n) - 1n;
  return (key) => {
    let [low, high] = [0, both.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((both[middle] as bigint) <= key) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? lowest : (both[low - 1] as bigint);
  };
}

function regroup(histogram: OrderedHistogram, toCell: (key: bigint) => bigint): OrderedHistogram {
  const cells = new Map<bigint, { count: number; sum: number }>();
  histogram.keys.forEach((key, i) => {
    const count = histogram.counts[i] as number;
    const cell = cells.get(toCell(key)) ?? { count: 0, sum: 0 };
    cells.set(toCell(key), { count: cell.count + count, sum: cell.sum + count * binMean(histogram, i) });
  });
  const sorted = [...cells].sort(([x], [y]) => (x < y ? -1 : 1));
  return {
    ...createHistogram(
      histogram.scale,
      histogram.shift,
      sorted.map(([key]) => key),
      sorted.map(([, { count }]) => count),
    ),
    centers: sorted.map(([, { count, sum }]) => sum / count),
  };
}
