import { describe, expect, test } from "vitest";
import { judge } from "../../src/evaluation/judge.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";
import { makePair, makePredictions, makeRequest } from "./example-models.ts";

/** The candidate is turned round for young people on the basic plan (about 1 row in 8). */
function make(seed: string, hurt: boolean, rows = 2400) {
  const pair = makePair(seed, rows, 0.9);
  const random = createRandom(`${seed} columns`);
  const pick = (values: readonly string[]) =>
    Array.from({ length: rows }, () => values[random.nextInteger(values.length)]!);
  const plan: Column = { name: "plan", type: "categorical", values: pick(["basic", "pro"]) };
  const region: Column = { name: "region", type: "categorical", values: pick(["north", "south", "east", "west"]) };
  const age: Column = {
    name: "age",
    type: "numeric",
    values: Float64Array.from({ length: rows }, () => 18 + random.nextInteger(60)),
  };
  const copy: Column = { name: "copy", type: "categorical", values: Array.from(pair.rows.labels, String) };
  const inside = (row: number) => hurt && plan.values[row] === "basic" && (age.values[row] as number) < 32;
  const candidate = makePredictions(pair.candidate.values.map((value, row) => (inside(row) ? 1 - value : value)));
  const columns = new Map<string, Column>([plan, region, age, copy].map((column) => [column.name, column]));
  return { ...pair, candidate, rows: { ...pair.rows, columns } };
}

describe("the worst slices", () => {
  test("are found on one half and judged on the other, so that a better average does not hide them", () => {
    const models = make("hurt", true);
    const { gates, remarks, verdict } = judge(makeRequest(models, ["accuracy[worst] drop <= 10pp"]));
    expect(gates[0]!.id).toMatch(/^accuracy\[worst: plan=basic, age<\d+\] drop$/);
    expect(gates[0]).toMatchObject({ outcome: "fail" });
    expect(gates[0]!.rows).toBeLessThan(2400 / 8);
    expect(gates).toHaveLength(3);
    expect(verdict).toBe("fail");
    expect(remarks).toContainEqual(
      expect.stringMatching(/^accuracy\[worst\] drop: of \d+ slices looked at on one half/),
    );
    expect(gates.some(({ slice }) => slice?.includes("copy"))).toBe(false);
  });

  test("are looked for beyond the columns that the slices name, and never among row keys", () => {
    const models = make("hurt", true);
    const id: Column = { name: "id", type: "numeric", values: Float64Array.from({ length: 2400 }, (_, row) => row) };
    const rows = { ...models.rows, columns: new Map([["id", id], ...models.rows.columns]) };
    const request = makeRequest({ ...models, rows }, ["accuracy[worst] drop <= 10pp"]);
    const { gates, remarks } = judge({
      ...request,
      slices: [{ kind: "columns", name: "region", columns: ["region"] }],
    });
    expect(gates[0]!.id).toMatch(/^accuracy\[worst: plan=basic, age<\d+\] drop$/);
    expect(gates[0]!.reason).toMatch(/^accuracy\[worst: plan=basic, age<\d+\] falls by/);
    // 2 plans, 4 regions, 4 quarters of age, and their pairs.
    expect(remarks?.join()).toContain("of 42 slices looked at");
  });

  test("of models that are equal everywhere do not fail more often than promised", () => {
    let failed = 0;
    for (let round = 0; round < 60; round += 1)
      if (judge(makeRequest(make(`equal ${round}`, false, 600), ["accuracy[worst] drop <= 1pp"])).verdict === "fail")
        failed += 1;
    expect(failed / 60).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / 60));
  });

  test("are inconclusive when there is nothing to search", () => {
    const pair = makePair("bare", 200, 0.9);
    expect(judge(makeRequest(pair, ["accuracy[worst] drop <= 10pp"])).gates[0]!.reason).toContain(
      "no slice has 30 rows",
    );
    expect(
      judge(makeRequest({ ...make("alone", false, 600), baseline: null }, ["accuracy[worst] drop <= 10pp"])).verdict,
    ).toBe("inconclusive");
  });
});
