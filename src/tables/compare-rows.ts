// Two sets of rows side by side: what came, what went, what got another label, and which rows lie in both.
import type { Column, Table } from "./table.ts";

/** Column names; null = there is none. `id` default: `id` if both tables have it. A `time` belongs to the key of its row. */
export interface RowKey {
  readonly id: string | null;
  readonly time: string | null;
  readonly label: string | null;
}

/** Rows; the first three and what stays add up to each side. `changed`: same key and label, other values. */
export interface RowChanges {
  readonly added: number;
  readonly removed: number;
  readonly relabelled: number;
  readonly changed: number;
  readonly kept: number;
  /** What rows were matched by: names of columns; empty = by all columns but the label. */
  readonly matchedBy: readonly string[];
}

/**
 * Matches rows by key: id and time, or without an id everything but the label. A key that occurs several times is matched as often
 * as it occurs on both sides. Values are compared as text, so a column may be numeric on one side and text on the other.
 */
export function compareRows(before: Table, after: Table, key: RowKey): RowChanges {
  const common = [...before.columns.keys()].filter((name) => after.columns.has(name));
  const matchedBy = findKeyColumns(before, after, key);
  const label = key.label !== null && common.includes(key.label) ? [key.label] : [];
  const named = matchedBy.length > 0 ? matchedBy : common.filter((name) => !label.includes(name));
  const sameKey = countCommon(before, after, named);
  const sameLabel = countCommon(before, after, [...named, ...label]);
  const kept = countCommon(before, after, common);
  return {
    added: after.rows - sameKey,
    removed: before.rows - sameKey,
    relabelled: sameKey - sameLabel,
    changed: sameLabel - kept,
    kept,
    matchedBy,
  };
}

/** How many rows of `rows` occur in `others` by the same key; a row that occurs twice counts twice. */
export function countSharedRows(rows: Table, others: Table, key: RowKey): number {
  const matchedBy = findKeyColumns(rows, others, key);
  const common = [...rows.columns.keys()].filter((name) => others.columns.has(name));
  const names = matchedBy.length > 0 ? matchedBy : common;
  if (names.length === 0) return 0;
  const known = new Set<string>();
  const readOther = openReader(others, names);
  for (let row = 0; row < others.rows; row += 1) known.add(readOther(row));
  const read = openReader(rows, names);
  let shared = 0;
  for (let row = 0; row < rows.rows; row += 1) if (known.has(read(row))) shared += 1;
  return shared;
}

/** Names of the columns that make a row's key; empty = there is no id. */
export function findKeyColumns(left: Table, right: Table, { id, time }: RowKey): readonly string[] {
  const both = (name: string) => left.columns.has(name) && right.columns.has(name);
  const named = id ?? "id";
  if (!both(named)) return [];
  return time !== null && time !== named && both(time) ? [named, time] : [named];
}

/** Size of the common part of both multisets of rows, seen through these columns. */
function countCommon(before: Table, after: Table, names: readonly string[]): number {
  const counts = new Map<string, number>();
  const readBefore = openReader(before, names);
  for (let row = 0; row < before.rows; row += 1) {
    const text = readBefore(row);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const readAfter = openReader(after, names);
  let common = 0;
  for (let row = 0; row < after.rows; row += 1) {
    const text = readAfter(row);
    const left = counts.get(text) ?? 0;
    if (left === 0) continue;
    counts.set(text, left - 1);
    common += 1;
  }
  return common;
}

/** A row's values of these columns as one text, unambiguous whatever the values hold. */
function openReader(table: Table, names: readonly string[]): (row: number) => string {
  const columns = names.flatMap((name) => table.columns.get(name) ?? []);
  return (row) => columns.map((column) => renderValue(column, row)).join("");
}

function renderValue({ values }: Column, row: number): string {
  const value = values[row];
  if (value === null || value === undefined || Number.isNaN(value)) return "~,";
  const text = String(value);
  return `${text.length}:${text},`;
}
