// What one model said on the rows it is measured on, beside what is true: the input of every metric.
import type { Column, StringColumn } from "../tables/table.ts";
import type { Task } from "./comparison.ts";

/** The rows both models are judged on; everything here belongs to the data, not to a model. */
export interface EvaluationRows {
  readonly task: Task;
  readonly rows: number;
  /** Binary: 1 = positive, 0 = negative. Multiclass: index into `classes`. Regression, forecast, ranking: the value. Score: empty. */
  readonly labels: Float64Array;
  /** Binary: [negative, positive]; multiclass: all classes in a fixed order; else empty. */
  readonly classes: readonly string[];
  /** A probability ≥ this means the positive class. */
  readonly threshold: number;
  /** Non-negative weights of the rows, or null when every row counts once. */
  readonly weights: Float64Array | null;
  /** Index of the cluster of each row (rows that depend on each other), or null. */
  readonly clusters: Int32Array | null;
  /** Rows are in time order and depend on their neighbours: length of the blocks to resample, or null. */
  readonly blockLength: number | null;
  /** Predictions are those of cross-validation, each row by the model of its split; default not. */
  readonly splits?: Splits | null;
  /** Columns of the data for slices, fairness and per-row scores, without the model's own. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** Rows of a cross-validation: who tested them, and rows tested / rows trained per split on average. */
export interface Splits {
  readonly splitOfRow: Int32Array;
  readonly testShare: number;
}

/** One model's predictions on the same rows, in the same order. */
export interface Predictions {
  /** Binary: the positive class's probability; regression, forecast, ranking, score: the value; multiclass: empty. */
  readonly values: Float64Array;
  /** Multiclass: one column per class, in the order of `classes`; else null. */
  readonly probabilities: readonly Float64Array[] | null;
  /** Per-row columns of this model that metrics name (profit, a judge's score); may be empty. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** A metric's input: rows, one model's predictions, and the class each row is decided for (empty unless classification). */
export interface MetricRows extends EvaluationRows, Omit<Predictions, "columns"> {
  readonly predicted: Int32Array;
  readonly modelColumns: ReadonlyMap<string, Column>;
}

/** Joins rows and predictions and takes each row's decision: `≥ threshold` for binary, the first largest probability for multiclass. */
export function joinPredictions(rows: EvaluationRows, predictions: Predictions): MetricRows {
  const { columns: modelColumns, ...rest } = predictions;
  return { ...rows, ...rest, modelColumns, predicted: decideClasses(rows, predictions) };
}

function decideClasses(rows: EvaluationRows, predictions: Predictions): Int32Array {
  const predicted = new Int32Array(rows.classes.length > 0 ? rows.rows : 0);
  if (rows.task === "binary") {
    // Not a choice of 1 or 0, which would be a branch that cannot be predicted.
    for (let row = 0; row < predicted.length; row += 1)
      predicted[row] = Number(predictions.values[row]! >= rows.threshold);
    return predicted;
  }
  const probabilities = predictions.probabilities ?? [];
  for (let row = 0; row < predicted.length; row += 1) {
    let best = 0;
    for (let label = 1; label < probabilities.length; label += 1)
      if (probabilities[label]![row]! > probabilities[best]![row]!) best = label;
    predicted[row] = best;
  }
  return predicted;
}

/** The rows with the given indices, in that order; clusters keep their numbers, block lengths are cut to the new length. */
export function selectRows(rows: EvaluationRows, indices: Int32Array): EvaluationRows {
  return {
    ...rows,
    rows: indices.length,
    labels: rows.labels.length === 0 ? rows.labels : gather(rows.labels, indices),
    weights: rows.weights === null ? null : gather(rows.weights, indices),
    clusters: rows.clusters === null ? null : Int32Array.from(indices, (row) => rows.clusters![row]!),
    blockLength: rows.blockLength === null ? null : Math.max(1, Math.min(rows.blockLength, indices.length)),
    splits: rows.splits
      ? {
          ...rows.splits,
          splitOfRow: Int32Array.from(indices, (row) => rows.splits!.splitOfRow[row]!),
        }
      : null,
    columns: selectColumns(rows.columns, indices),
  };
}

/** The same rows of one model's predictions. */
export function selectPredictions(predictions: Predictions, indices: Int32Array): Predictions {
  return {
    values: predictions.values.length === 0 ? predictions.values : gather(predictions.values, indices),
    probabilities: predictions.probabilities?.map((column) => gather(column, indices)) ?? null,
    columns: selectColumns(predictions.columns, indices),
  };
}

function gather(values: Float64Array, indices: Int32Array): Float64Array {
  const out = new Float64Array(indices.length);
  for (let at = 0; at < indices.length; at += 1) out[at] = values[indices[at]!]!;
  return out;
}

function selectColumns(columns: ReadonlyMap<string, Column>, indices: Int32Array): ReadonlyMap<string, Column> {
  const out = new Map<string, Column>();
  for (const [name, column] of columns) {
    out.set(name, selectColumn(column, indices));
  }
  return out;
}

function selectColumn(column: Column, indices: Int32Array): Column {
  if (column.type === "numeric" || column.type === "datetime")
    return { ...column, values: gather(column.values, indices) };
  const { values } = column as StringColumn;
  return { ...(column as StringColumn), values: Array.from(indices, (row) => values[row] ?? null) };
}

/** True when the two models say the same on every row, bit for bit (0 and −0 are the same), also in their per-row columns. */
export function arePredictionsIdentical(left: Predictions, right: Predictions): boolean {
  if (!areNumbersEqual(left.values, right.values)) return false;
  const leftColumns = left.probabilities ?? [];
  const rightColumns = right.probabilities ?? [];
  if (leftColumns.length !== rightColumns.length) return false;
  if (!leftColumns.every((column, index) => areNumbersEqual(column, rightColumns[index]!))) return false;
  if (left.columns.size !== right.columns.size) return false;
  return [...left.columns].every(([name, column]) => areColumnsEqual(column, right.columns.get(name)));
}

function areColumnsEqual(left: Column, right: Column | undefined): boolean {
  if (right === undefined || left.values.length !== right.values.length) return false;
  for (let row = 0; row < left.values.length; row += 1) {
    const [one, other] = [left.values[row], right.values[row]];
    if (one !== other && !(Number.isNaN(one) && Number.isNaN(other))) return false;
  }
  return true;
}

function areNumbersEqual(left: Float64Array, right: Float64Array): boolean {
  if (left.length !== right.length) return false;
  for (let row = 0; row < left.length; row += 1) if (left[row] !== right[row]) return false;
  return true;
}
