// The types of the columns of plain text, from its first lines: those that the engine gives, or none where it is not plain to see.
import { readSpelling } from "./read-spelling.ts";

/**
 * Enough to tell words from numbers. The engine looks at more rows, to the same end: a number among words is a word, and where something
 * else comes later among numbers or truths the file is not read here.
 */
export const sampleRows = 256;

export type PlainType = "numeric" | "categorical" | "boolean" | "datetime";

/** No number or time begins like this. */
const word = /^(?!inf|nan)\p{L}/iu;
const truth = /^(true|false)$/i;
/** What the loop reads as a time, if there is such a day. */
const time = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)?)?$/;

/**
 * The types of the columns that are looked at, null for the others; null for all when a line is quoted or of another length, or when only
 * the engine can tell a type. `lines` are the first ones after the header.
 */
export function inferPlainTypes(
  lines: readonly string[],
  delimiter: string,
  missing: readonly string[],
  isWanted: readonly boolean[],
): readonly (PlainType | null)[] | null {
  const rows = lines.map((line) => line.split(delimiter));
  if (lines.some((line) => /["\r\0]/.test(line)) || rows.some((row) => row.length !== isWanted.length)) return null;
  const found: (PlainType | null)[] = [];
  for (const [index, wanted] of isWanted.entries()) {
    const type = wanted
      ? inferType(
          rows.map((row) => row[index] as string).filter((cell) => !missing.includes(cell)),
          missing,
        )
      : null;
    if (wanted && type === null) return null;
    found.push(type);
  }
  return found;
}

/** A column without values is numeric. */
function inferType(values: readonly string[], missing: readonly string[]): PlainType | null {
  if (values.every((value) => readSpelling(value, missing) !== null)) return "numeric";
  if (values.every((value) => truth.test(value))) return "boolean";
  if (values.every((value) => time.test(value))) return "datetime";
  return values.some((value) => word.test(value) && !truth.test(value)) ? "categorical" : null;
}
