// Measures beside the tests: those that need rows, texts or vectors, against known answers and their own laws.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairColumns } from "../../src/monitoring/column-pair.ts";
import { decideDrift } from "../../src/monitoring/drift-policy.ts";
import { readEmbeddings, testEmbedding } from "../../src/monitoring/embeddings.ts";
import { driftMeasures } from "../../src/monitoring/measures/catalog.ts";
import { profileColumn } from "../../src/monitoring/profile-table.ts";
import { listTrigrams, listWords } from "../../src/monitoring/text-parts.ts";
import { testDiscrepancy, unbiasedDiscrepancy } from "../../src/statistics/maximum-mean-discrepancy.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const random = createRandom("measures");
const find = (id: string) => {
  const measure = driftMeasures.find((one) => one.id === id);
  if (!measure) throw new Error(`no measure ${id}`);
  return measure;
};
const numbers = (a: readonly number[], b: readonly number[]) =>
  pairColumns(
    profileColumn({ name: "x", type: "numeric", values: Float64Array.from(a) }),
    profileColumn({ name: "x", type: "numeric", values: Float64Array.from(b) }),
  );
const draw = (rows: number, shift = 0): number[] => Array.from({ length: rows }, () => random.nextNormal() + shift);

describe("every measure", () => {
  it("is a number or null for any column, and of two equal sides says that nothing differs", () => {
    const same = draw(300);
    const pair = numbers(same, same);
    const nothing: Readonly<Record<string, number>> = {
      mannWhitney: 0.5,
      andersonDarling: Number.NaN,
      mmd: Number.NaN,
      mmdPValue: Number.NaN,
    };
    for (const measure of driftMeasures) {
      const value = measure.compute(pair);
      if (value === null || Number.isNaN(nothing[measure.id] ?? 0)) continue;
      if (measure.id === "cramerVonMises") expect(value).toBeLessThan(0.1);
      else expect(value, measure.id).toBeCloseTo(nothing[measure.id] ?? 0, 10);
    }
  });
  it("survives empty, constant and infinite values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN), {
          maxLength: 6,
        }),
        fc.array(fc.constantFrom(0, 1, 1e308, Number.NaN), { maxLength: 6 }),
        (a, b) => {
          const [column] = decideDrift([numbers(a, b)], { measures: "all" }).columns;
          expect(Object.keys(column?.measures ?? {})).toEqual(driftMeasures.map(({ id }) => id));
          expect(JSON.parse(JSON.stringify(column))).toEqual(column);
        },
      ),
      { numRuns: 60 },
    );
  });
  it("knows SciPy's answers: ttest_ind(equal_var=False) and fisher_exact", () => {
    expect(find("welchT").compute(numbers([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]))).toBeCloseTo(1.8973665961010275, 12);
    const colours = (first: number, second: number) =>
      profileColumn({
        name: "c",
        type: "categorical",
        values: [...Array(first).fill("red"), ...Array(second).fill("blue")],
      });
    // scipy.stats.fisher_exact([[8, 2], [1, 5]]).pvalue
    expect(find("fisherPValue").compute(pairColumns(colours(8, 2), colours(1, 5)))).toBeCloseTo(
      0.03496503496503495,
      12,
    );
    expect(find("fisherPValue").compute(numbers([1, 2], [1, 2]))).toBeNull();
  });
});

describe("maximum mean discrepancy", () => {
  const points = (rows: number, shift: number) => draw(rows, shift).map((value, i) => [value, (i % 7) / 7]);
  it("is the unbiased estimate, with a p-value that counts itself", () => {
    const [a, b] = [points(30, 0), points(40, 2)];
    const { statistic, pValue, sigma } = testDiscrepancy(a, b, 99, random);
    expect(statistic).toBeCloseTo(unbiasedDiscrepancy(a, b, sigma), 12);
    expect(pValue).toBe(0.01);
  });
  it("calls at most about 5 % of equal samples different at 0.05", () => {
    let low = 0;
    for (let run = 0; run < 200; run++)
      if (testDiscrepancy(points(20, 0), points(20, 0), 39, random).pValue <= 0.05) low++;
    expect(low).toBeLessThanOrEqual(200 * 0.05 + 3 * Math.sqrt(200 * 0.05 * 0.95));
  });
});

describe("texts", () => {
  it("are words of any script, and trigrams with their ends", () => {
    expect(listWords("Größe: 12 km, 東京!")).toEqual(["größe", "12", "km", "東京"]);
    expect(listTrigrams(" A  b ")).toEqual([" a ", "a b", " b "]);
    expect(listTrigrams("🎉")).toEqual([" 🎉 "]);
  });
  it("tell new words and new letters from the usual ones", () => {
    const words = Array.from({ length: 300 }, (_, i) => `wort${i}`);
    const text = (from: number, to: number): string =>
      Array.from({ length: 8 }, () => words[from + random.nextInteger(to - from)]).join(" ");
    const texts = (reference: readonly string[], current: readonly string[]) => {
      const column = (values: readonly string[]) => profileColumn({ name: "t", type: "categorical", values });
      return pairColumns(column(reference), column(current), null, { reference, current });
    };
    const reference = Array.from({ length: 300 }, () => text(0, 150));
    const usual = texts(
      reference,
      Array.from({ length: 200 }, () => text(0, 150)),
    );
    const fresh = texts(
      reference,
      Array.from({ length: 200 }, () => text(0, 300)),
    );
    const other = texts(
      reference,
      Array.from({ length: 200 }, () => "ganz andere buchstaben"),
    );
    expect(Math.abs(find("outOfVocabulary").compute(usual) ?? 1)).toBeLessThan(0.01);
    expect(find("outOfVocabulary").compute(fresh)).toBeCloseTo(0.5, 1);
    expect(find("characterTrigrams").compute(usual)).toBeLessThan(0.1);
    expect(find("characterTrigrams").compute(other)).toBeGreaterThan(0.8);
    expect(find("outOfVocabulary").compute(numbers([1], [2]))).toBeNull();
  });
});

describe("vectors", () => {
  const vector = (shift: number) => Array.from({ length: 8 }, (_, i) => random.nextNormal() + (i === 0 ? shift : 0));
  it("are read from lists and from columns of one prefix; rows of another length are left out", () => {
    const table = {
      rows: 3,
      columns: new Map([
        ["v", { name: "v", type: "text" as const, values: ["[1, 2]", null, "[1, 2, 3]"] }],
        ["e0", { name: "e0", type: "numeric" as const, values: Float64Array.of(1, 2, Number.NaN) }],
        ["e1", { name: "e1", type: "numeric" as const, values: Float64Array.of(3, 4, 5) }],
        ["t", { name: "t", type: "text" as const, values: ["[not json", "a", "b"] }],
      ]),
    };
    const found = readEmbeddings(table, ["e", "none"]);
    expect([...found]).toEqual([
      [
        "e",
        [
          [1, 3],
          [2, 4],
        ],
      ],
      ["v", [[1, 2]]],
    ]);
  });
  it("that moved have a small p-value and an effect; others have not", () => {
    const side = (shift: number) => Array.from({ length: 200 }, () => vector(shift));
    const moved = testEmbedding({ name: "v", reference: side(0), current: side(1.5) }, random);
    expect(moved).toMatchObject({ dimensions: 8, pValue: 1 / 1000 });
    expect(moved?.effect).toBeGreaterThan(0.3);
    const still = testEmbedding({ name: "v", reference: side(0), current: side(0) }, random);
    expect(still?.pValue).toBeGreaterThan(0.001);
    expect(testEmbedding({ name: "v", reference: side(0), current: side(0).slice(0, 20) }, random)).toBeNull();
  });
});
