// Reads a slice as people type it: columns to combine, or a condition.
import { InputError } from "../errors.ts";
import type { SliceChoice } from "./judge-request.ts";
import { parseWhere } from "./slice-expression.ts";

/** `plan`, `plan,region` → every combination of values; `age >= 65` → the rows that hold it. Throws InputError. */
export function parseSliceChoice(text: string): SliceChoice {
  const name = text.trim();
  if (/[<>=≤≥≠]/u.test(name)) {
    parseWhere(name);
    return { kind: "where", name, where: name };
  }
  const columns = name.split(",").map((column) => column.trim());
  if (columns.includes(""))
    throw new InputError({
      message: "a slice names no column",
      key: "--slice",
      expected: 'columns such as "plan" or "plan,region", or a condition such as "age >= 65"',
      received: text === "" ? "nothing" : text,
    });
  return { kind: "columns", name, columns };
}
