// Windows of time as SQL: which rows of a source are meant.
import { InputError } from "../errors.ts";
import type { DataColumn } from "./scan.ts";
import { quoteText } from "./sql.ts";

/**
 * Rows whose `time` lies in the window. Both ends are inclusive; an end without a time of day is a whole day in UTC, so
 * `to: 2015-12-31` takes all of that day. Rows without a time belong to no window.
 */
export interface DataWindow {
  readonly time: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** One window, or several taken together (a row may lie in any of them). */
export type DataWindows = DataWindow | readonly DataWindow[];

/**
 * The window as a condition after WHERE; it is always true when open on both sides. `instant` writes milliseconds since
 * 1970 as the engine compares times. Throws InputError on a bad window.
 */
export function renderWindow(
  windows: DataWindows | undefined,
  columns: readonly DataColumn[],
  shown: string,
  instant: (milliseconds: number) => string = renderInstant,
): string {
  if (windows === undefined) return "1 = 1";
  const list = Array.isArray(windows) ? (windows as readonly DataWindow[]) : [windows as DataWindow];
  if (list.length === 0) return "1 = 0";
  return `(${list.map((window) => renderOne(window, columns, shown, instant)).join(" OR ")})`;
}

function renderOne(
  window: DataWindow,
  columns: readonly DataColumn[],
  shown: string,
  instant: (milliseconds: number) => string,
): string {
  if (window.from === undefined && window.to === undefined) return "1 = 1";
  const column = columns.find((candidate) => candidate.name === window.time);
  if (!column) throw unknownColumn(window.time, columns, shown);
  if (column.type !== "datetime") {
    throw new InputError({
      message: `${shown}: the time column ${JSON.stringify(window.time)} holds no times`,
      file: shown,
      key: window.time,
      expected: "dates or times as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS",
      received: `a ${column.type} column`,
    });
  }
  const conditions: string[] = [];
  if (window.from !== undefined) conditions.push(`${column.expression} >= ${instant(startOf(window.from))}`);
  if (window.to !== undefined) {
    const day = isDay(window.to);
    const end = day ? startOf(window.to) + 86_400_000 : startOf(window.to);
    conditions.push(`${column.expression} ${day ? "<" : "<="} ${instant(end)}`);
  }
  return `(${conditions.join(" AND ")})`;
}

/** Milliseconds since 1970 of a window's end as written. Throws InputError when it is no date. */
export function startOf(text: string): number {
  const zoned = isDay(text) || /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const instant = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned.replace(" ", "T")) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw new InputError({
      message: `${JSON.stringify(text)} is no date`,
      expected: "YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ",
      received: text,
    });
  }
  return instant;
}

/** True for a date without a time of day. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

/** The error for a column that the data does not have, naming those it has. */
export function unknownColumn(name: string, columns: readonly { readonly name: string }[], shown: string): InputError {
  const names = columns.map((column) => column.name);
  const near = names.find((candidate) => candidate.toLowerCase().trim() === name.toLowerCase().trim());
  return new InputError({
    message: `${shown} has no column ${JSON.stringify(name)}`,
    file: shown,
    key: name,
    expected: `one of: ${names.slice(0, 30).join(", ")}${names.length > 30 ? ", …" : ""}`,
    ...(near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` }),
  });
}

function renderInstant(milliseconds: number): string {
  return `TIMESTAMP ${quoteText(new Date(milliseconds).toISOString().replace("T", " ").replace("Z", ""))}`;
}
