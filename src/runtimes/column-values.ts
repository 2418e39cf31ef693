// Cells of a table as the numbers a model takes.
import { InputError } from "../errors.ts";
import type { Column, Table } from "../tables/table.ts";

/** A column by name; throws InputError naming the columns there are. */
export function findColumn(table: Table, name: string, file: string): Column {
  const column = table.columns.get(name);
  if (column) return column;
  throw new InputError({
    message: `the data has no column ${JSON.stringify(name)}, which the model takes`,
    file,
    key: name,
    received: [...table.columns.keys()].join(", "),
  });
}

/** A cell as a number: NaN when missing, 0 and 1 for booleans. Throws InputError for text. */
export function readNumber(column: Column, row: number, input: string, file: string): number {
  const value = column.values[row];
  if (typeof value === "number") return value;
  if (value === null || value === undefined) return Number.NaN;
  if (column.type === "boolean") return value === "true" ? 1 : 0;
  throw new InputError({
    message: `the model's input ${input} takes numbers`,
    file,
    key: column.name,
    expected: "a numeric column",
    received: `${JSON.stringify(value.slice(0, 60))} in data row ${row + 1}`,
  });
}
