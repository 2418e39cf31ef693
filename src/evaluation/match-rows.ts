// Brings the candidate's rows into the order of the baseline's: by id, or by position when there is none.
import { InputError, type Problem } from "../errors.ts";
import type { Column, Table } from "../tables/table.ts";

export interface MatchSides {
  readonly baseline: { readonly table: Table; readonly file: string };
  readonly candidate: { readonly table: Table; readonly file: string };
  /** Null: `id` if both have it, else the position. */
  readonly id: string | null;
}

/**
 * For each row of the baseline the row of the candidate with the same id. Throws InputError with all problems: no such column, ids missing,
 * repeated, or in one of the two only; another number of rows when there is no id.
 */
export function matchRows({ baseline, candidate, id }: MatchSides): Int32Array {
  const both = baseline.table.columns.has("id") && candidate.table.columns.has("id");
  const key = id ?? (both ? "id" : null);
  if (key === null) return matchByPosition(baseline, candidate);
  const problems: Problem[] = [];
  const left = indexById(baseline, key, problems);
  const right = indexById(candidate, key, problems);
  if (problems.length > 0) throw new InputError(problems);
  const order = new Int32Array(baseline.table.rows);
  const missing: string[] = [];
  for (const [name, row] of left) {
    const found = right.get(name);
    if (found === undefined) missing.push(name);
    else order[row] = found;
  }
  const extra = [...right.keys()].filter((name) => !left.has(name));
  if (missing.length > 0) problems.push(describeIds("rows of the baseline are missing", missing, key, candidate.file));
  if (extra.length > 0) problems.push(describeIds("rows are not in the baseline", extra, key, candidate.file));
  if (problems.length > 0) throw new InputError(problems);
  return order;
}

/** What is wrong with the row keys of one file: no such column, a key that is missing, keys that occur more than once. Empty = each row has its own. */
export function checkIds(side: MatchSides["baseline"], key: string): readonly Problem[] {
  const problems: Problem[] = [];
  indexById(side, key, problems);
  return problems;
}

type Side = MatchSides["baseline"];

function matchByPosition(baseline: Side, candidate: Side): Int32Array {
  if (baseline.table.rows !== candidate.table.rows)
    throw new InputError({
      message: "the two files have different numbers of rows",
      file: candidate.file,
      expected: `${baseline.table.rows} rows, as in ${baseline.file}`,
      received: `${candidate.table.rows} rows`,
      hint: "write an `id` column in both, or name one with --id",
    });
  return Int32Array.from({ length: baseline.table.rows }, (_, row) => row);
}

function indexById({ table, file }: Side, key: string, problems: Problem[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  const column = table.columns.get(key);
  if (column === undefined) {
    problems.push({
      message: `there is no column "${key}" to match rows by`,
      file,
      received: [...table.columns.keys()].slice(0, 20).join(", "),
    });
    return rows;
  }
  const repeated: string[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const name = readId(column, row);
    if (name === null) {
      problems.push({ message: "an id is missing", file, key, received: `nothing in row ${row + 1}` });
      return rows;
    }
    if (rows.has(name)) repeated.push(name);
    rows.set(name, row);
  }
  if (repeated.length > 0)
    problems.push({
      ...describeIds("ids occur more than once", repeated, key, file),
      hint: "give every row an id of its own; where an item has several samples, name the item's column as group",
    });
  return rows;
}

function readId(column: Column, row: number): string | null {
  const cell = column.values[row] ?? null;
  return cell === null || Number.isNaN(cell) ? null : String(cell);
}

function describeIds(message: string, ids: readonly string[], key: string, file: string): Problem {
  const shown = ids.slice(0, 5).join(", ");
  return { message, file, key, received: `${ids.length}: ${shown}${ids.length > 5 ? ", …" : ""}` };
}
