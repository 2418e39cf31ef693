// Expectations about a column as a whole: its sum, its mean, the shares of its values.
import type { ExpectationSettings } from "../config/settings.ts";
import { addRows, addTotals, type ExactTotal, readTotal } from "./exact-total.ts";
import { describeRange } from "./expectation-results.ts";
import type { DataColumn, Scan } from "./scan.ts";
import { quoteNumber, quoteText } from "./sql.ts";

/** What one check of a whole column found. */
export interface WholeResult {
  readonly id: string;
  readonly expected: string;
  readonly passed: boolean;
  readonly reason: string;
}

type Range = readonly [number | null, number | null];

/** The checks asked for, each with one query; a column without values fails them. `relation` holds `column.expression`. */
export async function checkWhole(
  scan: Scan,
  expectation: ExpectationSettings,
  column: DataColumn,
  rows: { readonly relation: string; readonly where: string },
): Promise<readonly WholeResult[]> {
  const from = `(SELECT ${column.expression} AS v FROM ${rows.relation} WHERE ${rows.where})`;
  const { sum, mean, shares, smallestShare } = expectation;
  return [
    ...(sum || mean ? judgeTotal(column, { sum, mean }, await totalOf(scan, column, from)) : []),
    ...(shares ? await checkShares(scan, column, shares, from) : []),
    ...(smallestShare === null ? [] : [await checkSmallestShare(scan, smallestShare, from)]),
  ];
}

function totalOf(scan: Scan, { type }: DataColumn, from: string): Promise<ExactTotal> {
  return type === "numeric" ? addRows(scan, from) : Promise.resolve(addTotals([]));
}

/** The checks of a sum and a mean that are asked for, from the exact total. */
export function judgeTotal(
  column: DataColumn,
  { sum, mean }: Pick<ExpectationSettings, "sum" | "mean">,
  total: ExactTotal,
): readonly WholeResult[] {
  const found = readTotal(total);
  return [
    ...(sum ? [judgeAggregate(column, "sum", sum, found)] : []),
    ...(mean ? [judgeAggregate(column, "mean", mean, found === null ? null : found / total.values)] : []),
  ];
}

/** The result of a sum or a mean that was found; null = there is no value. */
function judgeAggregate(column: DataColumn, id: "sum" | "mean", [low, high]: Range, value: number | null): WholeResult {
  const expected = `a ${id} of ${low === null && high === null ? "anything" : describeRange([low, high])}`;
  if (column.type !== "numeric") return { id, expected, passed: false, reason: `the column is ${column.type}` };
  if (value === null) return { id, expected, passed: false, reason: "there is no value" };
  const passed = value >= (low ?? Number.NEGATIVE_INFINITY) && value <= (high ?? Number.POSITIVE_INFINITY);
  return { id, expected, passed, reason: `the ${id} is ${Number(value.toPrecision(6))}` };
}

async function checkShares(
  scan: Scan,
  column: DataColumn,
  shares: NonNullable<ExpectationSettings["shares"]>,
  from: string,
): Promise<readonly WholeResult[]> {
  const wanted = Object.entries(shares);
  const equals = (value: string): string => {
    if (column.type !== "numeric") return `CAST(v AS VARCHAR) = ${quoteText(value)}`;
    const number = value.trim() === "" ? Number.NaN : Number(value);
    return Number.isNaN(number) ? "FALSE" : `v = ${quoteNumber(number)}`;
  };
  const counts = wanted.map(([value], i) => `count(*) FILTER (${equals(value)}) AS n${i}`);
  const [row] = await scan.engine.query(
    `SELECT count(v) AS n${counts.map((count) => `, ${count}`).join("")} FROM ${from}`,
  );
  const found = wanted.map((_, i) => Number(row?.[`n${i}`] ?? 0));
  return judgeShares(shares, found, Number(row?.["n"] ?? 0));
}

/** One result per value asked for, in their order; `counts` are of those values, `total` of all. */
export function judgeShares(
  shares: NonNullable<ExpectationSettings["shares"]>,
  counts: readonly number[],
  total: number,
): readonly WholeResult[] {
  return Object.entries(shares).map(([value, [low, high]], i) => {
    const share = total === 0 ? Number.NaN : (counts[i] ?? 0) / total;
    return {
      id: "shares",
      expected: `${percent(low)} to ${percent(high)} of the values are ${value}`,
      passed: share >= low && share <= high,
      reason: total === 0 ? "there is no value" : `${percent(share)} of ${total} are`,
    };
  });
}

async function checkSmallestShare(scan: Scan, smallest: number, from: string): Promise<WholeResult> {
  const [row] = await scan.engine.query(
    `SELECT count(*) AS classes, min(n) AS least, sum(n) AS total FROM (SELECT count(*) AS n FROM ${from} WHERE v IS NOT NULL GROUP BY v)`,
  );
  const [classes, least, total] = ["classes", "least", "total"].map((name) => Number(row?.[name] ?? 0));
  return judgeSmallestShare(smallest, classes ?? 0, least ?? 0, total ?? 0);
}

/** The result for the rarest of `classes` values, which `least` of `total` rows have. */
export function judgeSmallestShare(smallest: number, classes: number, least: number, total: number): WholeResult {
  const share = least / total;
  return {
    id: "smallest-share",
    expected: `every value has at least ${percent(smallest)} of the rows`,
    passed: total > 0 && share >= smallest,
    reason: total === 0 ? "there is no value" : `the rarest of ${classes} values has ${percent(share)}`,
  };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
