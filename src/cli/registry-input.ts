// What the registry commands read from the command line.
import { InputError } from "../errors.ts";
import type { CommandInput } from "./command.ts";

/** The argument at a position as text; null when it was left out. */
export function readArgument(input: CommandInput, position: number): string | null {
  const value = input.arguments[position];
  return typeof value === "string" ? value : null;
}

/** The option's text; null when it was not given. */
export function readText({ options }: CommandInput, name: string): string | null {
  const value = options[name];
  return typeof value === "string" ? value : null;
}

/** Values of a repeatable option. */
export function readList({ options }: CommandInput, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}

/** A whole number of at least `least`; null when the option was not given. */
export function readCount(input: CommandInput, name: string, least: number): number | null {
  const text = readText(input, name);
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new InputError({
    message: "the number does not fit",
    key: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    expected: `a whole number of at least ${least}`,
    received: text,
  });
}
