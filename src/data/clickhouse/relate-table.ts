// A table or query of ClickHouse as columns with types and expressions.
import { InputError } from "../../errors.ts";
import type { DataColumn } from "../scan.ts";
import type { ClickHouseAddress } from "./address.ts";
import type { ClickHouseNode } from "./node.ts";
import { quoteLiteral, quoteName } from "./sql.ts";

export interface ClickHouseRelation {
  /** Goes after FROM. */
  readonly relation: string;
  /**
   * `expression` gives Float64 for `numeric`, microseconds since 1970 for `datetime`, String for the others; NULL where
   * the value is missing (NaN is missing; infinities are kept). Here `digits` are of every number of a type that holds
   * longer ones than a double.
   */
  readonly columns: readonly DataColumn[];
}

/**
 * Asks a node what it holds. Intermediate states of aggregate functions are no values and are left out; every other type
 * is a number, a time, or its text. Throws what a node throws.
 */
export async function relateTable(
  node: ClickHouseNode,
  address: ClickHouseAddress,
  missing: readonly string[],
): Promise<ClickHouseRelation> {
  const { database, from } = address;
  const relation =
    "query" in from
      ? `(${from.query})`
      : `${database === null ? "" : `${quoteName(database)}.`}${quoteName(from.table)}`;
  const described = await node.describe(`SELECT * FROM ${relation}`);
  const columns = described
    .filter(({ type }) => !/AggregateFunction\(/.test(type))
    .map(({ name, type }) => relateColumn(name, type, missing));
  const names = new Set(columns.map(({ name }) => name));
  if (names.size < columns.length) {
    throw new InputError({
      message: "two columns have the same name",
      file: address.shown,
      hint: "give every column of the query a name of its own",
    });
  }
  return { relation, columns };
}

/** Nullable and LowCardinality say how a value is kept, not what it is. */
function strip(type: string): string {
  const inner = /^(?:Nullable|LowCardinality|SimpleAggregateFunction\([^,]*,)\s*\(?(.*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : strip(inner.trim());
}

function relateColumn(name: string, sqlType: string, missing: readonly string[]): DataColumn {
  const column = quoteName(name);
  const type = strip(sqlType);
  if (/^(B?Float\d+)$/.test(type)) {
    const value = `toFloat64(${column})`;
    return { name, type: "numeric", expression: `if(isNaN(${value}), NULL, ${value})` };
  }
  if (/^(U?Int\d+|Decimal.*)$/.test(type)) {
    const number = { name, type: "numeric", expression: `toFloat64(${column})` } as const;
    return /^U?Int(8|16|32)$/.test(type) ? number : { ...number, digits: `toString(${column})` };
  }
  if (type === "Bool") return { name, type: "boolean", expression: `toString(${column})` };
  if (type === "Date") return { name, type: "datetime", expression: `toInt64(${column}) * 86400000000` };
  if (type === "Date32") return { name, type: "datetime", expression: `toInt64(toInt32(${column})) * 86400000000` };
  if (type.startsWith("DateTime64")) {
    return { name, type: "datetime", expression: `toUnixTimestamp64Micro(toDateTime64(${column}, 6))` };
  }
  if (type.startsWith("DateTime")) return { name, type: "datetime", expression: `toInt64(${column}) * 1000000` };
  const text = `toString(${column})`;
  const list = missing.map(quoteLiteral).join(", ");
  return {
    name,
    type: "categorical",
    expression: missing.length === 0 ? text : `if(${text} IN (${list}), NULL, ${text})`,
  };
}
