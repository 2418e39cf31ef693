// Brings rows of ClickHouse into the file engine, for what needs the rows themselves: one file of texts per node.
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { defaultMissingValues } from "../../config/missing-values.ts";
import { InputError } from "../../errors.ts";
import type { Context } from "../../host/context.ts";
import type { Engine } from "../engine.ts";
import { renderKnownDigits } from "../long-numbers.ts";
import type { DataColumn, Scan } from "../scan.ts";
import { quotePath } from "../sql.ts";
import { type DataWindows, renderWindow } from "../window.ts";
import { type ClickHouseAddress, parseClickHouseAddress } from "./address.ts";
import { type ClickHouseNode, explainError, withNodes } from "./node.ts";
import { relateTable } from "./relate-table.ts";
import { quoteMicroseconds } from "./sql.ts";

export interface RowsWanted {
  readonly missingValues?: readonly string[] | undefined;
  /** Only these columns; the time column of the window comes with them. */
  readonly columns?: readonly string[] | undefined;
  readonly window?: DataWindows | undefined;
  /** With the digits of numbers that a double does not hold. */
  readonly digits?: boolean | undefined;
}

/**
 * Fetches the wanted rows and columns into the engine's folder and relates them with the types ClickHouse declares. Rows
 * have no order in ClickHouse: they come as the nodes send them. Throws what a node throws.
 */
export async function fetchRows(source: string, wanted: RowsWanted, engine: Engine, context: Context): Promise<Scan> {
  const address = parseClickHouseAddress(source);
  return withNodes(address, context, async (nodes) => {
    const missing = wanted.missingValues ?? defaultMissingValues;
    const parts = [];
    for (const [index, node] of nodes.entries()) {
      context.progress(`fetching rows of ${address.shown} from ${node.name}`);
      const path = join(engine.folder, `clickhouse-${index}.jsonl`);
      parts.push({ node, path, columns: await fetchPart(node, path, address, missing, wanted, context) });
    }
    const [first, ...others] = parts;
    const columns = first?.columns ?? [];
    const describe = (list: readonly DataColumn[]): string =>
      list.map(({ name, type }) => `${name} ${type}`).join(", ");
    const odd = others.find((part) => describe(part.columns) !== describe(columns));
    if (odd) {
      throw new InputError({
        message: `${nodes[0].name} and ${odd.node.name} do not hold parts of one table`,
        file: address.shown,
        expected: describe(columns),
        received: describe(odd.columns),
      });
    }
    const files = parts.map(({ path }) => ({ path, shown: address.shown }));
    const fields =
      columns
        .flatMap(({ digits }, index) => [
          `c${index}: 'VARCHAR'`,
          ...(digits === undefined ? [] : [`d${index}: 'VARCHAR'`]),
        ])
        .join(", ") || "none: 'VARCHAR'";
    return {
      engine,
      relation: `read_json([${files.map(({ path }) => quotePath(path)).join(", ")}], format = 'newline_delimited', columns = {${fields}})`,
      columns: columns.map(({ name, type, digits }, index) => ({
        name,
        type,
        expression: readBack(type, `c${index}`),
        ...(digits === undefined ? {} : { digits: renderKnownDigits(`d${index}`, `CAST(c${index} AS DOUBLE)`) }),
      })),
      files: files as unknown as Scan["files"],
    };
  });
}

async function fetchPart(
  node: ClickHouseNode,
  path: string,
  address: ClickHouseAddress,
  missing: readonly string[],
  wanted: RowsWanted,
  context: Context,
): Promise<readonly DataColumn[]> {
  const { relation, columns } = await relateTable(node, address, missing);
  const where = renderWindow(wanted.window, columns, address.shown, quoteMicroseconds);
  const times = [wanted.window ?? []].flat().map(({ time }) => time);
  const chosen = columns
    .filter(({ name }) => wanted.columns === undefined || wanted.columns.includes(name) || times.includes(name))
    .map(
      ({ digits, ...column }): DataColumn => (wanted.digits && digits !== undefined ? { ...column, digits } : column),
    );
  const select = chosen.flatMap(({ expression, digits }, index) => [
    `toString(${expression}) AS c${index}`,
    ...(digits === undefined ? [] : [`${digits} AS d${index}`]),
  ]);
  const sql = `SELECT ${select.join(", ") || "'' AS none"} FROM ${relation} WHERE ${where}`;
  try {
    await pipeline(await node.stream(sql, "JSONEachRow"), createWriteStream(path), { signal: context.signal });
  } catch (error) {
    throw explainError(error, node.name, address, context);
  }
  return chosen;
}

function readBack(type: DataColumn["type"], column: string): string {
  if (type === "numeric") return `CAST(${column} AS DOUBLE)`;
  if (type === "datetime") return `make_timestamp(CAST(${column} AS BIGINT))`;
  return column;
}
