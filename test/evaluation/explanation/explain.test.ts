// Importances, dependence and the words about them, for models whose answers are known.
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/evaluation/explanation/explain.ts";
import type { ExplanationSettings } from "../../../src/evaluation/explanation/explanation.ts";
import { planExplanation } from "../../../src/evaluation/explanation/plan-explanation.ts";
import type { EvaluationRows } from "../../../src/evaluation/metric-rows.ts";
import { resolveChoices } from "../../../src/evaluation/resolve-metric.ts";
import type { Table } from "../../../src/tables/table.ts";
import { createTable } from "../../runtimes/onnx-model.ts";
import { askFormula, drawTable, type Formula, predict, regressionRows } from "./ask-function.ts";

const settings: ExplanationSettings = {
  columns: null,
  rows: 500,
  shuffles: 5,
  metric: null,
  shapleyRows: 20,
  background: 5,
  predictions: 100_000,
  timeoutSeconds: 60,
};

function explainFormulas(
  table: Table,
  rows: EvaluationRows,
  candidate: Formula,
  baseline: Formula | null,
  metric = "mean_squared_error",
  seed = "seed",
  wanted = settings,
) {
  const plan = planExplanation(table, rows, [...table.columns.keys()], [], wanted, seed);
  if (typeof plan === "string") throw new Error(plan);
  const ask = (formula: Formula) => ({
    predictions: { values: predict(table, formula), probabilities: null, columns: new Map() },
    answers: askFormula(table, plan.perturbations, formula),
  });
  const [resolved] = resolveChoices([{ kind: "built-in", id: metric, params: {} }], rows.task);
  return explain({
    rows,
    plan,
    candidate: ask(candidate),
    baseline: baseline && ask(baseline),
    metric: resolved!,
    confidence: 0.95,
    seed,
    examples: false,
    remarks: [],
  });
}

describe("permutation importance", () => {
  const table = drawTable(400, ["a", "b", "unused"], "rows");
  const truth: Formula = ({ a = 0, b = 0 }) => 2 * a + b;
  const rows = regressionRows(table, predict(table, truth));

  it("of a linear model under squared error is 2 · coefficient² · variance", () => {
    // Gregorutti, Michel and Saint-Pierre 2017, proposition 1: E(Y − f(X shuffled))² − E(Y − f(X))² = 2 Var(coefficient · X).
    const { importances } = explainFormulas(table, rows, truth, null);
    expect(importances.map(({ column }) => column)).toEqual(["a", "b", "unused"]);
    for (const [at, expected] of [8, 2].entries()) {
      const { value, interval } = importances[at]!.candidate;
      expect(value / expected).toBeCloseTo(1, 0);
      expect(interval![0]).toBeLessThan(expected);
      expect(interval![1]).toBeGreaterThan(expected);
    }
  });

  it("of a column that is not looked at is exactly 0, and said so", () => {
    const { importances } = explainFormulas(table, rows, truth, null);
    expect(importances.at(-1)).toMatchObject({
      column: "unused",
      candidate: { value: 0, interval: [0, 0] },
      used: { candidate: false, baseline: null },
      difference: null,
    });
  });

  it("is about the loss, whichever way the metric is good", () => {
    const higher = explainFormulas(table, rows, truth, null, "r2");
    expect(higher.importances[0]).toMatchObject({ column: "a", metric: "r2" });
    expect(higher.importances[0]!.candidate.value).toBeGreaterThan(0.5);
  });

  it("is the same for the same seed", () => {
    const again = () => explainFormulas(table, rows, truth, ({ a = 0 }) => a);
    expect(again()).toEqual(again());
  });

  it("names what changed between the models, and what is no longer looked at", () => {
    const { importances, changes } = explainFormulas(table, rows, ({ a = 0, unused = 0 }) => a + 0.001 * unused, truth);
    expect(importances.find(({ column }) => column === "b")!.difference!.value).toBeLessThan(0);
    expect(
      changes.some((text) => /^`b` is no longer looked at: shuffling it cost .* mean_squared_error/.test(text)),
    ).toBe(true);
    expect(changes.some((text) => /^`unused` is looked at for the first time/.test(text))).toBe(true);
    expect(changes.some((text) => /^`a` matters less/.test(text))).toBe(true);
  });

  it("names nothing when the models are the same", () => {
    expect(explainFormulas(table, rows, truth, truth).changes).toEqual([]);
  });

  it("has intervals that hold the value of the whole population", () => {
    // y = a + noise, f = a: E importance under squared error is 2. 150 samples of 100 rows; bounds widened by two standard errors.
    const samples = 150;
    let covered = 0;
    for (let sample = 0; sample < samples; sample += 1) {
      const own = drawTable(100, ["a", "noise"], `sample ${sample}`);
      const labels = predict(own, ({ a = 0, noise = 0 }) => a + noise);
      const { importances } = explainFormulas(
        own,
        regressionRows(own, labels),
        ({ a = 0 }) => a,
        null,
        "mean_squared_error",
        `seed ${sample}`,
        { ...settings, shapleyRows: 0 },
      );
      const { interval } = importances.find(({ column }) => column === "a")!.candidate;
      if (interval![0] <= 2 && interval![1] >= 2) covered += 1;
    }
    expect(covered / samples).toBeGreaterThan(0.93 - 2 * Math.sqrt((0.07 * 0.93) / samples));
  });
});

describe("an explanation", () => {
  it("shuffles categories and missing cells like any others", () => {
    const colours = Array.from({ length: 200 }, (_, row) => ["red", "green", null][row % 3]!);
    const table = createTable({ colour: colours, x: Array.from({ length: 200 }, (_, row) => row % 7) });
    const bright: Formula = (cells) => (Number.isNaN(cells["x"]) ? 0 : cells["x"]!);
    const byColour = (asked: Table) =>
      Float64Array.from({ length: asked.rows }, (_, row) =>
        asked.columns.get("colour")!.values[row] === "red" ? 1 : 0,
      );
    const rows = regressionRows(table, byColour(table));
    const plan = planExplanation(table, rows, ["colour", "x"], [], settings, "seed");
    if (typeof plan === "string") throw new Error(plan);
    expect(plan.dependence.find(({ column }) => column === "colour")?.points.map(({ value }) => value)).toEqual([
      "green",
      "red",
    ]);
    expect(askFormula(table, plan.perturbations, bright).every(({ values }) => values.every(Number.isFinite))).toBe(
      true,
    );
  });

  it("has a straight line for the dependence of a linear model", () => {
    const table = drawTable(200, ["a", "b"], "line");
    const formula: Formula = ({ a = 0, b = 0 }) => 3 * a - b;
    const { dependence } = explainFormulas(table, regressionRows(table, predict(table, formula)), formula, null);
    const points = dependence.find(({ column }) => column === "a")!.points;
    expect(points.length).toBe(8);
    for (let at = 1; at < points.length; at += 1) {
      const [x0, x1] = [Number(points[at - 1]!.value), Number(points[at]!.value)];
      expect((points[at]!.candidate - points[at - 1]!.candidate) / (x1 - x0)).toBeCloseTo(3, 9);
    }
  });

  it("draws whole groups", () => {
    const table = drawTable(300, ["a"], "groups");
    const clusters = Int32Array.from({ length: 300 }, (_, row) => Math.floor(row / 3));
    const rows = regressionRows(table, new Float64Array(300), { clusters });
    const plan = planExplanation(table, rows, ["a"], [], { ...settings, rows: 90 }, "seed");
    if (typeof plan === "string") throw new Error(plan);
    const counts = new Map<number, number>();
    for (const row of plan.sample) counts.set(clusters[row]!, (counts.get(clusters[row]!) ?? 0) + 1);
    expect([...counts.values()]).toEqual(new Array(30).fill(3));
  });

  it("draws fewer rows to stay within its budget, and says so; below fifty it says what would do", () => {
    const names = ["a", "b", "c", "d"];
    const table = drawTable(1000, names, "budget");
    const rows = regressionRows(table, new Float64Array(1000));
    const plan = (predictions: number) => planExplanation(table, rows, names, [], { ...settings, predictions }, "seed");
    const fitting = plan(6000);
    if (typeof fitting === "string") throw new Error(fitting);
    expect(fitting.predictions).toBeLessThanOrEqual(6000);
    expect(fitting.sample.length).toBeLessThan(500);
    expect(fitting.remarks[0]).toMatch(/^Measured on \d+ of 500 rows to stay within 6,000 predictions/);
    expect(plan(2000)).toMatch(
      /4 columns need [\d,]+ predictions of each model, and `explain.predictions` allows 2,000/,
    );
  });

  it("is not made up where the model gives no number", () => {
    const table = drawTable(100, ["a"], "holes");
    const { reason, importances } = explainFormulas(
      table,
      regressionRows(table, new Float64Array(100)),
      ({ a = 0 }) => (a > 2 ? Number.NaN : a),
      null,
    );
    expect(importances).toEqual([]);
    expect(reason).toMatch(/gives no number/);
  });
});
