// Published profiles: what is shared by few rows cannot be read from them, and what is left still compares.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseProfileDocument, writeProfileDocument } from "../../src/evidence/profile-document.ts";
import { categoryHash } from "../../src/json/digest.ts";
import { compareProfiles } from "../../src/monitoring/compare-profiles.ts";
import { findDataFaults } from "../../src/monitoring/data-faults.ts";
import { lowerEdge, orderedBits } from "../../src/monitoring/ordered-histogram.ts";
import { findMergeProblem, type Profile } from "../../src/monitoring/profile.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { publishProfile } from "../../src/monitoring/published-profile.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const publish = (profile: Profile, rows = 10): Profile =>
  parseProfileDocument(JSON.stringify(writeProfileDocument(publishProfile(profile, rows))), "p.json");
const numbers = (values: readonly number[]): Profile =>
  profileTable({
    rows: values.length,
    columns: new Map([["x", { name: "x", type: "numeric", values: Float64Array.from(values) }]]),
  });
const texts = (values: readonly string[]): Profile =>
  profileTable({ rows: values.length, columns: new Map([["x", { name: "x", type: "categorical", values }]]) });
const columnOf = (profile: Profile) => profile.columns[0] as Profile["columns"][number];
const normal = (seed: string, n: number, shift = 0): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => random.nextNormal() + shift);
};

describe("a published profile", () => {
  const value = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -5, max: 5 }), fc.constant(1e300));

  it("compares with the rows it was made from, infinite ones and all: no drift, every measure a number or none, and an end", () => {
    const any = fc.oneof(value, fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
    fc.assert(
      fc.property(fc.array(any, { minLength: 250, maxLength: 400 }), (values) => {
        const plain = numbers(values);
        for (const sides of [
          [publish(plain), plain],
          [plain, publish(plain)],
          [publish(plain), publish(plain)],
        ] as const) {
          const { verdict, columns } = compareProfiles(...sides, { measures: "all" });
          expect(verdict).not.toBe("drift");
          for (const measure of Object.values(columns[0]?.measures ?? {}))
            if (measure !== null) expect(Number.isFinite(measure)).toBe(true);
          expect(Array.isArray(findDataFaults(...sides))).toBe(true);
        }
      }),
      {
        numRuns: 8,
        examples: [
          [
            [
              ...Array<number>(100).fill(Number.NEGATIVE_INFINITY),
              ...Array<number>(100).fill(1.5),
              ...Array<number>(100).fill(Number.POSITIVE_INFINITY),
            ],
          ],
        ],
      },
    );
  });

  it("has no bin of fewer rows, and tells no number that fewer rows have", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 10, maxLength: 400 }), fc.integer({ min: 2, max: 10 }), (values, k) => {
        const published = publish(numbers(values), k);
        const { values: bins, present } = columnOf(published);
        expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(present);
        expect(Math.min(...bins.counts)).toBeGreaterThanOrEqual(k);
        const counts = new Map<bigint, number>();
        for (const x of values) counts.set(orderedBits(x), (counts.get(orderedBits(x)) ?? 0) + 1);
        // A bin that stands for one value only is one of a value that enough rows have.
        bins.keys.forEach((key, i) => {
          const next = bins.keys[i + 1];
          const from = orderedBits(lowerEdge(bins, key));
          const single = i > 0 && next !== undefined && orderedBits(lowerEdge(bins, next)) - from === 1n;
          if (single) expect(counts.get(from)).toBeGreaterThanOrEqual(k);
        });
        expect(bins.lows.every((low) => low === 0n)).toBe(true);
      }),
    );
  });

  it("is the same whatever the few largest and smallest values are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 10, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.array(fc.double({ min: 10, max: 1e300, noNaN: true }), { minLength: 9, maxLength: 9 }),
        (some, others) => {
          const middle = normal("middle", 300);
          const at = (extremes: readonly number[]): string =>
            JSON.stringify(
              writeProfileDocument(publishProfile(numbers([...middle, ...extremes, ...extremes.map((x) => -x)]), 10)),
            );
          expect(at(some)).toBe(at(others.slice(0, some.length)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("keeps the values that many rows have, and takes rare texts together", () => {
    const zeros = columnOf(publish(numbers([...Array<number>(50).fill(0), ...normal("n", 60, 9)])));
    expect(zeros.values.centers?.[0]).toBe(0);
    expect(zeros.values.counts[0]).toBe(50);
    const rare = Array.from({ length: 9 }, (_, i) => `only-${i}`);
    const column = columnOf(publish(texts([...Array<string>(40).fill("a"), ...Array<string>(12).fill("b"), ...rare])));
    const known = new Map(Array.from(column.values.keys, (key, i) => [key, column.values.counts[i]]));
    expect(known.get(categoryHash("a"))).toBe(40);
    // Nine rows are too few for a rest of their own: the rarest listed text goes with them.
    expect(known.get(-1n)).toBe(21);
    expect(known.size).toBe(2);
    for (const text of rare) expect(known.has(categoryHash(text))).toBe(false);
    expect(column.distinctCount).toBe(11);
    expect(column.distinct).toBeNull();
  });

  it("hides infinities of few rows, and survives fewer rows than a group has", () => {
    const column = columnOf(publish(numbers([...normal("n", 100), Number.POSITIVE_INFINITY])));
    expect(column.infinite).toBe(0);
    expect(column.values.centers?.every(Number.isFinite)).toBe(true);
    const few = columnOf(publish(numbers([1, 2, 3])));
    expect([...few.values.counts]).toEqual([3]);
    expect(few.values.centers).toEqual([Number.NaN]);
    expect(columnOf(publish(numbers([]))).values.counts).toHaveLength(0);
  });

  it("is still a reference: nothing drifts that did not, a shift is found, new texts are not taken for known ones", () => {
    for (const [n, m] of [
      [400, 300],
      [20_000, 5000],
    ] as const) {
      const reference = publish(numbers(normal("reference", n)));
      const same = compareProfiles(reference, numbers(normal("current", m)));
      expect(same.verdict).not.toBe("drift");
      const [column] = compareProfiles(reference, numbers(normal("current", m, 0.8))).columns;
      expect(column?.outcome).toBe("drift");
      const both = compareProfiles(reference, publish(numbers(normal("current", m)), 20));
      expect(both.verdict).not.toBe("drift");
    }
    const letters = (seed: string, from: string): string[] => {
      const random = createRandom(seed);
      return Array.from({ length: 2000 }, () => from[random.nextInteger(from.length)] as string);
    };
    const reference = publish(texts([...letters("r", "abcd"), "rare-1", "rare-2"]));
    expect(compareProfiles(reference, texts(letters("c", "abcd"))).verdict).not.toBe("drift");
    expect(compareProfiles(reference, texts(letters("c", "abcdxyz"))).verdict).toBe("drift");
  });

  it("of categories that have hardly more rows than it lists from: Good and Turing say how many new rows it does not list", () => {
    const draw = (seed: string, rows: number, categories: number, prefix = "c"): Profile => {
      const random = createRandom(seed);
      return texts(Array.from({ length: rows }, () => `${prefix}${random.nextInteger(categories)}`));
    };
    const runs = 60;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      // Ten rows each on average: which categories are listed is chance.
      const [column] = compareProfiles(publish(draw(`r${run}`, 4000, 400)), draw(`c${run}`, 2000, 400)).columns;
      if (column?.outcome === "drift") found++;
      const predicted = column?.unlisted?.referenceRate ?? 1;
      expect(Math.abs(predicted - (column?.unlisted?.currentRate ?? 0))).toBeLessThan(0.12);
    }
    expect(found / runs).toBeLessThanOrEqual(0.07 + 2 * Math.sqrt((0.07 * 0.93) / runs));
    const reference = publish(draw("r", 4000, 400));
    const [others] = compareProfiles(reference, draw("o", 2000, 400, "other")).columns;
    expect(others).toMatchObject({ outcome: "drift", unlisted: { currentRate: 1, fewestRows: 10 } });
    expect(others?.reason).toContain("a category that the reference does not list");
    // What neither lists may be the same or not.
    const [both] = compareProfiles(reference, publish(draw("o", 4000, 400, "other"))).columns;
    expect(both).toMatchObject({ outcome: "inconclusive", unlisted: null });
    expect(both?.reason).toContain("compare the data itself");
  });

  it("cannot be merged: what was put together cannot be taken apart", () => {
    const whole = numbers(normal("n", 100));
    expect(findMergeProblem(publish(whole), whole)).toMatch(/published with groups of at least 10 rows.*merge first/);
    expect(publishProfile(publish(whole, 20), 10).smallestGroup).toBe(20);
    expect(Math.min(...columnOf(publish(publish(whole, 5), 20)).values.counts)).toBeGreaterThanOrEqual(20);
  });
});
