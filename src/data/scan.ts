// What a query over opened data reads: a relation, and each column as an SQL expression.
import type { ColumnType } from "../tables/table.ts";
import type { Engine } from "./engine.ts";
import type { SourceFiles } from "./source-files.ts";

/**
 * A column as SQL. `expression` gives DOUBLE for `numeric`, TIMESTAMP (UTC) for `datetime`, VARCHAR for the others,
 * NULL where the value is missing (NaN is missing; infinities are kept). Strings are `categorical` here; whether one is
 * free text depends on all its values.
 */
export interface DataColumn {
  readonly name: string;
  readonly type: Exclude<ColumnType, "text">;
  readonly expression: string;
  /** Of `numeric` columns that may hold NaN: the same without the step that turns it into NULL, for readers to whom both are missing. */
  readonly withNaN?: string;
  /**
   * Of `numeric` columns, where `OpenOptions.digits` asks for it and there may be such numbers: the digits of an integer or
   * decimal that a double cannot hold, as text; NULL where the double is the number.
   */
  readonly digits?: string;
}

/** What a query reads: `relation` goes after FROM and keeps the order of the files' rows. */
export interface Scan {
  readonly engine: Engine;
  readonly relation: string;
  readonly columns: readonly DataColumn[];
  readonly files: SourceFiles["files"];
}
