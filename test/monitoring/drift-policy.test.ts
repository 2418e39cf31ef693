// The drift policy: three outcomes, one family of tests, any column survives, and how often it is wrong.
import { describe, expect, it } from "vitest";
import { compareProfiles } from "../../src/monitoring/compare-profiles.ts";
import type { ColumnDrift, DriftReport } from "../../src/monitoring/drift-report.ts";
import { decideVerdict } from "../../src/monitoring/drift-verdict.ts";
import { learnThreshold } from "../../src/monitoring/learned-threshold.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column, Table } from "../../src/tables/table.ts";

function makeTable(columns: Readonly<Record<string, readonly (number | string | null)[]>>): Table {
  const rows = Math.max(0, ...Object.values(columns).map((values) => values.length));
  const typed = Object.entries(columns).map(([name, values]): [string, Column] => {
    const numeric = values.every((value) => typeof value === "number");
    // A column shorter than the others has missing values at its end.
    const whole = Array.from({ length: rows }, (_, row) => values[row] ?? (numeric ? Number.NaN : null));
    return numeric
      ? [name, { name, type: "numeric", values: Float64Array.from(whole as number[]) }]
      : [name, { name, type: "categorical", values: whole as (string | null)[] }];
  });
  return { rows, columns: new Map(typed) };
}

function compare(reference: Parameters<typeof makeTable>[0], current: Parameters<typeof makeTable>[0]): DriftReport {
  return compareProfiles(profileTable(makeTable(reference)), profileTable(makeTable(current)));
}

function only(report: DriftReport): ColumnDrift {
  const [column] = report.columns;
  if (!column) throw new Error("no column");
  return column;
}

const random = createRandom("policy");
const normal = (rows: number, shift = 0): number[] => Array.from({ length: rows }, () => random.nextNormal() + shift);
const draw = (rows: number, categories: readonly string[]): string[] =>
  Array.from({ length: rows }, () => categories[random.nextInteger(categories.length)] ?? "");

describe("outcomes", () => {
  it("a shift of half a standard deviation is drift, with the numbers in a sentence", () => {
    const column = only(compare({ x: normal(2000) }, { x: normal(1000, 0.5) }));
    expect(column).toMatchObject({ outcome: "drift", test: "ks", type: "numeric" });
    expect(column.effect).toBeGreaterThan(0.12);
    expect(column.reason).toMatch(/points of the values moved .* more than 10.0 points/);
  });

  it("nothing moved and many rows is stable; few rows are never stable", () => {
    expect(compare({ x: normal(20_000) }, { x: normal(20_000) }).verdict).toBe("stable");
    expect(compare({ x: normal(2000) }, { x: normal(100) }).verdict).toBe("inconclusive");
  });

  it("below 200 reference or 50 current rows nothing is said, and no test counts", () => {
    for (const [n, m] of [
      [199, 5000],
      [5000, 49],
      [5000, 0],
    ] as const) {
      const report = compare({ x: normal(n) }, { x: normal(m, 3) });
      expect(report).toMatchObject({ verdict: "insufficient", tests: 0 });
    }
  });

  it("an effect that is significant and small is not drift", () => {
    const column = only(compare({ x: normal(60_000) }, { x: normal(60_000, 0.05) }));
    expect(column.adjustedPValue).toBeLessThan(0.001);
    expect(column.outcome).toBe("stable");
  });

  it("missing cells are a test of their own", () => {
    const gaps = normal(1000).map((value, i) => (i % 5 === 0 ? Number.NaN : value));
    const column = only(compare({ x: normal(2000) }, { x: gaps }));
    expect(column.missing).toMatchObject({ outcome: "drift", referenceRate: 0, currentRate: 0.2 });
    expect(column.valuesOutcome).not.toBe("drift");
    expect(column.outcome).toBe("drift");
  });

  it("categories the reference does not have are told apart from those it rarely has", () => {
    const plans = ["basic", "plus", "pro"];
    const column = only(compare({ s: draw(2000, plans) }, { s: draw(1000, [...plans, "enterprise"]) }));
    expect(column.unlisted).toMatchObject({ outcome: "drift", referenceRate: 0 });
    expect(column.unlisted?.currentRate).toBeCloseTo(0.25, 1);
    const keys = (rows: number): string[] =>
      Array.from({ length: rows }, () => `k${Math.floor(300 * random.nextFloat() ** 4)}`);
    expect(only(compare({ s: keys(1000) }, { s: keys(1000) })).unlisted?.outcome).not.toBe("drift");
  });

  it("fewer new categories than the reference's singletons predict are stable", () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `id ${i % 1700}`);
    const column = only(compare({ s: ids }, { s: ids.slice(0, 1500) }));
    expect(column).toMatchObject({
      type: "categorical",
      outcome: "stable",
      unlisted: { referenceRate: 400 / 3000, currentRate: 0, pValue: 1, outcome: "stable" },
    });
  });

  it("many categories that are equally frequent have p-values that are uniform: none is chosen by one side's counts", () => {
    const names = Array.from({ length: 100 }, (_, i) => `c${i}`);
    const runs = 300;
    let small = 0;
    for (let run = 0; run < runs; run++) {
      if (only(compare({ x: draw(1500, names) }, { x: draw(1500, names) })).pValue <= 0.05) small++;
    }
    expect(small / runs).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / runs));
    expect(small / runs).toBeGreaterThan(0.01);
  });

  it("few tied values are tested by chi-square, also the lengths of free text", () => {
    const dice = (rows: number, sides: number): number[] =>
      Array.from({ length: rows }, () => random.nextInteger(sides));
    expect(only(compare({ x: dice(2000, 6) }, { x: dice(1000, 5) })).test).toBe("chi-square");
    const keys = (rows: number, length: number): string[] =>
      Array.from({ length: rows }, (_, i) =>
        String(i * 7919 + random.nextInteger(7000)).padStart(length + random.nextInteger(9), "x"),
      );
    expect(only(compare({ s: keys(2000, 10) }, { s: keys(500, 30) }))).toMatchObject({
      type: "text",
      test: "chi-square",
      outcome: "drift",
    });
  });
});

describe("any column survives, the others unharmed", () => {
  const empty = (rows: number): (number | null)[] => Array.from({ length: rows }, () => Number.NaN);
  const odd: Readonly<
    Record<string, readonly [readonly (number | string | null)[], readonly (number | string | null)[]]>
  > = {
    empty: [empty(500), empty(500)],
    constant: [Array(500).fill(7), Array(500).fill(7)],
    emptied: [normal(20_000), empty(20_000)],
    infinite: [
      normal(500).map((x, i) => (i % 9 ? x : Number.POSITIVE_INFINITY)),
      normal(500).map((x, i) => (i % 9 ? x : Number.NEGATIVE_INFINITY)),
    ],
    allNull: [Array(500).fill(null), Array(500).fill(null)],
    unique: [Array.from({ length: 500 }, (_, i) => `a${i}`), Array.from({ length: 500 }, (_, i) => `b${i}`)],
    long: [Array(500).fill("🎉".repeat(1000)), Array(500).fill("é")],
  };
  const report = compare(
    Object.fromEntries([...Object.entries(odd).map(([name, [a]]) => [name, a]), ["good", normal(20_000)]]),
    Object.fromEntries([...Object.entries(odd).map(([name, [, b]]) => [name, b]), ["good", normal(20_000)]]),
  );
  const find = (name: string): ColumnDrift | undefined => report.columns.find((column) => column.name === name);

  it("every number is finite or null with p in [0, 1]", () => {
    for (const column of report.columns) {
      for (const p of [column.pValue, column.adjustedPValue, column.missing.pValue]) {
        expect(p, column.name).toBeGreaterThanOrEqual(0);
        expect(p, column.name).toBeLessThanOrEqual(1);
      }
      expect(
        Object.values(column.measures).every((value) => value === null || Number.isFinite(value)),
        column.name,
      ).toBe(true);
      expect(JSON.parse(JSON.stringify(column))).toEqual(column);
    }
  });
  it("empty and constant columns are p = 1 and effect 0", () => {
    for (const name of ["empty", "constant", "allNull"]) expect(find(name)).toMatchObject({ pValue: 1, effect: 0 });
    expect(find("constant")?.outcome).not.toBe("drift");
    expect(find("empty")?.valuesOutcome).toBe("insufficient");
  });
  it("a column that lost all its values is drift of missing cells", () => {
    expect(find("emptied")).toMatchObject({ outcome: "drift", missing: { outcome: "drift", currentRate: 1 } });
  });
  it("the good column is as without the others", () => {
    expect(find("good")?.outcome).toBe("stable");
  });
});

describe("the verdict", () => {
  const column = (name: string, outcome: ColumnDrift["outcome"]): ColumnDrift =>
    ({ name, outcome, reason: "moved" }) as unknown as ColumnDrift;
  it("is the first of drift, insufficient, inconclusive, stable", () => {
    expect(decideVerdict([column("a", "stable"), column("b", "inconclusive")]).verdict).toBe("inconclusive");
    expect(decideVerdict([column("a", "insufficient"), column("b", "inconclusive")]).verdict).toBe("insufficient");
    expect(decideVerdict([column("a", "insufficient"), column("b", "drift")]).verdict).toBe("drift");
    expect(decideVerdict([]).verdict).toBe("insufficient");
  });
  it("weighs drift by importance when that is known, and says how", () => {
    const columns = [column("big", "stable"), column("tiny", "drift")];
    const weigh = (tiny: number, interval: readonly [number, number] | null = null) =>
      decideVerdict(
        columns,
        new Map([
          ["big", { value: 1, interval: [0.8, 1.2] }],
          ["tiny", { value: tiny, interval }],
        ]),
      );
    expect(weigh(0.01)).toMatchObject({ verdict: "inconclusive", importance: { threshold: 0.1 } });
    expect(weigh(0.01).reason).toContain(
      "carry 1.0 % of the importance to the model, less than 10 %, so they only warn",
    );
    expect(weigh(0.15).verdict).toBe("drift");
    expect(weigh(0.5).reason).toContain("one of them is among the most important");
    expect(weigh(0.5, [-0.1, 1])).toMatchObject({ verdict: "inconclusive", importance: { driftedShare: 0 } });
    expect(weigh(0.5, [-0.1, 1]).reason).toContain("no importance of theirs to the model is shown to be above 0");
    expect(decideVerdict(columns, new Map([["big", { value: 1, interval: null }]])).reason).toContain("is not known");
    expect(decideVerdict(columns, new Map([["big", { value: 0, interval: null }]])).verdict).toBe("drift");
  });
  it("is never stable when a column of the reference is gone", () => {
    const gone = decideVerdict([column("a", "stable")], null, ["b"]);
    expect(gone).toMatchObject({ verdict: "insufficient" });
    expect(gone.reason).toContain("a column of the reference is not in the current data: b");
  });
  it("learns a column's own threshold from eight windows or more", () => {
    expect(learnThreshold([0.1, 0.1, 0.1])).toBeNull();
    const learned = learnThreshold([0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13, 0.07]);
    expect(learned).toBeCloseTo(0.1 + 2.364624 * 0.02 * Math.sqrt(9 / 8), 6);
  });
});
