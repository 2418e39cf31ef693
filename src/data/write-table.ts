// Writes a table as a Parquet or CSV file.
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "../errors.ts";
import { importEngine } from "../host/engines.ts";
import type { Column, Table } from "../tables/table.ts";
import { openEngine } from "./engine.ts";
import { formatByName } from "./format.ts";
import { quoteIdentifier, quoteText } from "./sql.ts";

const rowsPerChunk = 2048;

/**
 * Writes `table` to `path` (absolute; .parquet or .csv), making its folder; whole or not at all. Missing values are
 * NULL in Parquet and empty in CSV. Columns of `datetime` become timestamps, of `boolean` booleans.
 * Throws InputError on another ending, an empty name, or names that differ only in upper and lower case.
 */
export async function writeTable(table: Table, path: string): Promise<void> {
  const { format } = formatByName(path);
  checkNames([...table.columns.keys()], path);
  const options = format === "parquet" ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER true";
  const partial = `${path}.partial`;
  await mkdir(dirname(path), { recursive: true });
  const engine = await openEngine();
  try {
    const columns = [...table.columns.values()];
    const inner = columns.map((column, index) => `c${index} ${storedType(column)}`).join(", ");
    await engine.run(`CREATE TABLE written (${inner || "none INTEGER"})`);
    await appendRows(table, columns, engine.append);
    const output = columns.map(
      (column, index) => `${outputExpression(column, index)} AS ${quoteIdentifier(column.name)}`,
    );
    await engine.run(`COPY (SELECT ${output.join(", ")} FROM written) TO ${quoteText(partial)} (${options})`);
    await rename(partial, path);
  } finally {
    await engine.close();
    await rm(partial, { force: true });
  }
}

/** DuckDB would rename such columns without a word. */
function checkNames(names: readonly string[], path: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const before = seen.get(name.toLowerCase());
    if (name !== "" && before === undefined) seen.set(name.toLowerCase(), name);
    else {
      const received =
        name === "" ? "a column without a name" : `${JSON.stringify(before)} and ${JSON.stringify(name)}`;
      throw new InputError({
        message: `${path} cannot be written: ${received}`,
        file: path,
        expected: "names that differ in more than case",
      });
    }
  }
}

type Append = Awaited<ReturnType<typeof openEngine>>["append"];

async function appendRows(table: Table, columns: readonly Column[], append: Append): Promise<void> {
  const { DOUBLE, VARCHAR, DuckDBDataChunk } = await importEngine("@duckdb/node-api");
  const types = columns.map((column) => (column.values instanceof Float64Array ? DOUBLE : VARCHAR));
  await append("written", (add) => {
    for (let start = 0; start < table.rows; start += rowsPerChunk) {
      const count = Math.min(rowsPerChunk, table.rows - start);
      const chunk = DuckDBDataChunk.create(types, count);
      columns.forEach((column, index) => {
        const part = Array.from(column.values.slice(start, start + count) as ArrayLike<number | string | null>);
        chunk.setColumnValues(
          index,
          part.map((value) => (Number.isNaN(value) ? null : value)),
        );
      });
      add(chunk);
    }
  });
}

function storedType(column: Column): string {
  return column.values instanceof Float64Array ? "DOUBLE" : "VARCHAR";
}

function outputExpression(column: Column, index: number): string {
  if (column.type === "datetime") return `make_timestamp(CAST(c${index} * 1000 AS BIGINT))`;
  if (column.type === "boolean") return `CAST(c${index} AS BOOLEAN)`;
  return `c${index}`;
}
