// Distances without sorting are those of sorting: KS to the last bit, Wasserstein to rounding.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareUnsorted } from "../../src/statistics/compare-unsorted.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { keyOf, planBuckets } from "../../src/statistics/value-buckets.ts";
import { compareSorted } from "../../src/statistics/wasserstein.ts";

const rows = 30_000;

function normal(random: ReturnType<typeof createRandom>): number {
  return Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());
}

/** Distributions that are hard in one way each. */
const shapes: Readonly<Record<string, (random: ReturnType<typeof createRandom>, index: number) => number>> = {
  "normal numbers": (random) => normal(random),
  "few whole numbers": (random) => Math.floor(random.nextFloat() * 7),
  "one number": () => 3,
  "zeros of both signs": (random) => (random.nextFloat() < 0.5 ? -0 : 0),
  "zeros of both signs among tiny numbers": (random) =>
    random.nextFloat() < 0.3 ? -0 : random.nextFloat() < 0.5 ? 0 : (random.nextFloat() - 0.5) * 1e-320,
  "seconds of a year": (random) => 1.7e9 + Math.floor(random.nextFloat() * 3e7),
  "far from 0 and near each other": (random) => -4e15 + Math.floor(random.nextFloat() * 1000),
  "twenty decades on both sides": (random) =>
    (random.nextFloat() < 0.5 ? -1 : 1) * 10 ** (20 * (random.nextFloat() - 0.5)),
  "ratios of normal numbers": (random) => normal(random) / normal(random),
  "a lump and a tail": (random) => (random.nextFloat() < 0.9 ? 1 : random.nextFloat() * 1e12),
  "large numbers": (random) => (random.nextFloat() - 0.5) * 1e300,
  "numbers that ascend": (_, index) => index,
};

function draw(shape: string, seed: string, length: number, moved: number): Float64Array {
  const random = createRandom(`${shape} ${seed}`);
  return Float64Array.from({ length }, (_, index) => (shapes[shape]?.(random, index) ?? 0) + moved);
}

function compareWithSorting(a: Float64Array, b: Float64Array): void {
  const found = compareUnsorted(a, b);
  const expected = compareSorted(a.slice().sort(), b.slice().sort());
  expect(found?.kolmogorovSmirnov).toBe(expected.kolmogorovSmirnov);
  const error = Math.abs((found?.wasserstein ?? Number.NaN) - expected.wasserstein);
  expect(error).toBeLessThanOrEqual(1e-11 * expected.wasserstein);
}

describe.each(Object.keys(shapes))("%s", (shape) => {
  it.each([
    ["the same distribution twice", rows, 0],
    ["one that moved", rows, 0.25],
    ["sides of different lengths", rows / 10, 0],
    ["sides that do not touch", rows, 1e16],
  ])("%s", (_, length, moved) => {
    compareWithSorting(draw(shape, "a", rows, 0), draw(shape, "b", length, moved));
  });
});

describe("comparing without sorting", () => {
  it("says nothing where a number is infinite, and leaves the samples as they are", () => {
    const [a, b] = [draw("normal numbers", "a", rows, 0), draw("normal numbers", "b", rows, 0)];
    const before = a.slice();
    compareUnsorted(a, b);
    expect(a).toEqual(before);
    b[17] = Number.NEGATIVE_INFINITY;
    expect(compareUnsorted(a, b)).toBeNull();
    b[18] = Number.POSITIVE_INFINITY;
    expect(compareUnsorted(b, a)).toBeNull();
    const ends = a.map((value) => (value < 0 ? -1e308 : 1e308));
    expect(compareUnsorted(ends, a), "sums beyond the largest number").toBeNull();
  });

  it("is 0 for a sample without numbers", () => {
    const none = new Float64Array();
    for (const other of [none, draw("normal numbers", "a", rows, 0)])
      expect(compareUnsorted(none, other)).toEqual({ kolmogorovSmirnov: 0, wasserstein: 0 });
  });

  it("agrees with sorting for any numbers, repeated often enough to be many (seed 4)", () => {
    const bounds = { noNaN: true, min: -1e290, max: 1e290 } as const;
    const numbers = fc.array(fc.oneof(fc.double(bounds), fc.integer(), fc.constantFrom(0, -0)), {
      minLength: 1,
      maxLength: 40,
    });
    const repeat = (values: readonly number[]) =>
      Float64Array.from({ length: 20_001 }, (_, i) => values[i % values.length] as number);
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [left, right] = [repeat(a), repeat(b)];
        const expected = compareSorted(left.slice().sort(), right.slice().sort());
        const found = compareUnsorted(left, right);
        expect(found?.kolmogorovSmirnov).toBe(expected.kolmogorovSmirnov);
        // Beyond the largest double both are infinite.
        if (Number.isFinite(expected.wasserstein))
          expect(Math.abs((found?.wasserstein ?? Number.NaN) - expected.wasserstein)).toBeLessThanOrEqual(
            1e-11 * expected.wasserstein,
          );
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});

describe("buckets", () => {
  it("never put a smaller number higher, nor equal ones apart (seed 5)", () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 200 });
    const scratch = new Float64Array(1);
    const words = new Int32Array(scratch.buffer);
    fc.assert(
      fc.property(numbers, (values) => {
        const all = Float64Array.from(values);
        const { cells, offset, count } = planBuckets(all, all);
        const placeOf = (value: number): number => {
          scratch[0] = value - offset + 0;
          const key = keyOf(words[1] as number);
          const cell = cells[key >>> 16] as number;
          return (cell >>> 5) + ((key & 0xffff) >>> (cell & 31));
        };
        const places = [...values, 0, -0].sort((a, b) => a - b).map(placeOf);
        for (const [i, place] of places.entries()) expect(place).toBeGreaterThanOrEqual(places[i - 1] ?? 0);
        expect(placeOf(0)).toBe(placeOf(-0));
        expect(places.at(-1)).toBeLessThan(count);
      }),
      { seed: 5 },
    );
  });
});
