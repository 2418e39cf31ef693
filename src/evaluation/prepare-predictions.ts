// Makes one model's predictions from columns of numbers, and refuses what is not a prediction.
import { InputError, type Problem } from "../errors.ts";
import { readNumberCells } from "../tables/number-cells.ts";
import type { Column, Table } from "../tables/table.ts";
import type { Task } from "./comparison.ts";
import type { EvaluationRows, Predictions } from "./metric-rows.ts";

export interface PredictionOptions {
  /** Column of the value or the positive class's probability; multiclass: what the names of the columns per class begin with. */
  readonly name: string;
  /** For messages. */
  readonly file: string;
  /** Columns of this model that metrics may name; default none. */
  readonly columns?: ReadonlyMap<string, Column>;
}

/** How far the probabilities of a row may sum from 1: rounding of what was written, not more. */
export const sumTolerance = 1e-3;

/**
 * `columns` hold one number per row of `rows`, in the same order. Throws InputError with all problems: a missing column, NaN or ±Infinity,
 * probabilities outside [0, 1] or not summing to 1. A class without a column has probability 0.
 */
export function preparePredictions(
  rows: EvaluationRows,
  columns: ReadonlyMap<string, Float64Array>,
  options: PredictionOptions,
): Predictions {
  const problems: Problem[] = [];
  const predictions =
    rows.task === "multiclass"
      ? readProbabilities(rows, columns, options, problems)
      : { values: readValues(rows, columns, options, problems), probabilities: null };
  if (problems.length > 0) throw new InputError(problems);
  return { ...predictions, columns: options.columns ?? new Map() };
}

/**
 * Columns that may be predictions: the numeric ones but the label, and what spells the predictions as texts. Throws InputError with the first
 * cell where the column named as prediction holds something else.
 */
export function collectNumbers(
  table: Table,
  { name, file, task, label }: PredictionOptions & { readonly task: Task; readonly label: string | null },
): ReadonlyMap<string, Float64Array> {
  const numbers = new Map<string, Float64Array>();
  for (const column of table.columns.values()) {
    if (column.name === label) continue;
    if (column.type === "numeric") numbers.set(column.name, column.values);
    else if (task === "multiclass" ? column.name.startsWith(name) : column.name === name) {
      const cells = readNumberCells(column);
      if (cells.values !== null) numbers.set(column.name, cells.values);
      else if (task !== "multiclass") throw new InputError(describeNoNumber(name, file, cells));
    }
  }
  return numbers;
}

/** What to say of a prediction that is no number; `row` counts from 0. */
export function describeNoNumber(
  key: string,
  file: string,
  { row, cell }: { readonly row: number; readonly cell: string },
): Problem {
  const shown = cell.length > 60 ? `${cell.slice(0, 59)}…` : cell;
  return {
    message: "a prediction is no number",
    file,
    key,
    expected: "a number in every row",
    received: `${JSON.stringify(shown)} in row ${row + 1}`,
    ...(/^\s*\d+,\d+\s*$/.test(cell) ? { hint: "write decimals with a point" } : {}),
    ...(/%\s*$/.test(cell) ? { hint: "write shares between 0 and 1" } : {}),
  };
}

/** Classes named by the columns that begin with `prefix`: what is left of the name, without a leading `_`. */
export function listClasses(names: Iterable<string>, prefix: string): ReadonlyMap<string, string> {
  const classes = new Map<string, string>();
  for (const name of names)
    if (name.startsWith(prefix) && name.length > prefix.length) {
      const rest = name.slice(prefix.length);
      classes.set(rest.startsWith("_") && rest.length > 1 ? rest.slice(1) : rest, name);
    }
  return classes;
}

function readValues(
  rows: EvaluationRows,
  columns: ReadonlyMap<string, Float64Array>,
  { name, file }: PredictionOptions,
  problems: Problem[],
): Float64Array {
  const values = columns.get(name);
  if (values === undefined) {
    problems.push({
      message: `there is no numeric column "${name}" with the predictions`,
      file,
      received: [...columns.keys()].join(", ") || "no numeric columns",
    });
    return new Float64Array(0);
  }
  checkNumbers(values, name, file, rows.task === "binary", problems);
  return values;
}

function readProbabilities(
  rows: EvaluationRows,
  columns: ReadonlyMap<string, Float64Array>,
  { name, file }: PredictionOptions,
  problems: Problem[],
): { readonly values: Float64Array; readonly probabilities: readonly Float64Array[] } {
  const named = listClasses(columns.keys(), name);
  if (named.size < 2)
    problems.push({
      message: `there are no columns of probabilities that begin with "${name}"`,
      file,
      expected: `one numeric column per class, such as ${name}_${rows.classes[0] ?? "class"}`,
      received: [...columns.keys()].join(", ") || "no numeric columns",
    });
  const probabilities = rows.classes.map((label) => {
    const column = named.get(label);
    const values = column === undefined ? new Float64Array(rows.rows) : columns.get(column)!;
    if (column !== undefined) checkNumbers(values, column, file, true, problems);
    return values;
  });
  if (problems.length === 0) checkSums(probabilities, rows.rows, name, file, problems);
  return { values: new Float64Array(0), probabilities };
}

function checkNumbers(values: Float64Array, name: string, file: string, share: boolean, problems: Problem[]): void {
  const bad = values.findIndex((value) => !(share ? value >= 0 && value <= 1 : Number.isFinite(value)));
  if (bad < 0) return;
  const finite = Number.isFinite(values[bad]!);
  problems.push({
    message: finite ? "a probability lies outside [0, 1]" : "a prediction is missing or not finite",
    file,
    key: name,
    expected: share ? "a probability in every row" : "a finite number in every row",
    received: `${values[bad]} in row ${bad + 1}`,
    ...(finite ? { hint: "write probabilities, not scores or log odds" } : {}),
  });
}

function checkSums(
  probabilities: readonly Float64Array[],
  rows: number,
  name: string,
  file: string,
  problems: Problem[],
): void {
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (const column of probabilities) sum += column[row]!;
    if (Math.abs(sum - 1) <= sumTolerance) continue;
    problems.push({
      message: "the probabilities of a row do not sum to 1",
      file,
      key: name,
      expected: `1 (within ${sumTolerance})`,
      received: `${Number(sum.toPrecision(6))} in row ${row + 1}`,
    });
    return;
  }
}
