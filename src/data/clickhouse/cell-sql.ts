// Conditions on cells in the SQL of ClickHouse.
import type { CellSql } from "../cell-sql.ts";
import { quoteLiteral, quoteMicroseconds } from "./sql.ts";

export const clickHouseCells: CellSql = {
  number: quoteDouble,
  text: quoteLiteral,
  isNoneOf: (list) => `NOT has([${list.join(", ")}], v)`,
  length: "toFloat64(lengthUTF8(v))",
  // A dot matches no line break, as in DuckDB.
  matches: (pattern) => `match(v, ${quoteLiteral(`^(?-s:${pattern})$`)})`,
  instant: (iso) => quoteMicroseconds(Date.parse(iso)),
};

/** By its bits: old servers read long decimals with an error in the last one. */
function quoteDouble(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return `reinterpretAsFloat64(reinterpretAsString(toUInt64(${view.getBigUint64(0)})))`;
}
