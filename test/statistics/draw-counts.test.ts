import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCountDrawer } from "../../src/statistics/draw-counts.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const lanes = (counts: Int32Array) => [0, 8, 16, 24].map((shift) => counts.map((word) => (word >>> shift) & 0xff));

describe("counts of draws with replacement", () => {
  test("add up to the rows in all four resamples", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer(), (rows, seed) => {
        const counts = new Int32Array(rows);
        createCountDrawer(rows, createRandom(String(seed)))(counts);
        for (const lane of lanes(counts)) expect(lane.reduce((total, count) => total + count, 0)).toBe(rows);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test("three rows: all ten outcomes as often as the multinomial distribution says", () => {
    const draw = createCountDrawer(3, createRandom("three"));
    const seen = new Map<string, number>();
    const counts = new Int32Array(3);
    const total = 20_000;
    for (let at = 0; at < total / 4; at += 1) {
      draw(counts);
      for (const lane of lanes(counts)) seen.set(lane.join(), (seen.get(lane.join()) ?? 0) + 1);
    }
    const factorial = [1, 1, 2, 6];
    expect(seen.size).toBe(10);
    for (const [outcome, times] of seen) {
      const chance = outcome.split(",").reduce((ways, count) => ways / factorial[Number(count)]!, 6) / 27;
      expect(Math.abs(times / total - chance), outcome).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / total));
    }
  });

  test("many rows: each count is binomial, and neither neighbours nor the resamples know of each other", () => {
    const rows = 5000;
    const draw = createCountDrawer(rows, createRandom("many"));
    const counts = new Int32Array(rows);
    const seen = new Float64Array(16);
    const between = new Float64Array(3);
    let beside = 0;
    const times = 200;
    for (let at = 0; at < times; at += 1) {
      draw(counts);
      const [first, ...others] = lanes(counts) as [Int32Array, ...Int32Array[]];
      for (let row = 0; row < rows; row += 1) {
        seen[first[row]!] = seen[first[row]!]! + 1;
        others.forEach((other, at) => {
          between[at] = between[at]! + (first[row]! - 1) * (other[row]! - 1);
        });
        if (row > 0) beside += (first[row]! - 1) * (first[row - 1]! - 1);
      }
    }
    const draws = rows * times;
    let chance = (1 - 1 / rows) ** rows;
    for (let count = 0; count < 7; count += 1) {
      expect(Math.abs(seen[count]! / draws - chance), `${count} times`).toBeLessThan(5 * Math.sqrt(chance / draws));
      chance *= (rows - count) / (count + 1) / (rows - 1);
    }
    for (const sum of between) expect(Math.abs(sum) / Math.sqrt(draws)).toBeLessThan(4);
    expect(Math.abs(beside) / Math.sqrt(draws)).toBeLessThan(4);
  });
});
