// A model that is a formula, and the rows it is asked about: what the tests of explanations share.
import type { Answer, Perturbation } from "../../../src/evaluation/explanation/perturbation.ts";
import { stackPerturbations } from "../../../src/evaluation/explanation/perturbation.ts";
import type { EvaluationRows } from "../../../src/evaluation/metric-rows.ts";
import { createRandom } from "../../../src/statistics/rng.ts";
import type { Table } from "../../../src/tables/table.ts";
import { createTable } from "../../runtimes/onnx-model.ts";

export type Formula = (cells: Readonly<Record<string, number>>) => number;

export function predict(table: Table, formula: Formula): Float64Array {
  const names = [...table.columns.keys()];
  return Float64Array.from({ length: table.rows }, (_, row) =>
    formula(Object.fromEntries(names.map((name) => [name, Number(table.columns.get(name)?.values[row])]))),
  );
}

/** One answer per perturbation, as an engine would give them: all rows in one table. */
export function askFormula(table: Table, perturbations: readonly Perturbation[], formula: Formula): readonly Answer[] {
  const all = predict(stackPerturbations(table, perturbations), formula);
  let from = 0;
  return perturbations.map(({ rows }) => {
    from += rows.length;
    return { values: all.slice(from - rows.length, from), probabilities: null };
  });
}

/** Independent standard normal columns. */
export function drawTable(rows: number, columns: readonly string[], seed: string): Table {
  const random = createRandom(seed);
  return createTable(
    Object.fromEntries(columns.map((name) => [name, Array.from({ length: rows }, () => random.nextNormal())])),
  );
}

export function regressionRows(table: Table, labels: Float64Array, part: Partial<EvaluationRows> = {}): EvaluationRows {
  return {
    task: "regression",
    rows: table.rows,
    labels,
    classes: [],
    threshold: 0.5,
    weights: null,
    clusters: null,
    blockLength: null,
    columns: table.columns,
    ...part,
  };
}
