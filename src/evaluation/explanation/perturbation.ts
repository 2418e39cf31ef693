// Questions to a model: rows of a table in which some cells come from other rows. Every cell is one that was seen, so any type of column will do.
import { selectCells } from "../../tables/select-rows.ts";
import type { Column, Table } from "../../tables/table.ts";
import type { Predictions } from "../metric-rows.ts";

export interface Perturbation {
  /** Row that each question starts from. */
  readonly rows: Int32Array;
  /** Column → row whose cell stands there instead, per question. Names that are no column of the table are ignored. */
  readonly taken: ReadonlyMap<string, Int32Array>;
}

/** What a model said to the questions of one perturbation, in their order. */
export type Answer = Pick<Predictions, "values" | "probabilities">;

/** All questions below each other as one table. */
export function stackPerturbations(table: Table, perturbations: readonly Perturbation[]): Table {
  const rows = perturbations.reduce((sum, one) => sum + one.rows.length, 0);
  const columns = [...table.columns.values()].map((column): [string, Column] => {
    const indices = new Int32Array(rows);
    let at = 0;
    for (const { rows: own, taken } of perturbations) {
      indices.set(taken.get(column.name) ?? own, at);
      at += own.length;
    }
    return [column.name, selectCells(column, indices)];
  });
  return { rows, columns: new Map(columns) };
}

/** Answers to stacked questions, one per perturbation again. */
export function splitAnswers(stacked: Answer, perturbations: readonly Perturbation[]): readonly Answer[] {
  let from = 0;
  return perturbations.map(({ rows }) => {
    const to = from + rows.length;
    const cut = (values: Float64Array) => values.subarray(from, to);
    const answer = {
      values: stacked.values.length === 0 ? stacked.values : cut(stacked.values),
      probabilities: stacked.probabilities?.map(cut) ?? null,
    };
    from = to;
    return answer;
  });
}

/** The one number per row that Shapley values and dependence are about: the value, or the probability of class `of`. */
export function readOutput(answer: Answer, of: number | null): Float64Array {
  return of === null ? answer.values : (answer.probabilities?.[of] ?? answer.values);
}
