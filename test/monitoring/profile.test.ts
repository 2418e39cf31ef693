// Profiles: any order, any sharding, one answer; and what a profile does not hold.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseProfileDocument, writeProfileDocument } from "../../src/evidence/profile-document.ts";
import { countDistinct } from "../../src/monitoring/column-summary.ts";
import {
  binMean,
  coarsen,
  countValues,
  edgeOf,
  fitHistogram,
  mergeHistograms,
  orderedBits,
  summarizeMoments,
} from "../../src/monitoring/ordered-histogram.ts";
import { findMergeProblem, mergeProfiles, type Profile } from "../../src/monitoring/profile.ts";
import { profileColumn, profileTable } from "../../src/monitoring/profile-table.ts";
import type { Table } from "../../src/tables/table.ts";

function makeTable(numbers: readonly number[], texts: readonly (string | null)[]): Table {
  return {
    rows: numbers.length,
    columns: new Map([
      ["x", { name: "x", type: "numeric", values: Float64Array.from(numbers) }],
      ["y", { name: "y", type: "numeric", values: Float64Array.from(numbers, (x) => Math.round(x / 2) % 1000) }],
      ["s", { name: "s", type: "categorical", values: texts }],
    ]),
  };
}

const render = (profile: Profile): string => JSON.stringify(writeProfileDocument(profile));
const numbers = (values: readonly number[]) =>
  profileColumn({ name: "x", type: "numeric", values: Float64Array.from(values) }).values;

describe("merging", () => {
  it("gives the profile of the whole, to the byte, for any split and order", () => {
    const row = fc.tuple(
      fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 }), fc.constant(Number.NaN)),
      fc.option(fc.string({ maxLength: 3 })),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.array(fc.nat(3), { maxLength: 60 }), (rows, shards) => {
        const whole = profileTable(
          makeTable(
            rows.map(([x]) => x),
            rows.map(([, s]) => s),
          ),
        );
        const parts = [0, 1, 2, 3].map((shard) => {
          const mine = rows.filter((_, i) => (shards[i] ?? 0) === shard);
          return profileTable(
            makeTable(
              mine.map(([x]) => x),
              mine.map(([, s]) => s),
            ),
          );
        });
        expect(render(parts.reduce(mergeProfiles))).toBe(render(whole));
        expect(render([...parts].reverse().reduce(mergeProfiles))).toBe(render(whole));
      }),
    );
  });

  it("also when the whole has far more different values than bins", () => {
    const values = Array.from({ length: 30_000 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453);
    const texts = values.map((_, i) => `customer ${i}`);
    const whole = profileTable(makeTable(values, texts));
    const cut = [0, 1000, 1010, 20_000, 30_000];
    const parts = cut
      .slice(1)
      .map((end, i) => profileTable(makeTable(values.slice(cut[i], end), texts.slice(cut[i], end))));
    expect(render(parts.reduce(mergeProfiles))).toBe(render(whole));
    const [x, , s] = whole.columns;
    expect(x?.values.keys.length).toBeLessThanOrEqual(4096);
    expect(x?.values.keys.length).toBeGreaterThan(2048 / 2);
    expect(Math.abs((s ? (countDistinct(s) ?? 0) : 0) / 30_000 - 1)).toBeLessThan(0.1);
  });

  it("refuses other columns and other types, in words", () => {
    const a = profileTable(makeTable([1], ["a"]));
    expect(findMergeProblem(a, { ...a, columns: a.columns.slice(1) })).toContain("other columns: x, y, s and y, s");
    const flipped = { ...a, columns: a.columns.map((column) => ({ ...column, type: "boolean" as const })) };
    expect(findMergeProblem(a, flipped)).toContain('column "x" is numeric in one and boolean in the other');
    expect(findMergeProblem(a, a)).toBeNull();
  });
});

describe("nested bins", () => {
  it("keep order, counts and exact sums at every level, for numbers of either sign and any size", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
          minLength: 1,
          maxLength: 50,
        }),
        fc.integer({ min: 0, max: 52 }),
        (values, shift) => {
          const histogram = coarsen(numbers(values), shift);
          expect(countValues(histogram)).toBe(values.length);
          const sum = histogram.keys.reduce(
            (total, _, i) => total + binMean(histogram, i) * (histogram.counts[i] ?? 0),
            0,
          );
          const scale = values.reduce((total, value) => total + Math.abs(value), 1e-300);
          expect(Math.abs(sum - values.reduce((total, value) => total + value, 0)) / scale).toBeLessThan(1e-12);
          const edges = Array.from(histogram.keys, (key) => edgeOf(histogram, key));
          expect([...edges].sort((a, b) => a - b)).toEqual(edges);
        },
      ),
    );
  });

  it("order integers as the doubles they stand for; −0 is 0", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        expect(orderedBits(a) < orderedBits(b)).toBe(a < b);
      }),
    );
    expect(orderedBits(-0)).toBe(orderedBits(0));
  });

  it("merging is associative and commutative", () => {
    const list = fc.array(fc.double({ noNaN: true }), { maxLength: 40 }).map(numbers);
    fc.assert(
      fc.property(list, list, list, (a, b, c) => {
        const left = mergeHistograms(mergeHistograms(a, b, 8), c, 8);
        expect(mergeHistograms(a, mergeHistograms(c, b, 8), 8)).toEqual(left);
      }),
    );
  });

  it("mean and deviation are those of the values while each has its own bin", () => {
    const { mean, deviation } = summarizeMoments(numbers([2, 4, 4, 4, 5, 5, 7, 9]));
    expect(mean).toBe(5);
    expect(deviation).toBe(2);
    expect(summarizeMoments(fitHistogram(numbers([]))).mean).toBeNaN();
  });
});

describe("the document", () => {
  const profile = profileTable(makeTable([1.5, 2, 123456.789], ["common", "common", "only-one-person"]));
  const document = writeProfileDocument(profile);

  it("reads back as the same profile", () => {
    expect(parseProfileDocument(JSON.stringify(document), "p.json")).toEqual(profile);
  });
  it("holds no text of a category and no value as such", () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain("only-one-person");
    expect(text).not.toContain("123456");
  });
  it("refuses what was edited, another version, and what is no profile", () => {
    const edited = JSON.stringify({ ...document, rows: 4 });
    expect(() => parseProfileDocument(edited, "p.json")).toThrow(/was changed after it was made/);
    expect(() => parseProfileDocument(JSON.stringify({ ...document, schemaVersion: 2 }), "p.json")).toThrow(
      /another version/,
    );
    expect(() => parseProfileDocument('{"kind":"evaluation"}', "p.json")).toThrow(/is no profile/);
    expect(() => parseProfileDocument("{", "p.json")).toThrow(/no JSON/);
  });
});
