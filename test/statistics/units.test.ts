// How much rows say that hang together: groups of unequal size, and blocks in time.
import { describe, expect, test } from "vitest";
import { canDouble, countBlockFreedom, spreadBlockDraws } from "../../src/statistics/block-spread.ts";
import { measureJackknife } from "../../src/statistics/bootstrap-interval.ts";
import { countEffectiveUnits } from "../../src/statistics/effective-units.ts";

describe("units of equal size that a sample is worth", () => {
  const layout = (unitOfRow: readonly number[] | null, units: number, blockLength: number | null = null) => ({
    units,
    unitOfRow: unitOfRow && Int32Array.from(unitOfRow),
    blockLength,
  });

  test("rows and equal groups are what they are; a large group counts for little more than one", () => {
    expect(countEffectiveUnits(layout(null, 7), null, 7)).toBe(7);
    expect(countEffectiveUnits(layout([0, 0, 1, 1, 2, 2], 3), null, 6)).toBe(3);
    // (1 + 1 + 4)² / (1 + 1 + 16).
    expect(countEffectiveUnits(layout([0, 1, 2, 2, 2, 2], 3), null, 6)).toBe(2);
  });

  test("weights count as rows do; without any weight nothing is known", () => {
    expect(countEffectiveUnits(layout(null, 3), Float64Array.of(1, 1, 4), 3)).toBe(2);
    expect(countEffectiveUnits(layout(null, 3), Float64Array.of(0.1, 0.1, 0.1), 3)).toBe(3);
    expect(countEffectiveUnits(layout(null, 2), Float64Array.of(0, 0), 2)).toBe(0);
  });

  test("blocks are counted", () => {
    expect(countEffectiveUnits(layout(null, 100, 30), null, 100)).toBe(4);
  });
});

test("the jackknife's error of a mean is s / √n, and its acceleration skewness / (6 √n)", () => {
  const values = [1, 2, 3, 10];
  const sum = 16;
  const { standardError, acceleration } = measureJackknife(Float64Array.from(values, (value) => (sum - value) / 3));
  // NumPy: std(ddof=1) / 2 and Σ(x − x̄)³ / (6 (Σ(x − x̄)²)^1.5).
  expect(standardError).toBeCloseTo(2.04124145232, 10);
  expect(acceleration).toBeCloseTo(0.08485281374, 10);
});

describe("the spread of an estimate from blocks", () => {
  const draws = (deviation: number) => Float64Array.of(5 - deviation, 5, 5 + deviation);
  const deviationOf = (values: Float64Array) => (values[2]! - values[0]!) / 2;

  test("grows by what blocks of twice the length still find: 2·V(2l) − V(l), each for what the sample's mean leaves out", () => {
    const spread = spreadBlockDraws(draws(1), draws(1.5), 100, 10);
    expect(deviationOf(spread) ** 2).toBeCloseTo((2 * 2.25) / 0.8 - 1 / 0.9, 12);
    expect(spread[1]).toBeCloseTo(5, 12);
  });

  test("never shrinks, and without longer blocks only makes up for the mean", () => {
    expect(deviationOf(spreadBlockDraws(draws(1), draws(0.5), 100, 10)) ** 2).toBeCloseTo(1 / 0.9, 12);
    expect(deviationOf(spreadBlockDraws(draws(1), null, 100, 40)) ** 2).toBeCloseTo(1 / 0.6, 12);
    expect(spreadBlockDraws(draws(0), draws(0), 100, 10)).toEqual(draws(0));
  });

  test("draws that are not finite stay so and count for nothing", () => {
    const spread = spreadBlockDraws(Float64Array.of(4, Number.NaN, 6), Float64Array.of(4, 6, Number.NaN), 100, 10);
    expect(spread[1]).toBeNaN();
    expect((spread[2]! - spread[0]!) / 2).toBeCloseTo(Math.sqrt(2 / 0.8 - 1 / 0.9), 12);
  });

  test("blocks are doubled while four fit; the degrees of freedom are 3/8 of their number", () => {
    expect([canDouble(25, 100), canDouble(26, 100)]).toEqual([true, false]);
    expect([countBlockFreedom(400, 10), countBlockFreedom(10, 10)]).toEqual([15, 1]);
  });
});
