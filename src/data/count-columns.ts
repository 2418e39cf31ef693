// Counts columns of a streamed query, chunk by chunk, into their profiles.
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { createBinCounter } from "../monitoring/bin-counter.ts";
import type { ColumnProfile } from "../monitoring/profile.ts";
import { profileCountedTexts } from "../monitoring/profile-table.ts";
import { createTextCounter } from "../monitoring/text-counter.ts";
import { createNumberKeeper, readText, viewHashes, viewNumbers } from "./chunk-numbers.ts";
import type { DataColumn } from "./scan.ts";

export interface ColumnCounter {
  /** What the query selects for this column. */
  readonly select: readonly string[];
  /** Counts a chunk in which what was selected begins at index `at`. */
  readonly add: (chunk: DuckDBDataChunk, at: number) => void;
  /** Ends the counting after so many rows. A profile of null: texts that were too many to count here. */
  readonly finish: (rows: number) => { readonly profile: ColumnProfile | null; readonly numbers: Float64Array | null };
  /** Ends a counting that will not be finished. */
  readonly abandon: () => void;
}

/** A counter of any column; `keep` keeps the numbers of a numeric one too, without missing ones, in no order, of so many rows where those are known. */
export function createColumnCounter(
  column: DataColumn,
  keep: { readonly rows: number | null } | null,
  isSketched: boolean,
): ColumnCounter {
  return column.type === "numeric" || column.type === "datetime"
    ? countNumbers(column, column.type, keep, isSketched)
    : countTexts(column, column.type);
}

function countNumbers(
  { name, expression, withNaN }: DataColumn,
  type: "numeric" | "datetime",
  keep: { readonly rows: number | null } | null,
  isSketched: boolean,
): ColumnCounter {
  const counter = createBinCounter(type === "numeric" ? "double" : "integer", isSketched);
  const keeper = keep && type === "numeric" ? createNumberKeeper(keep.rows) : null;
  const missing =
    type === "numeric"
      ? `coalesce(${withNaN ?? expression}, 'NaN'::DOUBLE)`
      : `coalesce(epoch_us(${expression}), CAST('-9223372036854775808' AS BIGINT))`;
  return {
    select: [missing],
    add: (chunk, at) => {
      const view = viewNumbers(chunk, at);
      counter.add(view, chunk.rowCount);
      if (view instanceof Float64Array) keeper?.add(view, chunk.rowCount);
    },
    finish: (rows) => {
      const { values, present, infinite, distinct } = counter.finish();
      const none = { lengths: null, characters: null };
      const profile = { name, type, present, missing: rows - present, infinite, values, ...none, distinct };
      return { profile, numbers: keeper?.finish(rows - present) ?? null };
    },
    abandon: counter.abandon,
  };
}

function countTexts({ name, expression }: DataColumn, type: "categorical" | "boolean"): ColumnCounter {
  const counter = createTextCounter();
  return {
    select: [expression, `hash(${expression})`],
    add: (chunk, at) => {
      counter.add(viewHashes(chunk, at + 1), chunk.rowCount, (row) => readText(chunk, at, row));
    },
    finish: (rows) => {
      const counts = counter.finish();
      return { profile: counts && profileCountedTexts(name, type, counts, rows), numbers: null };
    },
    abandon: () => {},
  };
}
