// Reads a slice as people type it: columns to combine, or a condition.
import type { SliceChoice } from "./judge-request.ts";
import { parseWhere } from "./slice-expression.ts";

/** `plan`, `plan,region` → every combination of values; `age >= 65` → the rows that hold it. Throws InputError. */
export function parseSliceChoice(text: string): SliceChoice {
  const name = text.trim();
  if (/[<>=≤≥≠]/u.test(name)) {
    parseWhere(name);
    return { kind: "where", name, where: name };
  }
  return { kind: "columns", name, columns: name.split(",").map((column) => column.trim()) };
}
