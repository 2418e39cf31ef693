// Behaviours on models that are formulas: which rows are asked, which pass, and what the share decides.
import { describe, expect, it } from "vitest";
import { BehaviourFile } from "../../../src/config/behaviour-schema.ts";
import { resolveBehaviour } from "../../../src/config/resolve-behaviours.ts";
import type { BehaviourResult } from "../../../src/evaluation/behaviours/behaviour.ts";
import { addBehaviourGates } from "../../../src/evaluation/behaviours/behaviour-gates.ts";
import { createUnaskedBehaviour, judgeBehaviour } from "../../../src/evaluation/behaviours/judge-behaviour.ts";
import { planBehaviour } from "../../../src/evaluation/behaviours/plan-behaviour.ts";
import type { Comparison } from "../../../src/evaluation/comparison.ts";
import type { EvaluationRows } from "../../../src/evaluation/metric-rows.ts";
import type { Table } from "../../../src/tables/table.ts";
import { createTable } from "../../runtimes/onnx-model.ts";

type Score = (cells: Readonly<Record<string, number | string | null>>) => number;

const count = 40;
const table = createTable({
  x: Array.from({ length: count }, (_, row) => row / count),
  plan: Array.from({ length: count }, (_, row) => (row % 4 === 0 ? "basic" : "pro")),
  gap: Array.from({ length: count }, (_, row) => (row < 10 ? null : 1)),
});
const rows: EvaluationRows = {
  task: "binary",
  rows: count,
  labels: Float64Array.from({ length: count }, (_, row) => (row >= count / 2 ? 1 : 0)),
  classes: ["no", "yes"],
  threshold: 0.5,
  weights: null,
  clusters: null,
  blockLength: null,
  columns: table.columns,
};

function answer(asked: Table, score: Score) {
  const names = [...asked.columns.keys()];
  const values = Float64Array.from({ length: asked.rows }, (_, row) =>
    score(Object.fromEntries(names.map((name) => [name, asked.columns.get(name)!.values[row] ?? null]))),
  );
  return { values, probabilities: null };
}

/** Judges what a config would say of one behaviour; `own` changes the rows. */
function test(
  file: unknown,
  candidate: Score,
  baseline: Score | null = null,
  own: Partial<EvaluationRows> = {},
): BehaviourResult {
  const behaviour = resolveBehaviour(BehaviourFile.parse({ id: "b", ...(file as object) }));
  const judged = { ...rows, ...own };
  const plan = planBehaviour(behaviour, table, judged, "seed");
  if (typeof plan === "string") return createUnaskedBehaviour(behaviour, plan);
  return judgeBehaviour({
    rows: judged,
    plan,
    candidate: answer(plan.questions, candidate),
    baseline: baseline && answer(plan.questions, baseline),
    confidence: 0.95,
    examples: true,
  });
}

const byX: Score = ({ x }) => Number(x);

describe("invariance", () => {
  const change = { kind: "invariance", change: { plan: "pro" } };

  it("holds for a model that does not look, on the rows that really changed", () => {
    expect(test(change, byX)).toMatchObject({
      outcome: "pass",
      rows: 10,
      skipped: 30,
      candidate: { passed: 10, rate: 1 },
      reason: "`b` holds on all 10 rows.",
    });
  });

  it("is about the decision by default, and about the number with a tolerance", () => {
    const slightly: Score = ({ x, plan }) => Number(x) * (plan === "pro" ? 1 : 0.99) + 0.01;
    expect(test(change, slightly).outcome).toBe("pass");
    expect(test({ ...change, tolerance: 0.001 }, slightly)).toMatchObject({
      outcome: "fail",
      candidate: { passed: 2 },
    });
    expect(test({ ...change, tolerance: 0.02 }, slightly).outcome).toBe("pass");
  });

  it("tries every value of `one-of`; a row passes when all of them do", () => {
    const hatesFree: Score = ({ x, plan }) => (plan === "free" ? 1 : Number(x));
    const result = test({ kind: "invariance", change: { plan: { "one-of": ["pro", "free"] } } }, hatesFree);
    expect(result).toMatchObject({ rows: 40, candidate: { passed: 20 }, outcome: "fail" });
    expect(result.failing[0]).toEqual({
      name: "row 1",
      given: { plan: "basic" },
      what: "the decision goes from no to yes",
    });
  });
});

describe("directional", () => {
  const up = { kind: "directional", change: { x: { add: 0.1 } }, expect: "increase" };

  it("asks for movement one way, staying allowed", () => {
    expect(test(up, byX).outcome).toBe("pass");
    expect(test(up, () => 0.3).outcome).toBe("pass");
    const falling = test(up, ({ x }) => 1 - Number(x), byX);
    expect(falling).toMatchObject({
      outcome: "fail",
      candidate: { passed: 0 },
      baseline: { passed: 40 },
      difference: { value: -1 },
    });
    expect(falling.reason).toBe("`b` fails on 40 of 40 rows (the baseline on 0): 0 % pass, 95 % must.");
  });

  it("skips rows whose cell is missing: nothing is added to nothing", () => {
    expect(test({ ...up, change: { gap: { times: 2 } } }, byX)).toMatchObject({ rows: 30, skipped: 10 });
  });

  it("never passes on an answer that is no number", () => {
    expect(test(up, () => Number.NaN)).toMatchObject({ outcome: "fail", candidate: { passed: 0 } });
  });
});

describe("minimum functionality", () => {
  it("takes rows by a condition and their own labels", () => {
    const clear = { kind: "minimum-functionality", where: "x >= 0.8", expect: "label" };
    expect(test(clear, byX)).toMatchObject({ rows: 8, outcome: "pass" });
    expect(test(clear, () => 0.1)).toMatchObject({ outcome: "fail", candidate: { passed: 0 } });
  });

  it("takes cases of the config, with what is not given missing", () => {
    const cases = [{ given: { x: 0.9 } }, { given: { x: 0.1, plan: "pro" }, expect: { between: [null, 0.2] } }];
    const file = { kind: "minimum-functionality", cases, expect: { class: "yes" } };
    expect(test(file, byX)).toMatchObject({ rows: 2, outcome: "pass", reason: "`b` holds on all 2 cases." });
    const wrong = test(file, ({ x, plan }) => (plan === null ? 0.2 : Number(x)));
    expect(wrong).toMatchObject({ outcome: "fail", candidate: { passed: 1 } });
    expect(wrong.failing).toEqual([{ name: "case 1", given: { x: 0.9 }, what: "the decision is no, not yes" }]);
  });

  it("passes at `min-pass`, and its interval is Wilson's", () => {
    // scipy 1.10.1 binomtest(36, 40).proportion_ci(method="wilson"): 0.7694822, 0.9604205
    const nearly: Score = ({ x }) => (Number(x) < 0.1 ? 1 : 0);
    const file = { kind: "minimum-functionality", expect: { between: [null, 0.5] }, "min-pass": 0.9 };
    const result = test(file, nearly);
    expect(result.outcome).toBe("pass");
    expect(result.candidate!.interval![0]).toBeCloseTo(0.7695, 4);
    expect(result.candidate!.interval![1]).toBeCloseTo(0.9604, 4);
    expect(test({ ...file, "min-pass": 0.91 }, nearly).outcome).toBe("fail");
  });

  it("counts groups, not rows, in its interval", () => {
    const file = { kind: "minimum-functionality", expect: { between: [null, 2] } };
    const clusters = Int32Array.from({ length: count }, (_, row) => row % 5);
    const [alone, grouped] = [test(file, byX), test(file, byX, null, { clusters })];
    expect(grouped.candidate!.interval![0]).toBeLessThan(alone.candidate!.interval![0]);
  });
});

describe("a behaviour that tests nothing", () => {
  it.each([
    [{ kind: "minimum-functionality", where: "x > 5", expect: "label" }, /no row of the evaluation data is meant/],
    [{ kind: "invariance", where: "plan = pro", change: { plan: "pro" } }, /changes nothing in any row/],
    [{ kind: "invariance", where: "age > 5", change: { plan: "pro" } }, /no column "age"/],
    [{ kind: "invariance", change: { colour: "red" } }, /no column "colour"/],
    [{ kind: "directional", change: { plan: { add: 1 } }, expect: "increase" }, /"plan" is categorical/],
    [{ kind: "invariance", change: { x: "much" } }, /"much" does not fit the numeric column "x"/],
  ])("never passes: %j", (file, reason) => {
    const result = test(file, byX);
    expect(result).toMatchObject({ outcome: "inconclusive", candidate: null });
    expect(result.reason).toMatch(reason);
  });
});

describe("the verdict", () => {
  const comparison: Comparison = {
    kind: "comparison",
    schemaVersion: 1,
    rows: count,
    verdict: "pass",
    unchanged: false,
    metrics: [],
    gates: [],
    fairness: [],
    confusion: null,
  };
  const broken = test({ kind: "directional", change: { x: { add: 0.1 } }, expect: "decrease" }, byX);
  const untested = test({ kind: "minimum-functionality", where: "x > 5", expect: "label" }, byX);

  it("counts behaviours as gates, those that only warn not", () => {
    const judged = addBehaviourGates(comparison, [untested, broken], 0.95);
    expect(judged.verdict).toBe("fail");
    expect(judged.gates.map(({ id, rule, outcome }) => [id, rule, outcome])).toEqual([
      ["behaviour(b)", "behaviour(b) >= 95%", "inconclusive"],
      ["behaviour(b)", "behaviour(b) >= 95%", "fail"],
    ]);
    expect(addBehaviourGates(comparison, [untested], 0.95).verdict).toBe("inconclusive");
    expect(addBehaviourGates(comparison, [{ ...broken, severity: "warn" }], 0.95).verdict).toBe("pass");
    expect(addBehaviourGates({ ...comparison, verdict: "fail" }, [untested], 0.95).verdict).toBe("fail");
  });
});
