// Counts columns of a streamed query, chunk by chunk, into their profiles.
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { type BinCount, createBinCounter } from "../monitoring/bin-counter.ts";
import type { ColumnProfile } from "../monitoring/profile.ts";
import { profileCountedTexts } from "../monitoring/profile-table.ts";
import { createTextCounter } from "../monitoring/text-counter.ts";
import { createNumberKeeper, readText, viewHashes, viewNumbers } from "./chunk-numbers.ts";
import type { DataColumn } from "./scan.ts";
import type { NumberTerm } from "./visit-numbers.ts";

export interface ColumnCounter {
  /** What the query selects for this column. */
  readonly select: readonly string[];
  /** Of numbers and times: what to ask `visitNumbers` for, and what counts it. Null for texts. */
  readonly numbers: {
    readonly term: NumberTerm;
    readonly add: (values: Float64Array | BigInt64Array, length: number) => void;
  } | null;
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

/** What to ask for of a column of numbers or times. */
export function selectNumbers({ type, expression, withNaN }: DataColumn): NumberTerm {
  const integers = type === "datetime";
  return { sql: integers ? `epoch_us(${expression})` : (withNaN ?? expression), integers };
}

/** Of such a column as it was counted. */
export function profileNumbers(
  { name, type }: Pick<DataColumn, "name" | "type">,
  counted: BinCount,
  rows: number,
): ColumnProfile {
  const { values, present, infinite, distinct } = counted;
  const none = { lengths: null, characters: null };
  return { name, type, present, missing: rows - present, infinite, values, ...none, distinct };
}

function countNumbers(
  column: DataColumn,
  type: "numeric" | "datetime",
  keep: { readonly rows: number | null } | null,
  isSketched: boolean,
): ColumnCounter {
  const counter = createBinCounter(type === "numeric" ? "double" : "integer", isSketched);
  const keeper = keep && type === "numeric" ? createNumberKeeper(keep.rows) : null;
  const term = selectNumbers(column);
  const missing = term.integers ? "CAST('-9223372036854775808' AS BIGINT)" : "'NaN'::DOUBLE";
  const add = (values: Float64Array | BigInt64Array, length: number): void => {
    counter.add(values, length);
    if (values instanceof Float64Array) keeper?.add(values, length);
  };
  return {
    select: [`coalesce(${term.sql}, ${missing})`],
    numbers: { term, add },
    add: (chunk, at) => add(viewNumbers(chunk, at), chunk.rowCount),
    finish: (rows) => {
      const profile = profileNumbers(column, counter.finish(), rows);
      return { profile, numbers: keeper?.finish(profile.missing) ?? null };
    },
    abandon: counter.abandon,
  };
}

function countTexts({ name, expression }: DataColumn, type: "categorical" | "boolean"): ColumnCounter {
  const counter = createTextCounter();
  return {
    select: [expression, `hash(${expression})`],
    numbers: null,
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
