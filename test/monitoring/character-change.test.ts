// Texts of other characters are drift, whatever their lengths; texts of the same are not.
import { describe, expect, it } from "vitest";
import { listQuietScenarios, simulateDrift } from "../../bench/simulate-drift.ts";
import { pairColumns } from "../../src/monitoring/column-pair.ts";
import { decideDrift } from "../../src/monitoring/drift-policy.ts";
import type { ColumnDrift } from "../../src/monitoring/drift-report.ts";
import { testGroups } from "../../src/monitoring/group-tests.ts";
import { profileColumn } from "../../src/monitoring/profile-table.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";

const random = createRandom("characters");
const digits = (): string => String(1_000_000 + random.nextInteger(9_000_000));
const letters = (): string => Array.from({ length: 7 }, () => "abcdefghij"[random.nextInteger(10)]).join("");
const column = (values: readonly string[]): Column => ({ name: "code", type: "text", values });
const make = (rows: number, draw: () => string): Column => column(Array.from({ length: rows }, draw));

function decide(reference: Column, current: Column, settings: Parameters<typeof decideDrift>[1] = {}): ColumnDrift {
  const pair = pairColumns(profileColumn(reference), profileColumn(current));
  const [found] = decideDrift([pair], { measures: "none", ...settings }).columns;
  if (!found) throw new Error("no column");
  return found;
}

describe("texts that hold other characters", () => {
  it("are drift though every length is the same, and the reason says which", () => {
    const found = decide(make(500, digits), make(400, letters));
    expect(found).toMatchObject({ type: "text", outcome: "drift", valuesOutcome: "stable", effect: 0 });
    expect(found.characters?.test).toMatchObject({ outcome: "drift", effect: 1 });
    expect(
      found.characters?.changed.map(({ name, referenceRate, currentRate }) => [name, referenceRate, currentRate]),
    ).toEqual([
      ["latin letters", 0, 1],
      ["digits", 1, 0],
    ]);
    expect(found.reason).toMatch(/^latin letters in 100.0 % of the texts, were in 0.0 %, digits in 0.0 %/);
  });

  it("in a share of the texts below the threshold are stable with many rows and inconclusive with few", () => {
    const mixed = (share: number) => () => (random.nextFloat() < share ? letters() : digits());
    expect(decide(make(5000, digits), make(5000, mixed(0.02)))).toMatchObject({ outcome: "stable" });
    const some = column(Array.from({ length: 60 }, (_, i) => (i < 4 ? letters() : digits())));
    const few = decide(make(200, digits), some);
    expect(few.characters?.test?.outcome).toBe("inconclusive");
    expect(few.characters?.changed).toEqual([]);
  });

  it("are told, not tested, of categories that drifted", () => {
    const among = (list: readonly string[]) => () => list[random.nextInteger(list.length)] ?? "";
    const [old, fresh] = [
      ["1a", "2a", "3a"],
      ["one", "two", "three"],
    ];
    const moved = decide(make(400, among(old)), make(400, among(fresh)));
    expect(moved).toMatchObject({ type: "categorical", outcome: "drift", characters: { test: null } });
    expect(moved.characters?.changed).toEqual([{ name: "digits", referenceRate: 1, currentRate: 0 }]);
    expect(decide(make(400, among(old)), make(400, among(old))).characters).toEqual({ test: null, changed: [] });
  });

  it("of few texts are insufficient, and unknown where a profile does not say", () => {
    expect(decide(make(500, digits), make(49, letters))).toMatchObject({
      outcome: "insufficient",
      characters: { test: { outcome: "insufficient" }, changed: [] },
    });
    const bare = { ...profileColumn(make(500, digits)), characters: null };
    const [found] = decideDrift([pairColumns(bare, profileColumn(make(500, letters)))]).columns;
    expect(found?.characters).toBeNull();
  });

  it("are exchanged by whole groups where rows depend on each other", () => {
    // Every user writes either digits or letters: eight users tell less than their 800 rows.
    const users = (count: number, share: number) => {
      const own = Array.from({ length: count }, (_, user) => (user < share * count ? letters : digits));
      const values = own.flatMap((draw) => Array.from({ length: 40 }, draw));
      return {
        column: column(values),
        units: Int32Array.from(values, (_, row) => Math.floor(row / 40)),
        unitCount: count,
      };
    };
    const tested = (count: number, before: number, now: number) => {
      const [reference, current] = [users(count, before), users(count, now)];
      const groups = new Map([["code", testGroups(reference, current, true, 2000, createRandom("exchange"))]]);
      return {
        plain: decide(reference.column, current.column),
        grouped: decide(reference.column, current.column, { groups }),
      };
    };
    const few = tested(10, 0.3, 0.6);
    expect(few.plain.outcome).toBe("drift");
    expect(few.grouped.outcome).toBe("inconclusive");
    expect(tested(40, 0.1, 0.8).grouped.characters?.test?.outcome).toBe("drift");
  });
});

describe("without drift", () => {
  const runs = 200;
  it.each(listQuietScenarios(runs, 200).filter(({ texts, currentRows }) => texts > 0 && currentRows < 50_000))(
    "$name: few runs flag anything",
    (scenario) => {
      const rates = simulateDrift(scenario, scenario.name);
      expect(rates.falseRuns).toBeLessThanOrEqual(0.07 + 2 * Math.sqrt((0.07 * 0.93) / runs));
      if (scenario.currentRows >= 2000) expect(rates.stableColumns).toBeGreaterThanOrEqual(0.9);
    },
    120_000,
  );
});
