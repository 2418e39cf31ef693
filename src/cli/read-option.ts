// Options as commands read them.
import { InputError } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import type { CommandInput } from "./command.ts";

/** The text of an option; undefined when it was not given. */
export function readText(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of a repeatable option; undefined when it was not given. */
export function readList(input: CommandInput, name: string): readonly string[] | undefined {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === "string" ? [value] : undefined;
}

/** Several of `known`, also separated by commas. Throws InputError on another word. */
export function readChoices<T extends string>(
  input: CommandInput,
  name: string,
  flag: string,
  known: readonly T[],
): readonly T[] | undefined {
  return readList(input, name)
    ?.flatMap((text) => text.split(","))
    .map((text) => checkChoice(text.trim(), flag, known));
}

/** A whole number of at least `least`. Throws InputError on anything else. */
export function readCount(input: CommandInput, name: string, flag: string, least: number): number | undefined {
  const text = readText(input, name);
  if (text === undefined) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least) return count;
  throw new InputError({ message: `${flag} needs a whole number`, expected: `${least} or more`, received: text });
}

function checkChoice<T extends string>(text: string, flag: string, known: readonly T[]): T {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  const near = findNearestName(text, known);
  throw new InputError({
    message: `${flag} is not known`,
    expected: `one of: ${known.join(", ")}`,
    received: text,
    ...(near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` }),
  });
}
