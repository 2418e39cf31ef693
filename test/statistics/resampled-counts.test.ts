import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lanes } from "../../src/statistics/count-kernels.ts";
import { splitPoisson } from "../../src/statistics/poisson-mixture.ts";
import { openResampledCounts } from "../../src/statistics/resampled-counts.ts";
import { createRandom } from "../../src/statistics/rng.ts";

/** A function that draws sixteen resamples and returns the counts of all units in each. */
function drawFrom(units: number, seed: string): () => readonly Float64Array[] {
  const lists = Array.from({ length: units }, (_, unit) => Uint32Array.of(unit * lanes));
  const { counts, rows } = openResampledCounts(units, createRandom(seed), lists);
  return () => {
    counts.draw();
    const byUnit = rows.map((row) => counts.sum(row));
    return Array.from({ length: lanes }, (_, lane) => Float64Array.from(byUnit, (sums) => sums[lane]!));
  };
}

describe("counts of draws with replacement", () => {
  test("add up to the units in all sixteen resamples", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer(), (units, seed) => {
        for (const lane of drawFrom(units, String(seed))())
          expect(lane.reduce((total, count) => total + count, 0)).toBe(units);
      }),
      { seed: 5, numRuns: 20 },
    );
  });

  test("three units: all ten outcomes as often as the multinomial distribution says", () => {
    const draw = drawFrom(3, "three");
    const seen = new Map<string, number>();
    const total = 32_000;
    for (let at = 0; at < total / lanes; at += 1)
      for (const lane of draw()) seen.set(lane.join(), (seen.get(lane.join()) ?? 0) + 1);
    const factorial = [1, 1, 2, 6];
    expect(seen.size).toBe(10);
    for (const [outcome, times] of seen) {
      const chance = outcome.split(",").reduce((ways, count) => ways / factorial[Number(count)]!, 6) / 27;
      expect(Math.abs(times / total - chance), outcome).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / total));
    }
  });

  test("many units: each count is binomial, and neither neighbours nor the resamples know of each other", () => {
    const units = 2000;
    const draw = drawFrom(units, "many");
    const seen = new Float64Array(16);
    const between = new Float64Array(lanes - 1);
    let beside = 0;
    const times = 60;
    for (let at = 0; at < times; at += 1) {
      const drawn = draw();
      drawn.forEach((lane, which) => {
        for (let unit = 0; unit < units; unit += 1) {
          const count = lane[unit]!;
          seen[count] = seen[count]! + 1;
          if (which > 0) between[which - 1] = between[which - 1]! + (drawn[0]![unit]! - 1) * (count - 1);
          if (unit > 0) beside += (count - 1) * (lane[unit - 1]! - 1);
        }
      });
    }
    const draws = units * times * lanes;
    let chance = (1 - 1 / units) ** units;
    for (let count = 0; count < 10; count += 1) {
      expect(Math.abs(seen[count]! / draws - chance), `${count} times`).toBeLessThan(
        5 * Math.sqrt(chance / draws) + 2 / draws,
      );
      chance *= (units - count) / (count + 1) / (units - 1);
    }
    for (const sum of between) expect(Math.abs(sum) / Math.sqrt(units * times)).toBeLessThan(4.5);
    expect(Math.abs(beside) / Math.sqrt(draws)).toBeLessThan(4.5);
  });
});

test("what 16 bits decide and the rest together are Poisson's chances", () => {
  for (const mean of [0, 0.01, 0.3, 0.9, 0.9905, 1]) {
    const { shares, restChance, rest } = splitPoisson(mean, 7, 15);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(65536);
    expect(restChance).toBeLessThan(0.001);
    let chance = Math.exp(-mean);
    for (let count = 0; count <= 15; count += 1) {
      const drawn = ((1 - restChance) * (shares[count] ?? 0)) / 65536 + restChance * rest[count]!;
      expect(drawn, `${count} at ${mean}`).toBeCloseTo(chance, 14);
      chance *= mean / (count + 1);
    }
  }
});
