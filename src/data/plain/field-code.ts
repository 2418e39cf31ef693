// What the loops that read a value have in common: the byte they stand at, and how they say that they do not take it.
import { type Code, i32, i64, type Locals } from "../../statistics/assembly.ts";

/** So many digits always fit into 64 bits. */
export const mostDigits = 19;

/** 1 where the byte at `at` is this character. */
export function isByte({ get }: Locals, character: string): Code {
  return i32.equal(i32.loadByte(get("at")), i32.constant(character.charCodeAt(0)));
}

/** Makes `bad` 1 where the condition is. */
export function markBad({ get, set }: Locals, condition: Code): Code {
  return set("bad", i32.or(get("bad"), condition));
}

export function isBetween(value: Code, least: number, most: number): Code {
  return i32.lessUnsigned(i32.sub(value, i32.constant(least)), i32.constant(most - least + 1));
}

/** A constant of 64 bits, with or without a sign. */
export function long(value: bigint): Code {
  return i64.constant(BigInt.asIntN(64, value));
}
