// Numbers that a file spells as texts, as JSON writers do with decimals and long integers.
import type { Column } from "./table.ts";

export type NumberCells =
  | { readonly values: Float64Array }
  /** The first cell that is no number; `row` counts from 0. */
  | { readonly values: null; readonly row: number; readonly cell: string };

const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const notFinite = /^\s*[+-]?(nan|inf|infinity)\s*$/i;

/** A column's numbers, also where they are texts such as "0.25" or "1e-3"; missing, "NaN" and "inf" are NaN. Truth values are no numbers. */
export function readNumberCells(column: Column): NumberCells {
  if (column.values instanceof Float64Array) return { values: column.values };
  const values = new Float64Array(column.values.length).fill(Number.NaN);
  for (let row = 0; row < values.length; row += 1) {
    const cell = column.values[row] ?? null;
    if (cell === null || notFinite.test(cell)) continue;
    if (!number.test(cell)) return { values: null, row, cell };
    values[row] = Number(cell);
  }
  return { values };
}
