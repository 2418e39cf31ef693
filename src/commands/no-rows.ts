// Data without a row: nothing can be shown of it, so no command may call it good.
import type { WindowSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";

/** What is wrong with a source that has columns and no rows, in all of it or in a window. */
export function createNoRowsError(source: string, window: WindowSettings | null = null): InputError {
  if (window === null)
    return new InputError({
      message: "has a header and no rows",
      file: source,
      expected: "at least one row",
      hint: "look why the step that makes the file left it empty",
    });
  return new InputError({
    message: `has no rows from ${window.from ?? "the beginning"} to ${window.to ?? "the end"}`,
    file: source,
    expected: "at least one row",
    hint: "set the window to days that the data has",
  });
}
