// Rows that depend on their neighbours in time: the order they are put in, and the length of the blocks that are resampled whole.
import { InputError } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import type { Table } from "../tables/table.ts";
import type { Task } from "./comparison.ts";

export interface TimeSettings {
  readonly task: Task;
  /** Column of times or numbers; null = the rows are in time order as they come. */
  readonly time: string | null;
  /** In points of time; null = only forecasts hang together, by a length chosen from their number. */
  readonly blockLength: number | "auto" | null;
  /** Rows are resampled by group instead: then there are no blocks. */
  readonly group: string | null;
}

export interface TimeBlocks {
  /** Indices of the rows by time, rows of the same time as they come; null = as they are. */
  readonly order: Int32Array | null;
  /** In rows; null = rows do not hang together. */
  readonly blockLength: number | null;
}

/**
 * Several rows may share a time (many series side by side): a block is as many rows as its points of time hold on average. Throws InputError when the
 * column is missing, holds neither times nor numbers, or lacks one.
 */
export function layOutTime(table: Table, settings: TimeSettings, file: string): TimeBlocks {
  const asked = settings.blockLength ?? (settings.task === "forecast" ? "auto" : null);
  if (asked === null || settings.group !== null || table.rows === 0) return { order: null, blockLength: null };
  const times = settings.time === null ? null : readTimes(table, settings.time, file);
  const order =
    times &&
    Int32Array.from(times, (_, row) => row).sort((left, right) => times[left]! - times[right]! || left - right);
  const points = times === null ? table.rows : new Set(times).size;
  const length = Math.min(points, asked === "auto" ? chooseLength(points) : asked);
  return { order, blockLength: Math.max(1, Math.round((length * table.rows) / points)) };
}

/** Grows with the cube root, the rate at which the spread of means is estimated best (Hall, Horowitz and Jing 1995). */
function chooseLength(points: number): number {
  return Math.max(1, Math.round(1.5 * Math.cbrt(points)));
}

function readTimes(table: Table, name: string, file: string): Float64Array {
  const column = table.columns.get(name);
  if (column === undefined) {
    const nearest = findNearestName(name, table.columns.keys());
    throw new InputError({
      message: `there is no column "${name}" for the time`,
      file,
      received: [...table.columns.keys()].slice(0, 20).join(", "),
      ...(nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }),
    });
  }
  const { values } = column;
  if (!(values instanceof Float64Array))
    throw new InputError({
      message: "the time column holds neither times nor numbers",
      file,
      key: name,
      expected: "dates such as 2026-01-31, times such as 2026-01-31T06:00:00Z, or numbers",
      received: `a ${column.type} column`,
    });
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new InputError({
      message: "a time is missing",
      file,
      key: name,
      expected: "a time in every row",
      received: `nothing in row ${bad + 1}`,
    });
  return values;
}
