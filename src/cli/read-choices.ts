// Options that take some of a few words.
import { InputError } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import type { CommandInput } from "./command.ts";
import { readList, readText } from "./registry-input.ts";

/** Several of `known`, also separated by commas; null when the option was not given. Throws InputError on another word. */
export function readChoices<T extends string>(
  input: CommandInput,
  name: string,
  known: readonly T[],
): readonly T[] | null {
  const text = readText(input, name);
  const given = (text === null ? readList(input, name) : [text]).flatMap((item) => item.split(","));
  return given.length === 0 ? null : given.map((item) => checkChoice(item.trim(), name, known));
}

function checkChoice<T extends string>(text: string, name: string, known: readonly T[]): T {
  const found = known.find((choice) => choice === text);
  if (found !== undefined) return found;
  const near = findNearestName(text, known);
  throw new InputError({
    message: "the word is not known",
    key: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    expected: `one of: ${known.join(", ")}`,
    received: text,
    ...(near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` }),
  });
}
