// Divides rows between training and evaluation by their key, so that a row stays on its side when others come and go.
import { sha256Hex } from "../json/digest.ts";
import type { Table } from "./table.ts";

/**
 * Indices of the rows for evaluation (about `share` of them, in (0, 1)) and for training. A row goes by the first 48 bits of
 * the SHA-256 of its key: the value of column `key`, so rows with one key stay together, or the row's position when `key` is
 * null or not a column. A missing key counts as the empty text.
 */
export function splitByShare(
  table: Table,
  key: string | null,
  share: number,
): { readonly evaluation: Int32Array; readonly training: Int32Array } {
  const column = key === null ? undefined : table.columns.get(key);
  const evaluation: number[] = [];
  const training: number[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const value = column === undefined ? row : (column.values[row] ?? "");
    const fraction = Number.parseInt(sha256Hex(String(value)).slice(0, 12), 16) / 2 ** 48;
    (fraction < share ? evaluation : training).push(row);
  }
  return { evaluation: Int32Array.from(evaluation), training: Int32Array.from(training) };
}
