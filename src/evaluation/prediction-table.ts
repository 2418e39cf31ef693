// The per-row predictions of one model as a table that stands by itself: every number of the evaluation can be made from it again.
import { sha256Hex } from "../json/digest.ts";
import type { Column, Table } from "../tables/table.ts";
import type { Gate } from "./gate.ts";
import type { FairnessChoice, SliceChoice } from "./judge-request.ts";
import type { EvaluationRows, Predictions } from "./metric-rows.ts";
import { parseWhere } from "./slice-expression.ts";

export interface PredictionTableOptions {
  /** Row key; null = the rows have none. */
  readonly id: string | null;
  readonly label: string | null;
  readonly group: string | null;
  /** Further columns of the data to keep. */
  readonly keep: readonly string[];
  /** Null: the data may be seen. Else row keys and groups are replaced by digests with this salt, and labels left out. */
  readonly salt: string | null;
}

/**
 * Columns: row key (`id`), label, group and kept columns under their own names, then `prediction` or `prediction_<class>`, then the model's other columns.
 * A name that occurs twice, also but for case, is the data's.
 */
export function tabulatePredictions(
  rows: EvaluationRows,
  predictions: Predictions,
  { id, label, group, keep, salt }: PredictionTableOptions,
): Table {
  const columns = new Map<string, Column>();
  const taken = new Set<string>();
  const add = (column: Column): void => {
    if (taken.has(column.name.toLowerCase())) return;
    taken.add(column.name.toLowerCase());
    columns.set(column.name, column);
  };
  const hide = (column: Column): Column => (salt === null ? column : saltColumn(column, salt));
  for (const name of [id, group]) {
    const column = name === null ? undefined : rows.columns.get(name);
    if (column) add(hide(column));
  }
  const truth = label === null ? undefined : rows.columns.get(label);
  if (truth && salt === null) add(truth);
  for (const name of keep) {
    const column = rows.columns.get(name);
    if (column && name !== label) add(column);
  }
  if (predictions.probabilities !== null)
    predictions.probabilities.forEach((values, at) => {
      add({ name: `prediction_${rows.classes[at]}`, type: "numeric", values });
    });
  else add({ name: "prediction", type: "numeric", values: predictions.values });
  for (const column of predictions.columns.values()) add(column);
  return { rows: rows.rows, columns };
}

/** Columns of the data that slices, gates and fairness look at. */
export function listUsedColumns(
  slices: readonly SliceChoice[],
  gates: readonly Gate[],
  fairness: readonly FairnessChoice[],
): readonly string[] {
  const used = [
    ...slices.flatMap((choice) =>
      choice.kind === "columns" ? choice.columns : parseWhere(choice.where).map(({ column }) => column),
    ),
    ...gates.flatMap(({ slice, parameters }) => [
      ...(slice?.kind === "conditions" ? slice.conditions.map(({ column }) => column) : []),
      ...[...parameters.values()].flatMap((value) => (typeof value === "string" ? value.split("+") : [])),
    ]),
    ...fairness.flatMap(({ columns }) => columns),
  ];
  return [...new Set(used)];
}

function saltColumn({ name, values }: Column, salt: string): Column {
  const hidden = Array.from(values as ArrayLike<string | number | null>, (value) =>
    value === null || Number.isNaN(value) ? null : sha256Hex(`${salt}\n${value}`).slice(0, 24),
  );
  return { name, type: "text", values: hidden };
}
