// How conditions on cells are written for a query engine; `v` is the cell.
import { quoteNumber, quoteText } from "./sql.ts";

export interface CellSql {
  /** A number, exactly. */
  number(value: number): string;
  text(value: string): string;
  /** True where `v` is none of these, written by the functions above. */
  isNoneOf(list: readonly string[]): string;
  /** Length of the text `v` in characters. */
  readonly length: string;
  /** True where the whole text `v` matches an RE2 pattern. */
  matches(pattern: string): string;
  /** A moment as `datetime` columns compare with. */
  instant(iso: string): string;
}

export const duckCells: CellSql = {
  number: quoteNumber,
  text: quoteText,
  isNoneOf: (list) => `v NOT IN (${list.join(", ")})`,
  length: "length(v)",
  matches: (pattern) => `regexp_full_match(v, ${quoteText(pattern)})`,
  instant: (iso) => `TIMESTAMP ${quoteText(iso.replace("T", " ").replace("Z", ""))}`,
};
