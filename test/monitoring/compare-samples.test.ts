// Numbers of columns of both sides, compared.
import { describe, expect, it } from "vitest";
import { compareSamples, type NumbersByColumn } from "../../src/monitoring/compare-samples.ts";
import { kolmogorovSmirnovDistance } from "../../src/statistics/kolmogorov-smirnov.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { populationDeviation, wassersteinDistance } from "../../src/statistics/wasserstein.ts";

function drawColumns(names: readonly string[], rows: number, seed: string, infinite: boolean): NumbersByColumn {
  const random = createRandom(seed);
  const draw = (_: unknown, index: number) =>
    infinite && index % 97 === 0 ? Number.POSITIVE_INFINITY : Math.round((random.nextFloat() - 0.5) * 1e6) / 8;
  return new Map(names.map((name) => [name, Float64Array.from({ length: rows }, draw)]));
}

describe.each([
  ["few numbers, which are sorted", 1_000],
  ["many numbers, which are not", 200_000],
])("%s", (_, rows) => {
  it.each([false, true])("are compared as if one by one, with infinite ones: %s", (infinite) => {
    const before = drawColumns(["a", "b", "c"], rows, "before", infinite);
    const after = drawColumns(["b", "c", "d"], rows, "after", infinite);
    const plain = (numbers: NumbersByColumn, name: string) => Float64Array.from(numbers.get(name) ?? []).sort();
    const expected = ["b", "c"].map((name) => [name, plain(before, name), plain(after, name)] as const);
    const pairs = compareSamples(before, after);
    expect([...pairs.keys()]).toEqual(["b", "c"]);
    for (const [name, reference, current] of expected) {
      const pair = pairs.get(name);
      const finite = (values: Float64Array) => values.filter((value) => Number.isFinite(value));
      expect(pair?.distances?.kolmogorovSmirnov).toBe(kolmogorovSmirnovDistance(reference, current));
      expect(pair?.distances?.wasserstein).toBeCloseTo(wassersteinDistance(finite(reference), finite(current)), 7);
      expect(pair?.distances?.referenceDeviation).toBeCloseTo(populationDeviation(finite(reference)), 5);
      expect(pair?.reference, "sorted for whoever asks").toEqual(reference);
      expect(pair?.current).toEqual(current);
    }
  });
});

it("has nothing to do where no numbers were kept", () => {
  expect(compareSamples(new Map(), new Map()).size).toBe(0);
});
