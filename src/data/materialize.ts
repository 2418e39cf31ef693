// Turns an opened source into something that can be read once per column without parsing text each time.
import { join } from "node:path";
import type { DataColumn, Scan } from "./scan.ts";
import { quoteIdentifier, quotePath, quoteText } from "./sql.ts";

export interface Materialized {
  readonly relation: string;
  readonly where: string;
  readonly columns: readonly DataColumn[];
}

let materialized = 0;
/** Whether single columns can be read without parsing the others. */
export function isColumnar({ relation }: Pick<Scan, "relation">): boolean {
  return relation.startsWith("read_parquet(");
}

/** Small groups keep the writer's buffers small: with the engine's own 122,880 the same copy needs twice the memory. */
const rowsPerGroup = 20_480;

/**
 * Parquet is read column by column as it lies. Delimited and JSON files are parsed once into a temporary Parquet file of
 * the chosen columns and the rows that match `where`, in their order: as quick as a table in memory, and the memory does
 * not grow with the rows.
 */
export async function materialize(
  scan: Scan,
  where: string,
  choose: (column: DataColumn) => boolean,
): Promise<Materialized> {
  const columns = scan.columns.filter(choose);
  if (isColumnar(scan) || columns.length === 0) {
    return { relation: scan.relation, where, columns };
  }
  const names = columns.map((_, index) => quoteIdentifier(`p${index}`));
  const select = columns.flatMap(({ expression, digits }, index) => [
    `${expression} AS ${names[index]}`,
    ...(digits === undefined ? [] : [`${digits} AS ${quoteIdentifier(`d${index}`)}`]),
  ]);
  // A name of its own: what was read before stays readable.
  materialized += 1;
  const file = join(scan.engine.folder, `parsed-${materialized}.parquet`);
  await scan.engine.run(
    `COPY (SELECT ${select.join(", ")} FROM ${scan.relation} WHERE ${where}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE ${rowsPerGroup})`,
  );
  return {
    relation: `read_parquet(${quotePath(file)})`,
    where: "TRUE",
    columns: columns.map(({ name, type, digits }, index) => ({
      name,
      type,
      expression: names[index] ?? "",
      ...(digits === undefined ? {} : { digits: quoteIdentifier(`d${index}`) }),
    })),
  };
}
