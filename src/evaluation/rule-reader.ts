// Reads the text of a rule from left to right and says exactly where it stops making sense.
import { InputError } from "../errors.ts";

/** A cursor over one rule; columns in messages count from 1. */
export interface RuleReader {
  readonly text: string;
  position: number;
}

export function createRuleReader(text: string): RuleReader {
  return { text, position: 0 };
}

/** Throws the InputError of a rule, pointing at `position` (default: where the reader stands). */
export function failRule(
  reader: RuleReader,
  message: string,
  details: { readonly expected?: string; readonly hint?: string; readonly position?: number } = {},
): never {
  const position = details.position ?? reader.position;
  const rest = reader.text.slice(position);
  throw new InputError({
    message: `${message} in the rule ${JSON.stringify(reader.text)} at character ${position + 1}`,
    column: position + 1,
    received: rest === "" ? "the end of the rule" : JSON.stringify(rest.slice(0, 60)),
    ...(details.expected === undefined ? {} : { expected: details.expected }),
    ...(details.hint === undefined ? {} : { hint: details.hint }),
  });
}

export function skipSpace(reader: RuleReader): void {
  while (/\s/.test(reader.text[reader.position] ?? "")) reader.position += 1;
}

/** Takes `pattern` (sticky is added) after white space, or leaves the reader where it was and returns undefined. */
export function take(reader: RuleReader, pattern: RegExp): string | undefined {
  const before = reader.position;
  skipSpace(reader);
  const sticky = new RegExp(pattern.source, `y${pattern.flags.includes("i") ? "i" : ""}u`);
  sticky.lastIndex = reader.position;
  const found = sticky.exec(reader.text)?.[0];
  if (found === undefined || found === "") {
    reader.position = before;
    return undefined;
  }
  reader.position += found.length;
  return found;
}

export function isAtEnd(reader: RuleReader): boolean {
  const before = reader.position;
  skipSpace(reader);
  const end = reader.position >= reader.text.length;
  reader.position = before;
  return end;
}

/** The next character that is not white space, without taking it. */
export function findNextCharacter(reader: RuleReader): string | undefined {
  return /\S/u.exec(reader.text.slice(reader.position))?.[0];
}

/** A quoted string ("…" or '…', `\` escapes the next character), or undefined. */
export function takeQuoted(reader: RuleReader): string | undefined {
  const quoted = take(reader, /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/);
  return quoted?.slice(1, -1).replace(/\\(.)/gu, "$1");
}

/** A plain decimal number, signed, also with an exponent; undefined if there is none. */
export function takeNumber(reader: RuleReader): number | undefined {
  const digits = take(reader, /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/);
  return digits === undefined ? undefined : Number(digits);
}
