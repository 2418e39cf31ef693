// What the lock pins of a data set: a digest of its rows, their number, its columns.

import type { Context } from "../host/context.ts";
import { startSha256 } from "../json/digest.ts";
import { withData } from "./open-data.ts";
import type { DataColumn } from "./scan.ts";
import { type DataWindow, renderWindow } from "./window.ts";

export interface DataDescription {
  /** Of the rows' content in their order, not of the file's bytes: rows outside the window and the format do not count. */
  readonly sha256: string;
  readonly rows: number;
  readonly columns: readonly string[];
}

/**
 * Describes the rows of `source` that lie in `window`. The digest is SHA-256 over one line per row after a line with the
 * columns' names and types as JSON; a cell is `~` when missing, a number as C's `%.17g`, a time as microseconds since
 * 1970, anything else as its length in bytes, a colon and the text; cells end with a comma, lines with a line feed. An
 * integer or decimal that a double cannot hold is a text of its digits.
 */
export async function describeData(
  source: string,
  options: { readonly window?: DataWindow | undefined; readonly missingValues?: readonly string[] | undefined },
  context: Context,
): Promise<DataDescription> {
  return withData(source, { ...options, digits: true }, context, async (scan) => {
    const digest = startSha256();
    const encoder = new TextEncoder();
    digest.update(encoder.encode(`${JSON.stringify(scan.columns.map(({ name, type }) => [name, type]))}\n`));
    const line = `concat(${scan.columns.map(renderCell).join(", ")}, chr(10))`;
    const where = renderWindow(options.window, scan.columns, source);
    let rows = 0;
    for await (const chunk of scan.engine.stream(`SELECT ${line} AS line FROM ${scan.relation} WHERE ${where}`)) {
      const vector = chunk.getColumnVector(0);
      let text = "";
      for (let row = 0; row < chunk.rowCount; row++) text += String(vector.getItem(row));
      digest.update(encoder.encode(text));
      rows += chunk.rowCount;
    }
    return { sha256: digest.finish(), rows, columns: scan.columns.map((column) => column.name) };
  });
}

function renderCell({ type, expression, digits }: DataColumn): string {
  const text = (value: string): string => `CAST(strlen(${value}) AS VARCHAR) || ':' || ${value}`;
  if (type === "numeric") {
    return `coalesce(${digits === undefined ? "" : `${text(digits)}, `}printf('%.17g', ${expression}), '~'), ','`;
  }
  if (type === "datetime") return `coalesce(CAST(epoch_us(${expression}) AS VARCHAR), '~'), ','`;
  return `coalesce(${text(expression)}, '~'), ','`;
}
