import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCountDrawer } from "../../src/statistics/draw-counts.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const halves = (counts: Uint32Array) => [counts.map((both) => both & 0xffff), counts.map((both) => both >>> 16)];

describe("counts of draws with replacement", () => {
  test("add up to the rows in both resamples, with the counts from the split on shifted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), fc.nat(), fc.integer(), (rows, cut, seed) => {
        const split = rows === 0 ? 0 : cut % (rows + 1);
        const counts = new Uint32Array(rows);
        createCountDrawer(rows, split, 8, createRandom(String(seed)))(counts);
        for (const half of halves(counts)) {
          const sum = half.reduce((total, count, row) => total + (row < split ? count : count >>> 8), 0);
          expect(sum).toBe(rows);
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test("three rows: all ten outcomes as often as the multinomial distribution says", () => {
    const draw = createCountDrawer(3, 3, 0, createRandom("three"));
    const seen = new Map<string, number>();
    const counts = new Uint32Array(3);
    const total = 20_000;
    for (let at = 0; at < total / 2; at += 1) {
      draw(counts);
      for (const half of halves(counts)) seen.set(half.join(), (seen.get(half.join()) ?? 0) + 1);
    }
    const factorial = [1, 1, 2, 6];
    expect(seen.size).toBe(10);
    for (const [outcome, times] of seen) {
      const chance = outcome.split(",").reduce((ways, count) => ways / factorial[Number(count)]!, 6) / 27;
      expect(Math.abs(times / total - chance), outcome).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / total));
    }
  });

  test("many rows: each count is binomial, and neither neighbours nor the two resamples know of each other", () => {
    const rows = 5000;
    const draw = createCountDrawer(rows, rows, 0, createRandom("many"));
    const counts = new Uint32Array(rows);
    const seen = new Float64Array(16);
    let [between, beside] = [0, 0];
    const times = 200;
    for (let at = 0; at < times; at += 1) {
      draw(counts);
      const [first, second] = halves(counts) as [Uint32Array, Uint32Array];
      for (let row = 0; row < rows; row += 1) {
        seen[first[row]!] = seen[first[row]!]! + 1;
        between += (first[row]! - 1) * (second[row]! - 1);
        if (row > 0) beside += (first[row]! - 1) * (first[row - 1]! - 1);
      }
    }
    const draws = rows * times;
    let chance = (1 - 1 / rows) ** rows;
    for (let count = 0; count < 7; count += 1) {
      expect(Math.abs(seen[count]! / draws - chance), `${count} times`).toBeLessThan(5 * Math.sqrt(chance / draws));
      chance *= (rows - count) / (count + 1) / (rows - 1);
    }
    expect(Math.abs(between) / Math.sqrt(draws)).toBeLessThan(4);
    expect(Math.abs(beside) / Math.sqrt(draws)).toBeLessThan(4);
  });
});
