// The option of `profile` and `profile merge` that makes a profile fit to stand beside a model.
import { InputError } from "../errors.ts";
import type { CommandInput, CommandOption } from "./command.ts";

export const smallestGroupOption: CommandOption = {
  flags: "--smallest-group <rows>",
  summary: "publish: put values together until so many rows share each (for example 10); merge before, not after",
};

/** The rows asked for; undefined when nothing was. Throws InputError unless it is a whole number from 2 on. */
export function readSmallestGroup({ options }: CommandInput): number | undefined {
  const text = options["smallestGroup"];
  if (typeof text !== "string") return undefined;
  const rows = Number(text);
  if (Number.isSafeInteger(rows) && rows >= 2) return rows;
  throw new InputError({
    message: "--smallest-group is no number of rows",
    key: "smallest-group",
    expected: "a whole number from 2 on, such as 10",
    received: text,
  });
}
