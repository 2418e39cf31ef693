// What checks of expectations come to, whichever engine counted.
import type { ColumnCheck } from "./expectation-checks.ts";
import type { DataColumn } from "./scan.ts";
import type { DataWindow } from "./window.ts";

/** One check of one expectation. */
export interface ExpectationResult {
  readonly column: string | null;
  /** The key of the expectation that asks for it; `column` when the data has no such column. */
  readonly check: string;
  readonly expected: string;
  readonly passed: boolean;
  /** Cells looked at; missing ones only count for `required`. */
  readonly checked: number;
  readonly failing: number;
  /** Share of checked cells that may fail. */
  readonly allowedShare: number;
  /** Rows of the data from 1, at most five; none where rows have no numbers. */
  readonly exampleRows: readonly number[];
  /** The values of those rows, cut at 100 characters, null = missing; only where values may be shown. */
  readonly exampleValues?: readonly (string | null)[];
  readonly reason: string;
}

export interface ExpectationOptions {
  readonly missingValues?: readonly string[] | undefined;
  readonly window?: DataWindow | undefined;
  /** Failing values may be shown, not only their rows. */
  readonly showsValues?: boolean;
  /** Where a profile named by an expectation lies. */
  readonly locate?: (path: string) => string;
}

/** The result of a check of cells: `1 − mostly` of those looked at may fail. */
export function judgeCells(
  column: string,
  check: ColumnCheck,
  mostly: number,
  counts: { readonly checked: number; readonly failing: number; readonly examples: readonly (string | null)[] },
  showsValues: boolean,
): ExpectationResult {
  const { checked, failing } = counts;
  const allowedShare = 1 - mostly;
  const share = checked === 0 ? 0 : failing / checked;
  return {
    column,
    check: check.id,
    expected: check.expected,
    passed: failing <= allowedShare * checked + 1e-9,
    checked,
    failing,
    allowedShare,
    exampleRows: [],
    ...(showsValues ? { exampleValues: counts.examples } : {}),
    reason: `${failing} of ${checked} (${(share * 100).toFixed(2)} %) fail; ${(allowedShare * 100).toFixed(2)} % may`,
  };
}

/** A range in words; null is open. */
export function describeRange([low, high]: readonly [number | string | null, number | string | null]): string {
  if (low === null && high === null) return "any number of";
  if (low === null) return `at most ${high}`;
  return high === null ? `at least ${low}` : `${low} to ${high}`;
}

/** The result of an expectation about the number of rows. */
export function judgeRows([fewest, most]: readonly [number | null, number | null], rows: number): ExpectationResult {
  const expected = `${describeRange([fewest, most])} rows`;
  const passed = rows >= (fewest ?? 0) && rows <= (most ?? Number.POSITIVE_INFINITY);
  return { ...failWhole(null, "rows", expected, `${rows} rows`), passed, failing: passed ? 0 : 1 };
}

/** The result of an expectation about a column's type; categories are texts too. */
export function judgeType(column: DataColumn, type: string, found: string): ExpectationResult {
  const passed = found === type || (type === "text" && found === "categorical");
  const whole = failWhole(column.name, "type", type, `the column is ${found}`);
  return passed ? { ...whole, passed: true, failing: 0 } : whole;
}

/** A failed check of a column, or of the data, as a whole. */
export function failWhole(column: string | null, check: string, expected: string, reason: string): ExpectationResult {
  return { column, check, expected, passed: false, checked: 1, failing: 1, allowedShare: 0, exampleRows: [], reason };
}
