// The exact total of a column as a node adds it: integers by exponent, which no order of the rows can round.
import { addExact, type Exact, exactZero } from "../../monitoring/exact-sum.ts";
import type { ExactTotal } from "../exact-total.ts";
import type { DataColumn } from "../scan.ts";
import type { Place } from "./ask-nodes.ts";

/** Mantissas are added as an upper part of 27 bits and a lower of 26: exact for 2^36 rows. */
const lowerBits = 26;
const notFinite = 2047;

/** Missing cells are left out. The answer has a row per exponent: at most 2,048. */
export async function addColumn({ node, relation, where }: Place, column: DataColumn): Promise<ExactTotal> {
  const values = `SELECT toFloat64(assumeNotNull(${column.expression})) AS x FROM ${relation} WHERE (${where}) AND (${column.expression}) IS NOT NULL`;
  const bits = `SELECT reinterpretAsUInt64(reinterpretAsString(x)) AS b FROM (${values})`;
  const parts = `SELECT bitAnd(bitShiftRight(b, 52), toUInt64(2047)) AS e, bitAnd(b, toUInt64(4503599627370495)) + if(e = 0, toUInt64(0), toUInt64(4503599627370496)) AS m, bitShiftRight(b, 63) = 1 AS negative FROM (${bits})`;
  const signed = (part: string): string => `toString(sum(if(negative, -toInt64(${part}), toInt64(${part}))))`;
  const rows = await node.query(
    `SELECT toString(e), toString(count()), toString(countIf(negative)), ${signed(`bitShiftRight(m, ${lowerBits})`)}, ${signed(`bitAnd(m, toUInt64(${2 ** lowerBits - 1}))`)} FROM (${parts}) GROUP BY e`,
  );
  let [count, sum]: [number, Exact] = [0, exactZero];
  const infinite = { positive: 0, negative: 0 };
  for (const [exponent, rowsOf, negative, upper, lower] of rows) {
    count += Number(rowsOf);
    if (Number(exponent) === notFinite) {
      infinite.negative += Number(negative);
      infinite.positive += Number(rowsOf) - Number(negative);
      continue;
    }
    const mantissa = (BigInt(String(upper)) << BigInt(lowerBits)) + BigInt(String(lower));
    sum = addExact(sum, { mantissa, exponent: Math.max(1, Number(exponent)) - 1075 });
  }
  return { values: count, sum, infinite };
}
