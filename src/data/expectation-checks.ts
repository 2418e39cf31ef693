// The checks of one expectation as SQL conditions that a failing cell meets; `v` is the cell.
import type { ExpectationSettings } from "../config/settings.ts";
import { type CellSql, duckCells } from "./cell-sql.ts";
import { describeRange } from "./expectation-results.ts";
import type { DataColumn } from "./scan.ts";
import { isDay, startOf } from "./window.ts";

export type ColumnCheck = {
  readonly id: string;
  /** In words. */
  readonly expected: string;
} & (
  | {
      /** True for a failing cell. */
      readonly failing: string;
      /** Expression over all rows, named `w` in `failing`. */
      readonly window?: string;
      /** Columns named `u0`, `u1`, … in `failing`; a row where one of them is missing is not looked at. */
      readonly others?: readonly DataColumn[];
      /** Cells are compared with each other, not with a number of the config: all their digits count. */
      readonly exact?: boolean;
      /** Missing cells are looked at too. */
      readonly countsMissing?: boolean;
      /** About the column as a whole: `mostly` does not apply. */
      readonly whole?: boolean;
    }
  | { /** Why the check cannot be made on this column. */ readonly impossible: string }
);

/** Columns that an expectation reads beside its own. */
export function listOtherColumns({ pair, rowSum }: ExpectationSettings): readonly string[] {
  const total = rowSum && typeof rowSum.equals === "string" ? [rowSum.equals] : [];
  return [...(pair ? [pair.column] : []), ...(rowSum ? rowSum.with : []), ...total];
}

/** Checks of cells in the order of the documentation; `columns` are those of the data. */
export function listChecks(
  expectation: ExpectationSettings,
  column: DataColumn,
  columns: readonly DataColumn[],
  now: Date,
  sql: CellSql = duckCells,
): readonly ColumnCheck[] {
  const { between, oneOf, matches, length, monotonic, pair, rowSum, newestWithinSeconds } = expectation;
  return [
    ...(expectation.required ? [required] : []),
    ...(between ? [renderBetween(between, column, sql)] : []),
    ...(oneOf ? [renderOneOf(oneOf, column, sql)] : []),
    ...(matches === null ? [] : [renderMatches(matches, column, sql)]),
    ...(length ? [renderLength(length, column, sql)] : []),
    ...(expectation.unique ? [unique] : []),
    ...(monotonic ? [renderMonotonic(monotonic)] : []),
    ...(pair ? [renderPair(pair, column, columns)] : []),
    ...(rowSum ? [renderRowSum(rowSum, column, columns, sql)] : []),
    ...(newestWithinSeconds === null ? [] : [renderNewest(newestWithinSeconds, column, now, sql)]),
  ];
}

const required: ColumnCheck = {
  id: "required",
  expected: "no missing value",
  failing: "v IS NULL",
  countsMissing: true,
};

const unique: ColumnCheck = {
  id: "unique",
  expected: "no value twice",
  window: "CASE WHEN v IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY v) END",
  exact: true,
  failing: "w > 1",
};

function renderBetween(
  [low, high]: NonNullable<ExpectationSettings["between"]>,
  column: DataColumn,
  sql: CellSql,
): ColumnCheck {
  const expected = low === null && high === null ? "anything" : describeRange([low, high]);
  const type = [low, high].some((end) => typeof end === "string") ? "datetime" : "numeric";
  if (column.type !== type) return { id: "between", expected, impossible: `the column is ${column.type}` };
  const quote = (end: number | string): string =>
    typeof end === "number" ? sql.number(end) : sql.instant(new Date(startOf(end)).toISOString());
  const bounds = [
    ...(low === null ? [] : [`v < ${quote(low)}`]),
    ...(high === null ? [] : [isDay(String(high)) ? `v >= ${quote(nextDay(high))}` : `v > ${quote(high)}`]),
  ];
  return { id: "between", expected, failing: bounds.join(" OR ") || "FALSE" };
}

/** The end of a day that is meant whole. */
function nextDay(day: number | string): string {
  return new Date(startOf(String(day)) + 86_400_000).toISOString();
}

function renderLength(
  [low, high]: readonly [number | null, number | null],
  column: DataColumn,
  sql: CellSql,
): ColumnCheck {
  const expected = `${describeRange([low, high])} characters`;
  if (column.type !== "categorical") return { id: "length", expected, impossible: `the column is ${column.type}` };
  const bounds = [
    ...(low === null ? [] : [`${sql.length} < ${sql.number(low)}`]),
    ...(high === null ? [] : [`${sql.length} > ${sql.number(high)}`]),
  ];
  return { id: "length", expected, failing: bounds.join(" OR ") || "FALSE" };
}

/** The value before is the last one that is not missing. */
function renderMonotonic(order: NonNullable<ExpectationSettings["monotonic"]>): ColumnCheck {
  const comparison = { increasing: "<", "strictly-increasing": "<=", decreasing: ">", "strictly-decreasing": ">=" };
  return {
    id: "monotonic",
    expected: `values ${order.replace("-", " ")} from row to row`,
    window: "lag(v IGNORE NULLS) OVER (ORDER BY row)",
    exact: true,
    failing: `v ${comparison[order]} w`,
  };
}

function renderPair(
  { relation, column: name }: NonNullable<ExpectationSettings["pair"]>,
  column: DataColumn,
  columns: readonly DataColumn[],
): ColumnCheck {
  const about = { id: "pair", expected: `${column.name} ${relation} ${name}` };
  const other = columns.find((one) => one.name === name);
  if (!other) return { ...about, impossible: `the data has no column ${name}` };
  if (other.type !== column.type) return { ...about, impossible: `${name} is ${other.type}, not ${column.type}` };
  return { ...about, others: [other], exact: true, failing: `NOT (v ${relation === "==" ? "=" : relation} u0)` };
}

function renderRowSum(
  { with: names, equals, tolerance }: NonNullable<ExpectationSettings["rowSum"]>,
  column: DataColumn,
  columns: readonly DataColumn[],
  sql: CellSql,
): ColumnCheck {
  const about = { id: "row-sum", expected: `${[column.name, ...names].join(" + ")} = ${equals} (± ${tolerance})` };
  const wanted = [...names, ...(typeof equals === "string" ? [equals] : [])];
  const others = wanted.flatMap((name) => columns.find((one) => one.name === name) ?? []);
  const absent = wanted.find((name) => !others.some((other) => other.name === name));
  if (absent !== undefined) return { ...about, impossible: `the data has no column ${absent}` };
  const odd = [column, ...others].find((one) => one.type !== "numeric");
  if (odd) return { ...about, impossible: `${odd.name} is ${odd.type}, not numeric` };
  const parts = ["v", ...names.map((_, i) => `u${i}`)].join(" + ");
  const total = typeof equals === "string" ? `u${names.length}` : sql.number(equals);
  return { ...about, others, failing: `NOT (abs((${parts}) - ${total}) <= ${sql.number(tolerance)})` };
}

function renderOneOf(values: readonly (string | number | boolean)[], column: DataColumn, sql: CellSql): ColumnCheck {
  const expected = `one of ${values.slice(0, 20).join(", ")}${values.length > 20 ? ", …" : ""}`;
  if (column.type === "datetime") return { id: "in", expected, impossible: "the column holds times" };
  const list =
    column.type === "numeric"
      ? values.map(Number).filter(Number.isFinite).map(sql.number)
      : values.map((value) => sql.text(String(value)));
  return { id: "in", expected, failing: list.length === 0 ? "v IS NOT NULL" : sql.isNoneOf(list) };
}

function renderMatches(pattern: string, column: DataColumn, sql: CellSql): ColumnCheck {
  const expected = `texts that match ${pattern}`;
  if (column.type !== "categorical") return { id: "matches", expected, impossible: `the column is ${column.type}` };
  return { id: "matches", expected, failing: `NOT ${sql.matches(pattern)}` };
}

function renderNewest(seconds: number, column: DataColumn, now: Date, sql: CellSql): ColumnCheck {
  const oldest = new Date(now.getTime() - seconds * 1000).toISOString();
  const expected = `a time after ${oldest}`;
  if (column.type !== "datetime") return { id: "newest-within", expected, impossible: `the column is ${column.type}` };
  const limit = sql.instant(oldest);
  return {
    id: "newest-within",
    expected,
    window: "max(v) OVER ()",
    failing: `(w IS NULL OR w < ${limit}) AND row = 1`,
    countsMissing: true,
    whole: true,
  };
}
