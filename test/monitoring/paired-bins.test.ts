// Two histograms side by side: each key once, with what either side counts under it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHistogram, edgeOf, listBinMeans, listEdges, orderBins } from "../../src/monitoring/ordered-histogram.ts";
import { findBin, listBins, pairBins, sumCounts } from "../../src/monitoring/paired-bins.ts";

const key = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom(-(2n ** 32n), 2n ** 32n, 2n ** 31n, -(2n ** 31n)),
);
const counts = fc.uniqueArray(fc.tuple(key, fc.integer({ min: 1, max: 9 })), { selector: ([at]) => at, maxLength: 30 });

function toHistogram(counted: readonly (readonly [bigint, number])[]) {
  const bins = counted.map(([at, count]) => ({ key: at, count, low: 0n }));
  return orderBins("integer", 0, bins);
}

describe("bins side by side", () => {
  it("are the keys of either side in their order, with the counts of both", () => {
    fc.assert(
      fc.property(counts, counts, (left, right) => {
        const [inLeft, inRight] = [new Map(left), new Map(right)];
        const keys = [...new Set([...inLeft.keys(), ...inRight.keys()])].sort((x, y) => (x < y ? -1 : 1));
        const bins = pairBins(toHistogram(left), toHistogram(right));
        expect(listBins(bins)).toEqual(
          keys.map((at) => ({ key: at, a: inLeft.get(at) ?? 0, b: inRight.get(at) ?? 0 })),
        );
        expect(sumCounts(bins.a)).toBe(left.reduce((sum, [, count]) => sum + count, 0));
      }),
    );
  });

  it("are found by their keys", () => {
    const bins = pairBins(toHistogram([[-1n, 2]]), toHistogram([[7n, 3]]));
    expect(findBin(bins, -1n)).toEqual({ key: -1n, a: 2, b: 0 });
    expect(findBin(bins, 7n)).toEqual({ key: 7n, a: 0, b: 3 });
    expect(findBin(bins, 0n)).toBeUndefined();
  });
});

describe("edges of many bins", () => {
  it("are those of each bin, and where nothing was dropped the means", () => {
    const value = fc.oneof(fc.bigInt({ min: -(2n ** 20n), max: 2n ** 20n - 2n }), fc.constantFrom(0n, -1n, 1n));
    fc.assert(
      fc.property(fc.uniqueArray(value, { maxLength: 20 }), fc.integer({ min: 0, max: 43 }), (some, shift) => {
        const keys = [...some].sort((x, y) => (x < y ? -1 : 1));
        const histogram = createHistogram("double", shift, keys, new Array<number>(keys.length).fill(1));
        const expected = keys.map((at) => edgeOf(histogram, at));
        expect([...listEdges(histogram, histogram.keys)]).toEqual(expected);
        expect(Array.from(listBinMeans(histogram))).toEqual(expected);
      }),
    );
  });
});
