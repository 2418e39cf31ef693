// Reads a decimal number of any spelling that is plain, in WebAssembly, from its start on. What it does not take it leaves to its caller.
import { type Code, choose, i32, i64, type Locals, repeatWhile, when } from "../../statistics/assembly.ts";
import { isBetween, isByte, long, markBad, mostDigits } from "./field-code.ts";
import { mostExponent, tablesAt } from "./row-tables.ts";

/** Locals that `readDecimal` uses, beside `at`, `first`, `digits`, `mantissa`, `exponent`, `isNegative` and `bad`. */
export const decimalIntegers = ["begin", "some", "power", "sign"];
export const decimalLongs = ["word", "others", "eight"];

const byteAt = ({ get }: Locals, offset = 0): Code => i32.loadByte(get("at"), offset);
const advance = ({ get, set }: Locals, by: Code): Code => set("at", i32.add(get("at"), by));

/** The number that eight bytes of 0 to 9 spell, the first in the lowest byte: pairs, then both halves at once. */
function joinEight(eight: Code, { get, set }: Locals): Code {
  const every = long(0x000000ff000000ffn);
  const term = (pairs: Code, upperWeight: bigint, lowerWeight: bigint): Code =>
    i64.multiply(i64.and(pairs, every), long(lowerWeight + (upperWeight << 32n)));
  return [
    ...set("eight", eight),
    ...set("eight", i64.add(i64.multiply(get("eight"), long(10n)), i64.shiftRightUnsigned(get("eight"), long(8n)))),
    ...i64.shiftRightUnsigned(
      i64.add(term(get("eight"), 1_000_000n, 100n), term(i64.shiftRightUnsigned(get("eight"), long(16n)), 10_000n, 1n)),
      long(32n),
    ),
  ];
}

/** Digits, eight at a time and the last up to seven at once: no branch depends on how many they are. */
function readDigits(locals: Locals): Code {
  const { get, set } = locals;
  const zones = (value: Code): Code => i64.and(value, long(0xf0f0f0f0f0f0f0f0n));
  /** Not 0 in bytes that are no digits. What a byte of 250 or more carries over goes to bytes after it. */
  const others = i64.xor(
    i64.or(
      zones(get("word")),
      i64.shiftRightUnsigned(zones(i64.add(get("word"), long(0x0606060606060606n))), long(4n)),
    ),
    long(0x3333333333333333n),
  );
  const look = [...set("word", i64.load(get("at"))), ...set("others", others)];
  const values = i64.sub(get("word"), long(0x3030303030303030n));
  const take = (weight: Code, eight: Code): Code =>
    set("mantissa", i64.add(i64.multiply(get("mantissa"), weight), joinEight(eight, locals)));
  // By half of what is not wanted, twice: all of it may be 64 bits.
  const half = i64.extend(i32.sub(i32.constant(32), i32.shiftLeft(get("some"), i32.constant(2))));
  return [
    ...look,
    ...when(
      i64.isZero(get("others")),
      repeatWhile(i64.isZero(get("others")), take(long(100_000_000n), values), advance(locals, i32.constant(8)), look),
    ),
    ...set("some", i32.shiftRightUnsigned(i32.wrap(i64.trailingZeros(get("others"))), i32.constant(3))),
    ...take(
      i64.load(i32.add(get("state"), i32.shiftLeft(get("some"), i32.constant(3))), tablesAt.tens),
      i64.shiftLeft(i64.shiftLeft(values, half), half),
    ),
    ...advance(locals, get("some")),
  ];
}

/** Zeros before the first digit that counts need no room in the mantissa. */
function leaveOutZeros(locals: Locals): Code {
  const { get, set } = locals;
  const digit = i32.loadByte(get("first"));
  const isZero = i32.equal(digit, i32.constant(0x30));
  const isLeading = i32.or(isZero, i32.equal(digit, i32.constant(0x2e)));
  return when(
    isLeading,
    repeatWhile(
      isLeading,
      set("digits", i32.sub(get("digits"), isZero)),
      set("first", i32.add(get("first"), i32.constant(1))),
    ),
  );
}

/** `exponent`, after the digits and an e: its own up to four digits added to it. */
function readExponent(locals: Locals): Code {
  const { get, set } = locals;
  const digit = i32.sub(byteAt(locals), i32.constant(0x30));
  const isDigit = i32.lessUnsigned(digit, i32.constant(10));
  return when(
    i32.equal(i32.or(byteAt(locals), i32.constant(0x20)), i32.constant(0x65)),
    advance(locals, i32.constant(1)),
    set("sign", isByte(locals, "-")),
    advance(locals, i32.or(get("sign"), isByte(locals, "+"))),
    set("begin", get("at")),
    set("power", i32.constant(0)),
    when(
      isDigit,
      repeatWhile(
        isDigit,
        set("power", i32.add(i32.multiply(get("power"), i32.constant(10)), digit)),
        advance(locals, i32.constant(1)),
      ),
    ),
    // None, or so many that their number overflows.
    markBad(locals, i32.isZero(isBetween(i32.sub(get("at"), get("begin")), 1, 4))),
    choose(
      get("sign"),
      set("exponent", i32.sub(get("exponent"), get("power"))),
      set("exponent", i32.add(get("exponent"), get("power"))),
    ),
  );
}

/**
 * Reads from `at` as far as there is a number: digits, maybe a minus before, a point and digits or an exponent after. Sets `mantissa`, `exponent` and
 * `isNegative`; makes `bad` 1 where there is none, or one of too many digits. Eight bytes after the
 * text must be readable.
 */
export function readDecimal(locals: Locals): Code {
  const { get, set } = locals;
  return [
    ...set("isNegative", isByte(locals, "-")),
    ...advance(locals, get("isNegative")),
    ...set("first", get("at")),
    ...set("mantissa", long(0n)),
    ...set("exponent", i32.constant(0)),
    ...readDigits(locals),
    ...set("digits", i32.sub(get("at"), get("first"))),
    ...markBad(locals, i32.isZero(get("digits"))),
    ...when(
      isByte(locals, "."),
      advance(locals, i32.constant(1)),
      set("begin", get("at")),
      readDigits(locals),
      set("exponent", i32.sub(get("begin"), get("at"))),
      set("digits", i32.sub(get("digits"), get("exponent"))),
      markBad(locals, i32.isZero(get("exponent"))),
    ),
    ...readExponent(locals),
    ...when(
      i32.greaterUnsigned(get("digits"), i32.constant(mostDigits)),
      leaveOutZeros(locals),
      markBad(locals, i32.greaterUnsigned(get("digits"), i32.constant(mostDigits))),
    ),
    ...markBad(locals, i32.isZero(isBetween(get("exponent"), -mostExponent, mostExponent))),
  ];
}
