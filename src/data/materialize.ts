// Turns an opened source into something that can be read once per column without parsing text each time.
import type { DataColumn, Scan } from "./scan.ts";
import { quoteIdentifier } from "./sql.ts";

export interface Materialized {
  readonly relation: string;
  readonly where: string;
  readonly columns: readonly DataColumn[];
}

let materialized = 0;

/**
 * Parquet is read column by column as it lies. Delimited and JSON files are parsed once into a temporary table (spilled
 * to disk when large) of the chosen columns and the rows that match `where`.
 */
export async function materialize(
  scan: Scan,
  where: string,
  choose: (column: DataColumn) => boolean,
): Promise<Materialized> {
  const columns = scan.columns.filter(choose);
  if (scan.relation.startsWith("read_parquet(") || columns.length === 0) {
    return { relation: scan.relation, where, columns };
  }
  const names = columns.map((_, index) => quoteIdentifier(`p${index}`));
  const select = columns.map((column, index) => `${column.expression} AS ${names[index]}`);
  // A name of its own: what was read before stays readable.
  materialized += 1;
  const relation = `parsed_${materialized}`;
  await scan.engine.run(
    `CREATE TEMP TABLE ${relation} AS SELECT ${select.join(", ")} FROM ${scan.relation} WHERE ${where}`,
  );
  return {
    relation,
    where: "TRUE",
    columns: columns.map((column, index) => ({ ...column, expression: names[index] ?? "" })),
  };
}
