// Numbers with more digits than a double holds, as SQL: told apart where rows are pinned or compared with each other.
import type { DataColumn } from "./scan.ts";

/** From here on some integers have no double of their own. */
export const firstInexact = 2 ** 53;

/** Of an integer column: its digits where its double is another number, else NULL. */
export function renderIntegerDigits(column: string): string {
  return renderKnownDigits(`CAST(${column} AS VARCHAR)`, `CAST(${column} AS DOUBLE)`);
}

/** The same where the digits are there as text beside the double. */
export function renderKnownDigits(text: string, value: string): string {
  return `CASE WHEN abs(${value}) >= ${firstInexact} AND ${text} <> printf('%.0f', ${value}) THEN ${text} END`;
}

/** The same of numbers as people spell them; only integers count, since a fraction is the spelling of its double. */
export function renderSpelledDigits(text: string): string {
  const value = `TRY_CAST(${text} AS DOUBLE)`;
  const digits = `regexp_replace(${text}, '^\\+?(-?)0*', '\\1')`;
  return `CASE WHEN abs(${value}) >= ${firstInexact} AND regexp_full_match(${text}, '[+-]?[0-9]+') AND ${digits} <> printf('%.0f', ${value}) THEN ${digits} END`;
}

/**
 * The same of a decimal of a declared scale: up to fifteen digits any double tells them apart. The longest exact double
 * of such a decimal has fewer than two hundred digits behind the point.
 */
export function renderDecimalDigits(column: string): string {
  const [text, value] = [`CAST(${column} AS VARCHAR)`, `CAST(${column} AS DOUBLE)`];
  const significant = `trim(ltrim(replace(${text}, '.', ''), '-'), '0')`;
  const dotted = `CASE WHEN contains(${text}, '.') THEN ${text} ELSE ${text} || '.' END`;
  return `CASE WHEN length(${significant}) > 15 AND rtrim(${dotted}, '0') <> rtrim(printf('%.200f', ${value}), '0') THEN ${text} END`;
}

/**
 * A cell as a value that is equal to and ordered beside others by all its digits: the double `v`, how far the number lies from
 * it, and the digits themselves. NULL where the value is missing.
 */
export function renderExactCell({ expression, digits = "NULL::VARCHAR" }: DataColumn): string {
  const apart = `coalesce(TRY_CAST(${digits} AS HUGEINT) - TRY_CAST(${expression} AS HUGEINT), 0::HUGEINT)`;
  return `CASE WHEN (${expression}) IS NOT NULL THEN struct_pack(v := ${expression}, apart := ${apart}, digits := coalesce(${digits}, '')) END`;
}
