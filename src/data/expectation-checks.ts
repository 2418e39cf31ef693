// The checks of one expectation as SQL conditions that a failing cell meets; `v` is the cell.
import type { ExpectationSettings } from "../config/settings.ts";
import type { DataColumn } from "./scan.ts";
import { quoteNumber, quoteText } from "./sql.ts";

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
      /** Missing cells are looked at too. */
      readonly countsMissing?: boolean;
      /** About the column as a whole: `mostly` does not apply. */
      readonly whole?: boolean;
    }
  | { /** Why the check cannot be made on this column. */ readonly impossible: string }
);

/** Checks in the order of the documentation; `type` and `rows` are not among them, they need no cells. */
export function listChecks(expectation: ExpectationSettings, column: DataColumn, now: Date): readonly ColumnCheck[] {
  const checks: ColumnCheck[] = [];
  if (expectation.required) {
    checks.push({ id: "required", expected: "no missing value", failing: "v IS NULL", countsMissing: true });
  }
  if (expectation.between) checks.push(renderBetween(expectation.between, column));
  if (expectation.oneOf) checks.push(renderOneOf(expectation.oneOf, column));
  if (expectation.matches !== null) checks.push(renderMatches(expectation.matches, column));
  if (expectation.unique) {
    checks.push({
      id: "unique",
      expected: "no value twice",
      window: "CASE WHEN v IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY v) END",
      failing: "w > 1",
    });
  }
  if (expectation.newestWithinSeconds !== null) {
    checks.push(renderNewest(expectation.newestWithinSeconds, column, now));
  }
  return checks;
}

function renderBetween([low, high]: readonly [number | null, number | null], column: DataColumn): ColumnCheck {
  const expected = `${low ?? "anything"} to ${high ?? "anything"}`;
  if (column.type !== "numeric") return { id: "between", expected, impossible: `the column is ${column.type}` };
  const bounds = [
    ...(low === null ? [] : [`v < ${quoteNumber(low)}`]),
    ...(high === null ? [] : [`v > ${quoteNumber(high)}`]),
  ];
  return { id: "between", expected, failing: bounds.join(" OR ") || "FALSE" };
}

function renderOneOf(values: readonly (string | number | boolean)[], column: DataColumn): ColumnCheck {
  const expected = `one of ${values.slice(0, 20).join(", ")}${values.length > 20 ? ", …" : ""}`;
  if (column.type === "datetime") return { id: "in", expected, impossible: "the column holds times" };
  const list =
    column.type === "numeric"
      ? values.map(Number).filter(Number.isFinite).map(quoteNumber)
      : values.map((value) => quoteText(String(value)));
  return { id: "in", expected, failing: list.length === 0 ? "v IS NOT NULL" : `v NOT IN (${list.join(", ")})` };
}

function renderMatches(pattern: string, column: DataColumn): ColumnCheck {
  const expected = `texts that match ${pattern}`;
  if (column.type !== "categorical") return { id: "matches", expected, impossible: `the column is ${column.type}` };
  return { id: "matches", expected, failing: `NOT regexp_full_match(v, ${quoteText(pattern)})` };
}

function renderNewest(seconds: number, column: DataColumn, now: Date): ColumnCheck {
  const oldest = new Date(now.getTime() - seconds * 1000).toISOString();
  const expected = `a time after ${oldest}`;
  if (column.type !== "datetime") return { id: "newest-within", expected, impossible: `the column is ${column.type}` };
  const limit = `TIMESTAMP ${quoteText(oldest.replace("T", " ").replace("Z", ""))}`;
  return {
    id: "newest-within",
    expected,
    window: "max(v) OVER ()",
    failing: `(w IS NULL OR w < ${limit}) AND row = 1`,
    countsMissing: true,
    whole: true,
  };
}
