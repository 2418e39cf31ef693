// Sampled Shapley values have exact answers where theory does: linear models, efficiency, symmetry, dummies.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureAdditivity, planShapley, sumShapley } from "../../../src/evaluation/explanation/shapley.ts";
import { createRandom } from "../../../src/statistics/rng.ts";
import { askFormula, drawTable, type Formula, predict } from "./ask-function.ts";

const columns = ["a", "b", "c", "d"];
const players = columns.map((name) => ({ name, columns: [name] }));

function takeApart(formula: Formula, background = 6, seed = "1") {
  const table = drawTable(40, columns, seed);
  const explained = Int32Array.from({ length: 15 }, (_, row) => row);
  const others = Int32Array.from({ length: background }, (_, row) => 39 - row);
  const plan = planShapley(players, explained, others, createRandom(seed));
  const outputs = askFormula(table, plan.perturbations, formula).map(({ values }) => values);
  const values = sumShapley(plan, outputs);
  const all = predict(table, formula);
  return { table, values, explained, others, predictions: Float64Array.from(explained, (row) => all[row]!) };
}

describe("sampled Shapley values", () => {
  it("of a linear model are coefficient × (value − mean of the background), however few permutations", () => {
    const weights: Readonly<Record<string, number>> = { a: 2, b: -3, c: 0.5, d: 0 };
    const { table, values, explained, others } = takeApart(
      (x) => columns.reduce((sum, k) => sum + weights[k]! * x[k]!, 7),
      2,
    );
    columns.forEach((name, player) => {
      const cells = table.columns.get(name)?.values as Float64Array;
      const mean = others.reduce((sum, row) => sum + cells[row]!, 0) / others.length;
      explained.forEach((row, at) => {
        expect(values.parts[player]![at]).toBeCloseTo(weights[name]! * (cells[row]! - mean), 12);
      });
    });
  });

  it("add up to the prediction for any model (efficiency: each permutation telescopes)", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.string(),
        (w, seed) => {
          const formula: Formula = ({ a = 0, b = 0, c = 0, d = 0 }) =>
            Math.tanh(w[0]! * a * b + w[1]! * c) + (d > w[2]! ? w[3]! : a) ** 2;
          const { values, predictions } = takeApart(formula, 3, seed);
          expect(measureAdditivity(values, predictions)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("have the mean prediction of the background as their base", () => {
    const formula: Formula = ({ a = 0, b = 0 }) => a * b + 1;
    const { table, values, others } = takeApart(formula);
    const all = predict(table, formula);
    expect(values.base).toBeCloseTo(others.reduce((sum, row) => sum + all[row]!, 0) / others.length, 12);
  });

  it("give a column that is not looked at exactly nothing", () => {
    const { values } = takeApart(({ a = 0, b = 0, d = 0 }) => Math.sin(a) * b + d);
    expect([...values.parts[2]!]).toEqual(new Array(15).fill(0));
  });

  it("give two columns that do the same for a row the same part", () => {
    // f = a · b: against any background, the parts of a and b over a permutation and its reverse are (exactly) the two-player values.
    const { table, values, explained, others } = takeApart(({ a = 0, b = 0 }) => a * b);
    const cell = (name: string, row: number) => (table.columns.get(name)!.values as Float64Array)[row]!;
    explained.forEach((row, at) => {
      const parts = ["a", "b"].map((name, player) => {
        const other = player === 0 ? "b" : "a";
        const each = [...others].map(
          (z) => ((cell(name, row) - cell(name, z)) * (cell(other, row) + cell(other, z))) / 2,
        );
        return each.reduce((sum, value) => sum + value, 0) / others.length;
      });
      expect(values.parts[0]![at]).toBeCloseTo(parts[0]!, 12);
      expect(values.parts[1]![at]).toBeCloseTo(parts[1]!, 12);
    });
  });

  it("show it when a model does not give the same answer again", () => {
    const { values, predictions } = takeApart(({ a = 0 }) => a);
    expect(
      measureAdditivity(
        values,
        predictions.map((value) => value + 0.25),
      ),
    ).toBeCloseTo(0.25, 12);
    expect(
      measureAdditivity(
        values,
        predictions.map(() => Number.NaN),
      ),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});
