// Tables of the same columns below each other.
import type { Column, NumberColumn, StringColumn, Table } from "./table.ts";

/** All rows in order; columns and their types are the first table's, which every other must have. No tables make an empty one. */
export function stackTables(tables: readonly Table[]): Table {
  const [first] = tables;
  if (first === undefined) return { rows: 0, columns: new Map() };
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const columns = [...first.columns.values()].map((column): [string, Column] => [
    column.name,
    column.values instanceof Float64Array
      ? { ...(column as NumberColumn), values: stackNumbers(column.name, tables, rows) }
      : { ...(column as StringColumn), values: tables.flatMap((table) => [...readTexts(table, column.name)]) },
  ]);
  return { rows, columns: new Map(columns) };
}

function stackNumbers(name: string, tables: readonly Table[], rows: number): Float64Array {
  const stacked = new Float64Array(rows).fill(Number.NaN);
  let from = 0;
  for (const table of tables) {
    const values = table.columns.get(name)?.values;
    if (values instanceof Float64Array) stacked.set(values, from);
    from += table.rows;
  }
  return stacked;
}

function readTexts(table: Table, name: string): readonly (string | null)[] {
  return (table.columns.get(name) as StringColumn).values;
}
