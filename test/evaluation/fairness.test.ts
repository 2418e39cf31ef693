import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.ts";
import { parseGate } from "../../src/evaluation/gate-grammar.ts";
import { judge } from "../../src/evaluation/judge.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";
import { makePredictions, makeRequest, makeRows } from "./example-models.ts";

/** Groups with these shares of [label, decided] = [1,1], [1,0], [0,1], [0,0] rows. */
function make(groups: Readonly<Record<string, readonly [number, number, number, number]>>) {
  const labels: number[] = [];
  const scores: number[] = [];
  const names: string[] = [];
  for (const [name, cells] of Object.entries(groups))
    cells.forEach((count, cell) => {
      for (let row = 0; row < count; row += 1) {
        labels.push(cell < 2 ? 1 : 0);
        scores.push(cell % 2 === 0 ? 0.9 : 0.1);
        names.push(name);
      }
    });
  const column: Column = { name: "gender", type: "categorical", values: names };
  return { rows: makeRows("binary", labels, [column]), candidate: makePredictions(scores) };
}

function value(id: string, models: ReturnType<typeof make>, params: Record<string, string | number> = {}) {
  const metrics = [{ kind: "built-in", id, params: { by: "gender", ...params } } as const];
  return evaluate({ ...models, metrics, slices: [], confidence: 0.95, seed: "s" }).metrics[0]!;
}

// Selected: f 40/100, m 60/100. Recall: f 30/50, m 45/50. False positives: f 10/50, m 15/50. Precision: f 30/40, m 45/60.
const two = make({ f: [30, 20, 10, 40], m: [45, 5, 15, 35] });

describe("group rates", () => {
  test.each([
    ["demographic_parity_difference", 0.2],
    ["demographic_parity_ratio", 40 / 60],
    ["equal_opportunity_difference", 0.3],
    ["equalized_odds_difference", 0.3],
    ["predictive_parity_difference", 0],
  ])("%s", (id, expected) => {
    const estimate = value(id, two);
    expect(estimate.value).toBeCloseTo(expected, 12);
    expect(estimate.interval![0]).toBeLessThanOrEqual(expected + 1e-12);
    expect(estimate.interval![1]).toBeGreaterThanOrEqual(expected - 1e-12);
  });

  test("disparate impact is against the privileged group", () => {
    expect(value("disparate_impact", two, { privileged: "m" }).value).toBeCloseTo(40 / 60, 12);
    expect(value("disparate_impact", two, { privileged: "f" }).value).toBeCloseTo(60 / 40, 12);
  });

  test("a group with too few rows or no positives is insufficient, never 0", () => {
    const small = make({ f: [30, 20, 10, 40], m: [45, 5, 15, 35], x: [1, 0, 1, 1] });
    expect(value("demographic_parity_difference", small)).toMatchObject({
      value: null,
      reason: "insufficient: gender=x has 3 rows, at least 10 are needed",
    });
    const none = make({ f: [0, 0, 10, 40], m: [45, 5, 15, 35] });
    expect(value("equal_opportunity_difference", none).reason).toContain("insufficient: gender=f has 0 positive rows");
    expect(value("demographic_parity_difference", make({ f: [30, 20, 10, 40] })).reason).toContain(
      "fewer than two groups",
    );
  });
});

test("a gate on fairness compares the value, or its simultaneous bound", () => {
  const judgeGate = (rule: string) => judge(makeRequest({ ...two, baseline: null }, [rule])).gates[0]!.outcome;
  expect(judgeGate("demographic_parity_difference(by=gender) <= 0.25")).toBe("pass");
  expect(judgeGate("demographic_parity_difference(by=gender) <= 0.1")).toBe("fail");
  expect(judgeGate("demographic_parity_difference(by=gender) <= 0.25 at 95%")).toBe("inconclusive");
  expect(judgeGate("demographic_parity_difference(by=gender) <= 0.5 at 95%")).toBe("pass");
  expect(judgeGate("demographic_parity_difference(by=gender) <= 0.01 at 95%")).toBe("fail");
  expect(judgeGate("disparate_impact(by=gender, privileged=m) >= 0.8")).toBe("fail");
  expect(judgeGate("demographic_parity_difference(by=nobody) <= 0.5")).toBe("inconclusive");
  expect(() => parseGate("demographic_parity_difference(by=gender) rise <= 1pp")).toThrow("gate its value");
  expect(() => parseGate("demographic_parity_difference <= 0.1")).toThrow("by");
});

test("intervals cover equality of five equal groups, as the bootstrap of a maximum never does", () => {
  const random = createRandom("fair");
  let covered = 0;
  for (let round = 0; round < 200; round += 1) {
    const groups = Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((name) => {
        let selected = 0;
        for (let row = 0; row < 60; row += 1) selected += random.nextFloat() < 0.3 ? 1 : 0;
        return [name, [selected, 60 - selected, 0, 0] as const];
      }),
    );
    if (value("demographic_parity_difference", make(groups)).interval![0] <= 0) covered += 1;
  }
  expect(covered / 200).toBeGreaterThan(0.93 - 2 * Math.sqrt((0.93 * 0.07) / 200));
});
