// A table in memory, column by column: what readers of data produce and what metrics, drift and runtimes consume.

export type ColumnType = "numeric" | "categorical" | "boolean" | "datetime" | "text";

/** Numbers; `NaN` is a missing value. A `datetime` column holds milliseconds since 1970-01-01T00:00:00Z. */
export interface NumberColumn {
  readonly name: string;
  readonly type: "numeric" | "datetime";
  readonly values: Float64Array;
}

/** Strings; `null` is a missing value. A `boolean` column holds "true" and "false". */
export interface StringColumn {
  readonly name: string;
  readonly type: "categorical" | "boolean" | "text";
  readonly values: readonly (string | null)[];
}

export type Column = NumberColumn | StringColumn;

/** Columns of equal length in their file's order; names are unique and may be any string (also `__proto__`). */
export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}
