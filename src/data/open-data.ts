// Opens a source for SQL: a relation and, for every column, its type and an expression that gives its values.
import { defaultMissingValues } from "../config/missing-values.ts";
import type { Context } from "../host/context.ts";
import { checkUtf8 } from "./check-utf8.ts";
import { isClickHouseAddress } from "./clickhouse/address.ts";
import { type Engine, openEngine } from "./engine.ts";
import { explainEngineError, isConversionError, isEngineFailure, isLineTooLong } from "./engine-errors.ts";
import { type RawRelation, relateDeclared } from "./relate-declared.ts";
import { relateDelimited } from "./relate-delimited.ts";
import type { Scan } from "./scan.ts";
import { findSourceFiles } from "./source-files.ts";
import type { DataWindows } from "./window.ts";

export interface OpenOptions {
  readonly missingValues?: readonly string[] | undefined;
  /** What will be looked at of a source whose rows must be fetched: default all. */
  readonly columns?: readonly string[] | undefined;
  readonly window?: DataWindows | undefined;
  /** Columns that name rows: read as texts where a number in them is too large for a double to tell it from the next. */
  readonly keys?: readonly string[] | undefined;
  /** Long integers and decimals are told apart by their digits too (`DataColumn.digits`). */
  readonly digits?: boolean | undefined;
  /** How many sources are read at the same time, which share processors and memory; default 1. */
  readonly atOnce?: number | undefined;
}

/**
 * Opens `source`, gives `use` a scan and closes everything after it. Types of CSV columns are guessed on the first
 * rows; when a later row proves the guess wrong, `use` is called again with types taken from every row, so the
 * outcome is that of looking at all rows; likewise when a line is longer than the small buffer that suffices for most. Engine errors come out as InputError with file and line, or ProviderError.
 */
export async function withData<T>(
  source: string,
  options: OpenOptions,
  context: Context,
  use: (scan: Scan) => Promise<T>,
): Promise<T> {
  const engine = await openEngine(context.signal, options.atOnce);
  try {
    return await useData(engine, source, options, context, use);
  } finally {
    await engine.close();
  }
}

async function useData<T>(
  engine: Engine,
  source: string,
  options: OpenOptions,
  context: Context,
  use: (scan: Scan) => Promise<T>,
): Promise<T> {
  if (isClickHouseAddress(source)) {
    const { fetchRows } = await import("./clickhouse/fetch-rows.ts");
    return use(await fetchRows(source, options, engine, context));
  }
  const found = await findSourceFiles(source, engine, context);
  const missing = options.missingValues ?? defaultMissingValues;
  const { keys = [], digits = false } = options;
  const reading = { everyRow: false, longLines: false };
  const relate = (): Promise<RawRelation> =>
    found.format === "csv" || found.format === "tsv"
      ? relateDelimited(engine, found, missing, { ...reading, keys, digits })
      : relateDeclared(engine, found, missing, { keys, digits });
  try {
    for (;;) {
      try {
        return await use({ engine, files: found.files, ...(await relate()) });
      } catch (error) {
        if (isConversionError(error) && !reading.everyRow) reading.everyRow = true;
        else if (isLineTooLong(error) && !reading.longLines) reading.longLines = true;
        else throw error;
      }
    }
  } catch (error) {
    const isDelimited = found.format === "csv" || found.format === "tsv";
    if (isDelimited && isEngineFailure(error) && !context.signal.aborted) await checkUtf8(found);
    throw explainEngineError(error, found, context.signal);
  }
}
