// What the loops that read a value have in common: the byte they stand at, and how they say that they do not take it.
import { type Code, i32, type Locals } from "../../statistics/assembly.ts";

/** 1 where the byte at `at` is this character. */
export function isByte({ get }: Locals, character: string): Code {
  return i32.equal(i32.loadByte(get("at")), i32.constant(character.charCodeAt(0)));
}

/** Makes `bad` 1 where the condition is. */
export function markBad({ get, set }: Locals, condition: Code): Code {
  return set("bad", i32.or(get("bad"), condition));
}
