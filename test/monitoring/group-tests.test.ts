// Rows that depend on each other: whole users change sides, so that twenty rows of a user are no twenty witnesses.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulateUsers } from "../../bench/simulate-joint.ts";
import { testGroups } from "../../src/monitoring/group-tests.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { measureDesignEffect, permuteUnits } from "../../src/statistics/unit-counts.ts";

describe("false alarms with twenty rows per user and no drift", () => {
  it("are held when users change sides whole, and are the rule when rows are taken as independent", () => {
    const runs = 20;
    const rates = simulateUsers({ runs, users: 60, rowsPerUser: 20, columns: 10 }, "users");
    expect(rates.grouped).toBeLessThanOrEqual(0.07 + 2 * Math.sqrt((0.07 * 0.93) / runs));
    expect(rates.independent).toBeGreaterThan(0.9);
  }, 60_000);
});

describe("groups with many equally frequent categories", () => {
  it("have p-values that are uniform: the listed categories are not those of one side", () => {
    const random = createRandom("grouped categories");
    const draw = () => ({
      column: {
        name: "c",
        type: "categorical" as const,
        values: Array.from({ length: 600 }, () => `c${random.nextInteger(100)}`),
      },
      units: Int32Array.from({ length: 600 }, (_, row) => row >> 1),
      unitCount: 300,
    });
    const runs = 100;
    let small = 0;
    for (let run = 0; run < runs; run++)
      if (testGroups(draw(), draw(), false, 99, random).values.pValue <= 0.05) small++;
    expect(small / runs).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / runs));
  });
});

describe("measureDesignEffect", () => {
  const random = createRandom("design");
  const counts = (units: number, cells: (unit: number) => readonly number[]) => ({
    units,
    width: 2,
    counts: Float64Array.from({ length: units }, (_, unit) => unit).reduce(
      (all, unit) => {
        all.set(cells(unit), 2 * unit);
        return all;
      },
      new Float64Array(2 * units),
    ),
  });
  it("is the size of groups whose rows are all alike, and about 1 for independent rows", () => {
    const alike = counts(2000, () => (random.nextFloat() < 0.3 ? [20, 0] : [0, 20]));
    expect(measureDesignEffect(alike)).toBeCloseTo(20, 0);
    const free = counts(2000, () => {
      let first = 0;
      for (let row = 0; row < 20; row++) if (random.nextFloat() < 0.3) first++;
      return [first, 20 - first];
    });
    expect(measureDesignEffect(free)).toBeLessThan(1.1);
  });
  it("is never below 1 and defined for any counts", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 12 }), (cells) => {
        const effect = measureDesignEffect(counts(cells.length, (unit) => cells[unit] ?? [0, 0]));
        expect(effect).toBeGreaterThanOrEqual(1);
        expect(Number.isFinite(effect)).toBe(true);
      }),
    );
  });
});

describe("permuteUnits", () => {
  it("counts the observed arrangement, so that p is never 0, and is 1 without units or difference", () => {
    const random = createRandom("permute");
    const side = (...counts: number[]) => ({ units: counts.length / 2, width: 2, counts: Float64Array.from(counts) });
    const differ = (a: Float64Array, b: Float64Array): number => Math.abs((a[0] ?? 0) - (b[0] ?? 0));
    const apart = side(...Array.from({ length: 20 }, () => [9, 0]).flat());
    const other = side(...Array.from({ length: 20 }, () => [0, 9]).flat());
    expect(permuteUnits(apart, other, differ, 999, random)).toBe(1 / 1000);
    expect(permuteUnits(apart, apart, differ, 999, random)).toBe(1);
    expect(permuteUnits(apart, side(), differ, 999, random)).toBe(1);
  });
});
