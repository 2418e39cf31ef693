// Reads a source of data into a table in memory.
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { isFreeText } from "../tables/free-text.ts";
import type { Column, Table } from "../tables/table.ts";
import { copyNumbers, joinNumbers } from "./chunk-numbers.ts";
import { withData } from "./open-data.ts";
import { renderSample, type SampleOptions } from "./sample-rows.ts";
import type { DataColumn, Scan } from "./scan.ts";
import { showSource } from "./source-address.ts";
import { type DataWindows, renderWindow, unknownColumn } from "./window.ts";

export interface ReadOptions {
  /** Only these columns, in this order; default all, in the file's order. */
  readonly columns?: readonly string[] | undefined;
  /** Cells read as missing; default empty, NA, NaN, null, None. */
  readonly missingValues?: readonly string[] | undefined;
  readonly window?: DataWindows | undefined;
  /** Columns that name rows: texts where a number in them is 2^53 or more, which a double cannot tell from the next. */
  readonly keys?: readonly string[] | undefined;
  /** Only a sample of the rows, the same for the same seed whatever the order of work. */
  readonly sample?: SampleOptions | undefined;
  /** Give a table without rows instead of an error. */
  readonly allowEmpty?: boolean | undefined;
}

/**
 * Reads CSV, TSV, Parquet, JSON or JSON Lines (gzipped too; paths, globs, https, s3) with the rows in the files' order.
 * Throws InputError with file and line when the data is bad, lacks a column, or has no rows (in the window) unless
 * `allowEmpty`; ProviderError when it cannot be fetched.
 */
export async function readTable(source: string, options: ReadOptions, context: Context): Promise<Table> {
  return withData(source, options, context, async (scan) => {
    const columns = chooseColumns(scan, options.columns, source);
    const where = renderWindow(options.window, scan.columns, source);
    let rows = 0;
    const builders = columns.map(startColumn);
    const select = columns.map((column) => renderOutput(column)).join(", ");
    const from = options.sample ? renderSample(scan, where, options.sample, source) : `${scan.relation} WHERE ${where}`;
    for await (const chunk of scan.engine.stream(`SELECT ${select || "1"} FROM ${from}`)) {
      builders.forEach((builder, index) => {
        builder.add(chunk, index);
      });
      rows += chunk.rowCount;
    }
    if (rows === 0 && !options.allowEmpty) throw await explainEmpty(scan, options.window, source);
    const built = builders.map((builder) => builder.finish());
    return { rows, columns: new Map(built.map((column) => [column.name, column])) };
  });
}

function chooseColumns(scan: Scan, names: readonly string[] | undefined, source: string): readonly DataColumn[] {
  if (!names) return scan.columns;
  const byName = new Map(scan.columns.map((column) => [column.name, column]));
  return names.map((name) => {
    const column = byName.get(name);
    if (!column) throw unknownColumn(name, scan.columns, source);
    return column;
  });
}

function renderOutput(column: DataColumn): string {
  if (column.type === "numeric") return `coalesce(${column.expression}, 'NaN'::DOUBLE)`;
  if (column.type === "datetime") return `coalesce(epoch_ms(${column.expression})::DOUBLE, 'NaN'::DOUBLE)`;
  return column.expression;
}

interface ColumnBuilder {
  add(chunk: DuckDBDataChunk, index: number): void;
  finish(): Column;
}

function startColumn(column: DataColumn): ColumnBuilder {
  return column.type === "numeric" || column.type === "datetime"
    ? startNumbers(column.name, column.type)
    : startStrings(column.name, column.type);
}

function startNumbers(name: string, type: "numeric" | "datetime"): ColumnBuilder {
  const parts: Float64Array[] = [];
  return {
    add: (chunk, index) => {
      parts.push(copyNumbers(chunk, index));
    },
    finish: () => ({ name, type, values: joinNumbers(parts) }),
  };
}

function startStrings(name: string, declared: "categorical" | "boolean"): ColumnBuilder {
  const values: (string | null)[] = [];
  const known = new Map<string, string>();
  return {
    add: (chunk, index) => {
      const vector = chunk.getColumnVector(index);
      for (let row = 0; row < chunk.rowCount; row++) {
        const value = vector.getItem(row) as string | null;
        values.push(value === null ? null : intern(known, value));
      }
    },
    finish: () => {
      if (declared === "boolean") return { name, type: "boolean", values };
      return { name, type: isFreeText(values) ? "text" : "categorical", values };
    },
  };
}

/** Equal texts share one string, so a column of few categories stays small. */
function intern(known: Map<string, string>, value: string): string {
  const before = known.get(value);
  if (before !== undefined) return before;
  if (known.size < 100_000) known.set(value, value);
  return value;
}

async function explainEmpty(scan: Scan, windows: DataWindows | undefined, source: string): Promise<InputError> {
  const [window] = windows === undefined ? [] : [windows].flat();
  const time = scan.columns.find((column) => column.name === window?.time);
  if (!window || !time) {
    return new InputError({
      message: `${showSource(source)} has a header and no rows`,
      file: showSource(source),
      expected: "at least one row",
    });
  }
  const [bounds] = await scan.engine.query(
    `SELECT CAST(min(${time.expression}) AS VARCHAR) AS low, CAST(max(${time.expression}) AS VARCHAR) AS high FROM ${scan.relation}`,
  );
  return new InputError({
    message: `${showSource(source)} has no rows with ${window.time} from ${window.from ?? "the beginning"} to ${window.to ?? "the end"}`,
    file: showSource(source),
    key: window.time,
    received: bounds?.["low"] === null ? "no times at all" : `times from ${bounds?.["low"]} to ${bounds?.["high"]}`,
  });
}
