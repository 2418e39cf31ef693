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

const units: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** A number of bytes, with or without a unit; null when the option was not given. */
export function readBytes(input: CommandInput, name: string): number | null {
  const text = readText(input, name);
  if (text === null) return null;
  const [, amount, unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]*)$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (amount !== undefined && factor !== undefined) return Math.floor(Number(amount) * factor);
  throw new InputError({
    message: "this is no number of bytes",
    key: `--${name}`,
    expected: "bytes, or a number with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB",
    received: text,
  });
}
