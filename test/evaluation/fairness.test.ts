import { describe, expect, test } from "vitest";
import { coverFairness, fairScenarios } from "../../bench/fairness.ts";
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
  expect(() => parseGate("demographic_parity_difference <= 0.1")).toThrow("by");
});

describe("intervals cover equality of five equal groups of 60, as the bootstrap of a maximum never does", () => {
  // Share of positives, recall and false-positive rate; about 24 positives per group leave an error that the rate itself makes too small.
  test.each([
    ["demographic_parity_difference", 1, 0.3, 0],
    ["equalized_odds_difference", 0.4, 0.7, 0.3],
  ])("%s", (id, positives, recall, falsePositives) => {
    const random = createRandom(`fair ${id}`);
    let covered = 0;
    for (let round = 0; round < 200; round += 1) {
      const groups = Object.fromEntries(
        ["a", "b", "c", "d", "e"].map((name) => {
          const cells: [number, number, number, number] = [0, 0, 0, 0];
          for (let row = 0; row < 60; row += 1) {
            const positive = random.nextFloat() < positives;
            const selected = random.nextFloat() < (positive ? recall : falsePositives);
            cells[(positive ? 0 : 2) + (selected ? 0 : 1)]! += 1;
          }
          return [name, cells];
        }),
      );
      if (value(id, make(groups)).interval![0] <= 0) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.93 - 2 * Math.sqrt((0.93 * 0.07) / 200));
  });
});

describe("a change of fairness against the baseline", () => {
  const fair = make({ f: [400, 100, 100, 400], m: [400, 100, 100, 400] });
  /** The same people, of whom one group is decided otherwise in `moved` of 500 positive rows. */
  const harm = (moved: number) => ({
    ...make({ f: [400 - moved, 100 + moved, 100, 400], m: [400, 100, 100, 400] }),
    baseline: fair.candidate,
  });
  const judgeHarm = (moved: number, rule: string) => judge(makeRequest(harm(moved), [rule])).gates[0]!;

  test("passes, fails, or cannot tell, by intervals that hold for all pairs at once", () => {
    expect(judgeHarm(200, "equal_opportunity_difference(by=gender) rise <= 5pp").outcome).toBe("fail");
    expect(judgeHarm(1, "equal_opportunity_difference(by=gender) rise <= 10pp").outcome).toBe("pass");
    expect(judgeHarm(20, "equal_opportunity_difference(by=gender) rise <= 4pp").outcome).toBe("inconclusive");
    expect(judgeHarm(200, "demographic_parity_ratio(by=gender) drop <= 5pp").outcome).toBe("fail");
    expect(judgeHarm(0, "equalized_odds_difference(by=gender) rise <= 0.1pp")).toMatchObject({
      outcome: "pass",
      difference: 0,
    });
  });

  test("numbers: the difference is candidate minus baseline, inside its interval", () => {
    const gate = judgeHarm(100, "equal_opportunity_difference(by=gender) rise <= 5pp");
    expect(gate.difference).toBeCloseTo(0.2, 12);
    expect(gate.interval![0]).toBeLessThan(0.2);
    expect(gate.interval![1]).toBeGreaterThan(0.2);
    expect(gate.pValueFail).toBeLessThan(0.01);
  });

  test.each(
    fairScenarios.filter(({ metric, name }) => metric !== "demographic_parity_ratio" && /two equal|closes/.test(name)),
  )("$metric, $name: the interval of the change covers the truth", ({ name: _, ...scenario }) => {
    const { change, wrong } = coverFairness({ ...scenario, rounds: 60 });
    expect(change).toBeGreaterThanOrEqual(0.93 - 2 * Math.sqrt((0.93 * 0.07) / 60));
    expect(wrong).toBeLessThanOrEqual(0.07 + 2 * Math.sqrt((0.93 * 0.07) / 60));
  });
});

describe("the fairness of a comparison", () => {
  const baseline = make({ f: [40, 10, 10, 40], m: [45, 5, 15, 35], x: [1, 0, 1, 1] });
  const candidate = make({ f: [30, 20, 10, 40], m: [45, 5, 15, 35], x: [1, 0, 1, 1] }).candidate;
  const fairness = [{ columns: ["gender"], privileged: null, minRows: 10 }];
  const [report] = judge({
    ...makeRequest({ ...baseline, baseline: baseline.candidate, candidate }, []),
    fairness,
  }).fairness;

  test("lists each group with its rates and intervals; one with too few rows is insufficient, never 0", () => {
    const [f, , x] = report!.groups;
    expect(f).toMatchObject({ group: "f", rows: 100, positives: 50, outcome: "measured" });
    expect(f!.selectionRate).toMatchObject({ value: 0.4, rows: 100 });
    expect(f!.truePositiveRate.value).toBe(0.6);
    expect(f!.baseline!.truePositiveRate.value).toBe(0.8);
    expect(f!.truePositiveRate.interval![0]).toBeLessThan(0.6);
    expect(f!.precision.value).toBe(0.75);
    expect(x).toMatchObject({ outcome: "insufficient", truePositiveRate: { value: null, interval: null } });
    expect(x!.selectionRate.reason).toBe("insufficient: gender=x has 3 rows, at least 10 are needed");
  });

  test("gives six measures with a reason where a group is insufficient, and every pair of the others", () => {
    expect(report!.measures).toHaveLength(6);
    expect(report!.measures.every(({ value, reason }) => value === null && reason!.includes("insufficient"))).toBe(
      true,
    );
    const pair = report!.pairs.find(({ rate }) => rate === "truePositiveRate")!;
    expect(pair).toMatchObject({ first: "f", second: "m" });
    expect(pair.difference).toBeCloseTo(-0.3, 12);
    expect(pair.interval[1]).toBeLessThan(0);
    expect(report!.pairs.some(({ first, second }) => [first, second].includes("x"))).toBe(false);
  });

  test("measures the change of all six where every group has rows enough, against the largest group by default", () => {
    const whole = { f: [40, 10, 10, 40], m: [45, 5, 15, 35] } as const;
    const before = make(whole);
    const after = make({ ...whole, f: [30, 20, 10, 40] }).candidate;
    const request = makeRequest({ ...before, baseline: before.candidate, candidate: after }, []);
    const [one] = judge({ ...request, fairness }).fairness;
    expect(one!.privileged).toBe("f");
    for (const measure of one!.measures) {
      expect(measure.differenceInterval![0]).toBeLessThanOrEqual(measure.difference!);
      expect(measure.differenceInterval![1]).toBeGreaterThanOrEqual(measure.difference!);
    }
    const alone = evaluate({ ...request, fairness }).fairness[0]!;
    expect(alone.measures.map(({ value }) => value)).toEqual(one!.measures.map(({ value }) => value));
    expect(alone.measures.every(({ difference }) => difference === null)).toBe(true);
  });

  test("rows of one person are drawn together, and a column that is missing is said", () => {
    const people = Int32Array.from({ length: 200 }, (_, row) => row >> 2);
    const models = make({ f: [40, 10, 10, 40], m: [45, 5, 15, 35] });
    const request = makeRequest({ ...models, rows: { ...models.rows, clusters: people }, baseline: null }, []);
    const [clustered] = judge({ ...request, fairness }).fairness;
    const [plain] = judge({ ...makeRequest({ ...models, baseline: null }, []), fairness }).fairness;
    const width = (one: typeof plain) => one!.pairs[0]!.interval[1] - one!.pairs[0]!.interval[0];
    expect(width(clustered)).toBeGreaterThan(1.5 * width(plain));
    const [none] = judge({ ...request, fairness: [{ columns: ["age"], privileged: null, minRows: 10 }] }).fairness;
    expect(none).toMatchObject({ groups: [], reason: 'the data has no column "age"' });
  });
});
