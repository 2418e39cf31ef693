// Which rows belong to which slice.
import type { Column, Table } from "../tables/table.ts";
import { renderConditions, type SliceCondition } from "./gate.ts";
import type { SliceChoice } from "./judge-request.ts";
import { parseWhere } from "./slice-expression.ts";

type Columns = Table["columns"];

/** A set of rows with a name: `plan=basic`, `age>=65`, or a name the config gave. */
export interface Slice {
  readonly id: string;
  readonly indices: Int32Array;
}

/** The conditions name a column that the data does not have. */
export class UnknownSliceColumn extends Error {
  readonly column: string;
  constructor(column: string) {
    super(`the data has no column "${column}"`);
    this.column = column;
  }
}

/** Rows that hold every condition (none may be `*`). Throws UnknownSliceColumn. */
export function findRows(columns: Columns, rows: number, conditions: readonly SliceCondition[]): Int32Array {
  const tests = conditions.map((condition) => createTest(requireColumn(columns, condition.column), condition));
  const found: number[] = [];
  for (let row = 0; row < rows; row += 1) if (tests.every((test) => test(row))) found.push(row);
  return Int32Array.from(found);
}

/**
 * Every combination of values of the `*` columns among rows that hold the other conditions, by falling number of rows.
 * Missing cells make no slice. Throws UnknownSliceColumn.
 */
export function expandConditions(
  columns: Columns,
  rows: number,
  conditions: readonly SliceCondition[],
): readonly Slice[] {
  const fixed = findRows(
    columns,
    rows,
    conditions.filter(({ value }) => value !== null),
  );
  const open = conditions.filter(({ value }) => value === null);
  if (open.length === 0) return [{ id: renderConditions(conditions), indices: fixed }];
  const starred = open.map(({ column }) => requireColumn(columns, column));
  const groups = new Map<string, { readonly values: readonly (string | number)[]; readonly rows: number[] }>();
  for (const row of fixed) {
    const values = starred.map((column) => readCell(column, row));
    if (!values.every((value) => value !== null)) continue;
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, rows: [] };
    if (group.rows.length === 0) groups.set(key, group);
    group.rows.push(row);
  }
  return [...groups.values()]
    .sort((left, right) => right.rows.length - left.rows.length)
    .map((group) => {
      let next = 0;
      const named = conditions.map((condition) =>
        condition.value === null ? { ...condition, value: group.values[next++]! } : condition,
      );
      return { id: renderConditions(named), indices: Int32Array.from(group.rows) };
    });
}

/** The slices of one choice of the config, by falling number of rows. Throws UnknownSliceColumn. */
export function expandChoice(columns: Columns, rows: number, choice: SliceChoice): readonly Slice[] {
  if (choice.kind === "where") {
    return [{ id: choice.name, indices: findRows(columns, rows, parseWhere(choice.where)) }];
  }
  const conditions = choice.columns.map((column) => ({ column, operator: "=", value: null }) as const);
  return expandConditions(columns, rows, conditions);
}

function requireColumn(columns: Columns, name: string): Column {
  const column = columns.get(name);
  if (column === undefined) throw new UnknownSliceColumn(name);
  return column;
}

/** A cell as a slice value: datetimes as ISO days or instants, booleans as words; null = missing. */
function readCell(column: Column, row: number): string | number | null {
  if (column.type !== "numeric" && column.type !== "datetime") return column.values[row] ?? null;
  const value = column.values[row]!;
  if (Number.isNaN(value)) return null;
  return column.type === "datetime" ? new Date(value).toISOString().replace("T00:00:00.000Z", "") : value;
}

function createTest(column: Column, { operator, value }: SliceCondition): (row: number) => boolean {
  if (column.type === "numeric" || column.type === "datetime") {
    const wanted = column.type === "datetime" ? parseInstant(value) : Number(value);
    const { values } = column;
    return (row) => compare(values[row]!, wanted, operator);
  }
  const { values } = column;
  const wanted = String(value);
  if (operator === "=") return (row) => values[row] === wanted;
  if (operator === "!=") return (row) => values[row] !== wanted;
  return (row) => compare(values[row] === null ? Number.NaN : Number(values[row]), Number(value), operator);
}

function parseInstant(value: string | number | null): number {
  return typeof value === "number" && value > 9999 ? value : Date.parse(String(value));
}

function compare(left: number, right: number, operator: SliceCondition["operator"]): boolean {
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
