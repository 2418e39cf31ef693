// Numbers of columns, sorted and compared on two threads.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type NumberSorter, type NumbersByColumn, startNumberSorter } from "../../src/data/number-sorter.ts";
import { kolmogorovSmirnovDistance } from "../../src/statistics/kolmogorov-smirnov.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { wassersteinDistance } from "../../src/statistics/wasserstein.ts";

let sorter: NumberSorter;
beforeEach(() => {
  sorter = startNumberSorter();
});
afterEach(() => sorter.close());

function drawColumns(names: readonly string[], rows: number, seed: string): NumbersByColumn {
  const random = createRandom(seed);
  const draw = (_: unknown, index: number) =>
    index % 97 === 0 ? Number.POSITIVE_INFINITY : Math.round((random.nextFloat() - 0.5) * 1e6) / 8;
  return new Map(names.map((name) => [name, Float64Array.from({ length: rows }, draw)]));
}

describe.each([
  ["few numbers, which no thread is started for", 1_000],
  ["many numbers, half of them on another thread", 200_000],
])("%s", (_, rows) => {
  it("ascend, and are compared as if one by one", async () => {
    const [before, after] = [drawColumns(["a", "b", "c"], rows, "before"), drawColumns(["b", "c", "d"], rows, "after")];
    const plain = (numbers: NumbersByColumn, name: string) => Float64Array.from(numbers.get(name) ?? []).sort();
    const expected = ["b", "c"].map((name) => [name, plain(before, name), plain(after, name)] as const);
    const pairs = await sorter.pairColumns(await sorter.sortBeside(before), after);
    expect([...pairs.keys()]).toEqual(["b", "c"]);
    for (const [name, reference, current] of expected) {
      const pair = pairs.get(name);
      expect(pair?.reference).toEqual(reference);
      expect(pair?.current).toEqual(current);
      expect(pair?.distances?.kolmogorovSmirnov).toBe(kolmogorovSmirnovDistance(reference, current));
      const finite = (values: Float64Array) => values.filter((value) => Number.isFinite(value));
      expect(pair?.distances?.wasserstein).toBeCloseTo(wassersteinDistance(finite(reference), finite(current)), 9);
    }
  });
});

it("has nothing to do where no numbers were kept", async () => {
  expect((await sorter.pairColumns(await sorter.sortBeside(new Map()), new Map())).size).toBe(0);
});
