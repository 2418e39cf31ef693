// The changed copies of rows that a behaviour asks about.
import type { Column, NumberColumn, StringColumn, Table } from "../../tables/table.ts";
import type { Behaviour, CellChange, CellValue } from "./behaviour.ts";

/** More copies of one row than this are refused. */
const mostCopies = 100;

type Cell = string | number | null;

/** Copies of rows as a table; `unitOf[copy]` is the row of `table` that a copy was made from. */
export interface ChangedRows {
  readonly table: Table;
  readonly unitOf: Int32Array;
}

/** The behaviour cannot be asked on this data; the message is a sentence without its period. */
export class UnfitBehaviour extends Error {}

/**
 * Every row with its changes made, once per combination of values where there is `one-of`. Copies in which no cell differs are left out.
 * Throws UnfitBehaviour for a column that the data lacks or whose type does not fit.
 */
export function changeCells(table: Table, changes: Behaviour["changes"]): ChangedRows {
  const combinations = combine(changes);
  const unitOf: number[] = [];
  const cells = new Map<string, Cell[]>();
  const columns = changes.map(({ column }) => findColumn(table, column));
  for (const column of columns) cells.set(column.name, []);
  for (let row = 0; row < table.rows; row += 1) {
    for (const combination of combinations) {
      const changed = columns.map((column, at) => changeCell(column, row, combination[at]!));
      if (changed.every((cell, at) => sameCell(cell, columns[at]!.values[row] ?? null))) continue;
      unitOf.push(row);
      for (const [at, column] of columns.entries()) cells.get(column.name)!.push(changed[at]!);
    }
  }
  const units = Int32Array.from(unitOf);
  const made = [...table.columns.values()].map((column): [string, Column] => [
    column.name,
    buildColumn(column, cells.get(column.name) ?? Array.from(units, (row) => column.values[row] ?? null)),
  ]);
  return { table: { rows: units.length, columns: new Map(made) }, unitOf: units };
}

/** Rows written down, as a table with the columns of `like`; what is not given is missing. Throws UnfitBehaviour. */
export function tabulateCases(like: Table, given: readonly Readonly<Record<string, CellValue>>[]): Table {
  for (const one of given) for (const name of Object.keys(one)) findColumn(like, name);
  const columns = [...like.columns.values()].map((column): [string, Column] => {
    const cells = given.map((one) => (Object.hasOwn(one, column.name) ? readCell(column, one[column.name]!) : null));
    return [column.name, buildColumn(column, cells)];
  });
  return { rows: given.length, columns: new Map(columns) };
}

type SingleChange = Exclude<CellChange, { readonly kind: "one-of" }>;

function combine(changes: Behaviour["changes"]): readonly (readonly SingleChange[])[] {
  let combinations: SingleChange[][] = [[]];
  for (const { change } of changes) {
    const choices: readonly SingleChange[] =
      change.kind === "one-of" ? change.values.map((value) => ({ kind: "set", value })) : [change];
    combinations = combinations.flatMap((before) => choices.map((choice) => [...before, choice]));
    if (combinations.length > mostCopies)
      throw new UnfitBehaviour(`its values combine to more than ${mostCopies} copies of a row`);
  }
  return combinations;
}

function changeCell(column: Column, row: number, change: SingleChange): Cell {
  if (change.kind === "set") return readCell(column, change.value);
  const value = column.values[row];
  if (column.type !== "numeric")
    throw new UnfitBehaviour(
      `the column "${column.name}" is ${column.type}, and only numbers can be added to or multiplied`,
    );
  if (typeof value !== "number" || Number.isNaN(value)) return null;
  return change.kind === "add" ? value + change.amount : value * change.factor;
}

function readCell(column: Column, value: CellValue): Cell {
  const unfit = () =>
    new UnfitBehaviour(`${JSON.stringify(value)} does not fit the ${column.type} column "${column.name}"`);
  if (column.type === "numeric") {
    const number = typeof value === "boolean" || value === "" ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) throw unfit();
    return number;
  }
  if (column.type === "datetime") {
    const instant = typeof value === "string" ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(instant)) throw unfit();
    return instant;
  }
  const text = String(value);
  if (column.type === "boolean" && text !== "true" && text !== "false") throw unfit();
  return text;
}

function findColumn(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (column === undefined) throw new UnfitBehaviour(`the data has no column "${name}"`);
  return column;
}

function buildColumn(column: Column, cells: readonly Cell[]): Column {
  if (column.values instanceof Float64Array) {
    const values = Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : Number.NaN));
    return { ...(column as NumberColumn), values };
  }
  return { ...(column as StringColumn), values: cells.map((cell) => (cell === null ? null : String(cell))) };
}

function sameCell(left: Cell, right: Cell): boolean {
  const missing = (cell: Cell) => cell === null || Number.isNaN(cell);
  return left === right || (missing(left) && missing(right));
}
