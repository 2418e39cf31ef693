// Columns of numbers that metrics name: the model's own if it has one, else the data's.
import type { Column } from "../tables/table.ts";
import { UndefinedMetric } from "./metric.ts";
import type { MetricRows } from "./metric-rows.ts";

/** Booleans count 1 and 0. Throws UndefinedMetric when there is no such column or a cell is not a finite number. */
export function readNumberColumn(rows: MetricRows, name: string): Float64Array {
  const column: Column | undefined = rows.modelColumns.get(name) ?? rows.columns.get(name);
  if (column === undefined) throw new UndefinedMetric(`there is no column "${name}"`);
  const values =
    column.type === "numeric"
      ? column.values
      : column.type === "boolean"
        ? Float64Array.from(column.values, (value) => (value === null ? Number.NaN : Number(value === "true")))
        : null;
  if (values === null) throw new UndefinedMetric(`the column "${name}" does not hold numbers`);
  if (!values.every(Number.isFinite)) throw new UndefinedMetric(`the column "${name}" has missing or non-finite cells`);
  return values;
}
