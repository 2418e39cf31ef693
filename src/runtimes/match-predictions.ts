// Brings the rows of a predictions file into the order of the data: by id, or by position when there is none.
import { InputError, type Problem } from "../errors.ts";
import type { Task } from "../evaluation/comparison.ts";
import { describeNoNumber } from "../evaluation/prepare-predictions.ts";
import { readNumberCells } from "../tables/number-cells.ts";
import type { Column, Table } from "../tables/table.ts";
import { predictionColumn } from "./pick-output.ts";
import type { PredictedColumns } from "./runtime.ts";

export interface MatchOptions {
  /** Null: `id` if the data has one, else the position. */
  readonly id: string | null;
  readonly task: Task | null;
  /** Column of the prediction, or what the names of the columns per class begin with; null = `prediction`. */
  readonly prediction: string | null;
  /** Columns of the data that models do not get to see; where the file has one of them too, it must agree with the data. */
  readonly withheld?: readonly string[];
  /** For messages. */
  readonly file: string;
}

/**
 * The numeric columns of `predictions` that the data does not have, one value per row of `data`. Rows beyond those of the
 * data are ignored when they are matched by id. Throws InputError for rows without a prediction, ids that repeat, another
 * number of rows without ids, a missing prediction column, and values that are missing or not finite.
 */
export function matchPredictions(predictions: Table, data: Table, options: MatchOptions): PredictedColumns {
  const id = options.id ?? (data.columns.has("id") ? "id" : null);
  const order = id === null ? matchByPosition(predictions, data, options) : matchById(predictions, data, id, options);
  for (const name of options.withheld ?? []) checkLabels(predictions, data, name, order, options.file);
  const columns = new Map<string, Float64Array>();
  for (const column of predictions.columns.values()) {
    if (column.name === id || data.columns.has(column.name) || options.withheld?.includes(column.name)) continue;
    const name = nameColumn(column.name, options);
    const values = readPrediction(column, name, options);
    if (values !== null) columns.set(name, reorder(column.name, values, order, options.file));
  }
  checkColumns(predictions, columns, options);
  return { columns };
}

/** A numeric column, or a prediction spelled as texts; null for other texts, which only their writer understands. */
function readPrediction(column: Column, name: string, { file, task }: MatchOptions): Float64Array | null {
  if (column.values instanceof Float64Array) return column.values;
  if (name !== predictionColumn && !name.startsWith(`${predictionColumn}_`)) return null;
  const cells = readNumberCells(column);
  if (cells.values === null && name === predictionColumn && task !== "multiclass")
    throw new InputError(describeNoNumber(column.name, file, cells));
  return cells.values;
}

/** The column's name for the rest of the house: what the config calls the prediction is `prediction` there, and the other way round. */
function nameColumn(name: string, { prediction, task }: MatchOptions): string {
  if (prediction === null || prediction === predictionColumn) return name;
  if (task === "multiclass") {
    const rest = name.startsWith(prediction) ? name.slice(prediction.length).replace(/^_(?=.)/, "") : "";
    return rest === "" ? name : `${predictionColumn}_${rest}`;
  }
  if (name === predictionColumn) return prediction;
  return name === prediction ? predictionColumn : name;
}

function matchByPosition(predictions: Table, data: Table, { file }: MatchOptions): Uint32Array {
  if (predictions.rows === data.rows) return Uint32Array.from({ length: data.rows }, (_, row) => row);
  throw new InputError({
    message: "there is not one prediction per row",
    file,
    expected: `${data.rows} rows in the order of the data`,
    received: `${predictions.rows} rows`,
    hint: "name the row key with `id:` in the config and write it beside each prediction",
  });
}

function matchById(predictions: Table, data: Table, id: string, { file }: MatchOptions): Uint32Array {
  const keys = predictions.columns.get(id);
  const wanted = data.columns.get(id);
  if (!keys || !wanted) {
    throw new InputError({
      message: `the ${keys ? "data" : "predictions"} have no column ${JSON.stringify(id)} to match rows by`,
      file,
      key: id,
      received: [...(keys ? data : predictions).columns.keys()].join(", "),
    });
  }
  const rowOf = new Map<string, number>();
  const repeated: string[] = [];
  for (let row = 0; row < predictions.rows; row += 1) {
    const key = renderKey(keys, row);
    if (rowOf.has(key)) repeated.push(key);
    rowOf.set(key, row);
  }
  const missing: string[] = [];
  const order = new Uint32Array(data.rows);
  for (let row = 0; row < data.rows; row += 1) {
    const found = rowOf.get(renderKey(wanted, row));
    if (found === undefined) missing.push(renderKey(wanted, row));
    else order[row] = found;
  }
  const problems: Problem[] = [];
  if (repeated.length > 0) problems.push(describeKeys("predicts rows more than once", repeated, id, file));
  if (missing.length > 0) problems.push(describeKeys("has no prediction for rows of the data", missing, id, file));
  if (problems.length > 0) throw new InputError(problems);
  return order;
}

/** Labels beside the predictions that are not those of the data: the rows are other ones, or in another order. */
function checkLabels(predictions: Table, data: Table, name: string, order: Uint32Array, file: string): void {
  const [given, known] = [predictions.columns.get(name), data.columns.get(name)];
  if (!given || !known || given.values instanceof Float64Array !== known.values instanceof Float64Array) return;
  const differing: number[] = [];
  order.forEach((from, row) => {
    if (!Object.is(given.values[from], known.values[row])) differing.push(row);
  });
  const [first] = differing;
  if (first === undefined) return;
  throw new InputError({
    message: `the labels of ${differing.length} of ${data.rows} rows are not those of the data`,
    file,
    key: name,
    expected: `${known.values[first]} in row ${first + 1} of the data`,
    received: `${given.values[order[first]!]} in row ${order[first]! + 1}`,
    hint: "the predictions are of other rows or in another order; a file without labels is fine too",
  });
}

function describeKeys(message: string, keys: readonly string[], id: string, file: string): Problem {
  const shown = keys.slice(0, 5).join(", ");
  return { message, file, key: id, received: `${keys.length}: ${shown}${keys.length > 5 ? ", …" : ""}` };
}

function renderKey(column: Column, row: number): string {
  return String(column.values[row] ?? "");
}

function reorder(name: string, values: Float64Array, order: Uint32Array, file: string): Float64Array {
  const ordered = new Float64Array(order.length);
  for (let row = 0; row < order.length; row += 1) {
    const value = values[order[row] ?? 0] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      throw new InputError({
        message: "a prediction is missing or not finite",
        file,
        key: name,
        expected: "a finite number in every row",
        received: `${value} in data row ${(order[row] ?? 0) + 1}`,
      });
    }
    ordered[row] = value;
  }
  return ordered;
}

function checkColumns(
  predictions: Table,
  columns: ReadonlyMap<string, Float64Array>,
  { task, file, prediction }: MatchOptions,
): void {
  const wanted = prediction ?? predictionColumn;
  const several = [...columns.keys()].filter((name) => name.startsWith(`${predictionColumn}_`)).length >= 2;
  if (task === "multiclass" ? several : columns.has(predictionColumn) || (several && task === null)) return;
  throw new InputError({
    message: "the predictions lack their column",
    file,
    expected:
      task === "multiclass"
        ? `a numeric column ${wanted.replace(/_$/, "")}_<class> per class`
        : `a numeric column ${JSON.stringify(wanted)}`,
    received: [...predictions.columns.values()].map((column) => `${column.name} (${column.type})`).join(", "),
    ...(prediction === null ? { hint: "name the column with `prediction:` in the config" } : {}),
  });
}
