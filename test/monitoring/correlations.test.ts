// Correlations and character classes of profiles: right, bounded, and nothing in them that few rows share.
import { describe, expect, it } from "vitest";
import { parseProfileDocument, writeProfileDocument } from "../../src/evidence/profile-document.ts";
import { characterClasses } from "../../src/monitoring/character-classes.ts";
import {
  listCorrelations,
  mergeRelations,
  type Relations,
  summarizeRelations,
} from "../../src/monitoring/correlations.ts";
import { createExactSum, toNumber } from "../../src/monitoring/exact-sum.ts";
import type { Profile } from "../../src/monitoring/profile.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { publishProfile } from "../../src/monitoring/published-profile.ts";
import { createRowSampler, mostRows } from "../../src/monitoring/row-sample.ts";
import { renderProfile } from "../../src/report/profile.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";

function profileOf(columns: Readonly<Record<string, readonly number[] | readonly string[]>>): Profile {
  const made = Object.entries(columns).map(([name, values]): [string, Column] => [
    name,
    typeof values[0] === "string"
      ? { name, type: "categorical", values: values as string[] }
      : { name, type: "numeric", values: Float64Array.from(values as number[]) },
  ]);
  return profileTable({ rows: Object.values(columns)[0]?.length ?? 0, columns: new Map(made) });
}
const correlationsOf = (profile: Profile) =>
  (profile.relations ? listCorrelations(profile.relations) : []).map(({ correlation }) => correlation);
const reread = (profile: Profile): Profile =>
  parseProfileDocument(JSON.stringify(writeProfileDocument(profile)), "p.json");

/** Normal pairs that correlate by `rho`. */
function makePairs(rows: number, rho: number, seed = "pairs"): { x: number[]; y: number[] } {
  const random = createRandom(seed);
  const x = Array.from({ length: rows }, () => 1e6 + random.nextNormal());
  const y = x.map((value) => rho * (value - 1e6) + Math.sqrt(1 - rho * rho) * random.nextNormal());
  return { x, y };
}

describe("correlations", () => {
  it("are Pearson's: scipy.stats.pearsonr of the same numbers, pairs with a missing one left out", () => {
    // pearsonr([1, 2, 3, 5, 8], [2, 1, 4, 3, 9]) = 0.89096264…; with the row (7, nan) beside it the same.
    const profile = profileOf({ a: [1, 2, 3, 5, 8, 7], b: [2, 1, 4, 3, 9, Number.NaN], c: [4, 4, 4, 4, 4, 4] });
    expect(correlationsOf(profile)[0]).toBeCloseTo(0.8909626439922668, 12);
    expect(correlationsOf(profile).slice(1)).toEqual([null, null]);
    expect(correlationsOf(profileOf({ a: [1, 2, 3], b: [-2, -4, -6] }))[0]).toBeCloseTo(-1, 12);
    expect(profileOf({ a: [1] }).relations).toBeNull();
  });

  it("of many rows come from a bounded sample, of which shards have their part: to the byte", () => {
    const { x, y } = makePairs(40_000, 0.6);
    const relate = (from: number, to: number): Relations => {
      const sampler = createRowSampler(2);
      sampler.add([Float64Array.from(x.slice(from, to)), Float64Array.from(y.slice(from, to))], to - from);
      return summarizeRelations(["x", "y"], sampler.finish()) as Relations;
    };
    const whole = relate(0, x.length);
    expect(whole.hashes.length).toBeLessThanOrEqual(mostRows);
    expect(whole.level).toBeGreaterThan(0);
    expect(Math.abs((listCorrelations(whole)[0]?.correlation ?? 0) - 0.6)).toBeLessThan(0.05);
    const cuts = [0, 100, 30_000, 40_000];
    const parts = cuts.slice(1).map((end, i): Relations | null => relate(cuts[i] ?? 0, end));
    expect([...parts].reverse().reduce(mergeRelations)).toEqual(whole);
    expect(parts.reduce(mergeRelations)).toEqual(whole);
  });

  it("take equal rows as often as they are, however few are different", () => {
    const random = createRandom("few");
    const x = Array.from({ length: 30_000 }, () => random.nextInteger(2));
    const y = x.map((value) => (random.nextInteger(4) === 0 ? 1 - value : value));
    const [found] = correlationsOf(profileOf({ x, y }));
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [a, b] = [mean(x), mean(y)];
    const expected = (mean(x.map((value, i) => value * (y[i] ?? 0))) - a * b) / Math.sqrt(a * (1 - a) * b * (1 - b));
    expect(found).toBeCloseTo(expected, 10);
  });

  it("are published in steps, and not at all when fewer rows than a group have both", () => {
    const published = reread(publishProfile(profileOf({ ...makePairs(500, 0.62) }), 10));
    expect(published.relations).toBeNull();
    expect(Math.abs((published.publishedCorrelations?.values[0] ?? 0) * 20) % 1).toBeCloseTo(0, 9);
    expect(renderProfile(published, "0".repeat(64))).toMatch(/x +y +0\.[56]/);
    const few = publishProfile(profileOf({ x: [1, 2, 3, 4], y: [2, 3, 4, 6] }), 10);
    expect(few.publishedCorrelations?.values).toEqual([null]);
  });
});

describe("exact sums", () => {
  it("do not depend on the order, nor lose small terms beside large ones", () => {
    const terms = [1e30, 1, -1e30, 1e-30, 3, -1e-30];
    for (const order of [terms, [...terms].reverse(), [...terms].sort()]) {
      const sum = createExactSum();
      for (const term of order) sum.add(term);
      expect(toNumber(sum.finish())).toBe(4);
    }
  });
});

describe("character classes", () => {
  const texts = ["abc", "é1", "日本 語", "ok 🙂", "a-b", "\u0007", ""];
  const countsOf = (profile: Profile): Readonly<Record<string, number>> =>
    Object.fromEntries(characterClasses.map(({ name }, i) => [name, profile.columns[0]?.characters?.[i] ?? -1]));

  it("count the texts that hold each", () => {
    expect(countsOf(profileOf({ t: texts }))).toEqual({
      "latin letters": 4,
      "other scripts": 1,
      digits: 1,
      spaces: 2,
      punctuation: 1,
      "symbols and emoji": 1,
      "control and broken characters": 1,
    });
  });

  it("hide in a published profile what few hold, or all but few", () => {
    const many = [...Array<string>(30).fill("word"), "word 7", "77"];
    const published = reread(publishProfile(profileOf({ t: many }), 10));
    expect(countsOf(published)).toMatchObject({ "latin letters": 32, digits: 0, spaces: 0 });
    expect(renderProfile(published, "0".repeat(64))).toMatch(/t +latin letters all/);
  });
});
