// Rows of a table as a table.
import type { Column, Table } from "./table.ts";

/** The rows at `indices`, in that order. Indices must lie in [0, rows). */
export function selectRows(table: Table, indices: readonly number[] | Int32Array): Table {
  const picked = Int32Array.from(indices);
  const columns = [...table.columns.values()].map((column): [string, Column] => [
    column.name,
    selectCells(column, picked),
  ]);
  return { rows: picked.length, columns: new Map(columns) };
}

/** The column's cells at `indices`, in that order. */
export function selectCells(column: Column, indices: Int32Array): Column {
  const { values } = column;
  if (values instanceof Float64Array) {
    const picked = new Float64Array(indices.length);
    for (let at = 0; at < picked.length; at += 1) picked[at] = values[indices[at]!] ?? Number.NaN;
    return { ...column, values: picked } as Column;
  }
  const picked = new Array<string | null>(indices.length);
  for (let at = 0; at < picked.length; at += 1) picked[at] = values[indices[at]!] ?? null;
  return { ...column, values: picked } as Column;
}
