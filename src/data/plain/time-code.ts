// Reads a date, or a date and a time of day in UTC, as microseconds since 1970, in WebAssembly. Everything but the usual spelling is left
// to its caller.
import { type Code, choose, i32, i64, type Locals, repeatWhile, when } from "../../statistics/assembly.ts";
import { isByte, long, markBad } from "./field-code.ts";

/** Locals that `readTime` uses, beside `at`, `bad` and `bits`. */
export const timeIntegers = ["year", "month", "day", "hour", "minute", "second", "fraction", "scale", "era"];
export const timeLongs = ["cells", "beyond"];

/** The bytes of a text of up to eight characters, the first in the lowest byte. */
function pack(text: string): bigint {
  return [...text].reduce((word, character, i) => word + (BigInt(character.charCodeAt(0)) << BigInt(8 * i)), 0n);
}

/**
 * `cells`: eight bytes from `at + offset` as digits, each in its byte; `bad` where they are not as `pattern` has them, whose zeros
 * stand for any digit.
 */
function readCells({ get, set }: Locals, offset: number, pattern: string): Code {
  const fixed = pack([...pattern].map((character) => (character === "0" ? "\0" : "\xff")).join(""));
  const sevens = long(0x7676767676767676n);
  const isBeyondNine = i64.and(i64.or(i64.add(get("cells"), sevens), get("cells")), long(0x8080808080808080n));
  return [
    ...set("cells", i64.xor(i64.load(get("at"), offset), long(pack(pattern)))),
    ...set("beyond", i64.or(i64.and(get("cells"), long(fixed)), isBeyondNine)),
    ...set("bad", i32.or(get("bad"), i64.notEqual(get("beyond"), long(0n)))),
  ];
}

/** The number of two digits of `cells`. */
function readPair({ get }: Locals, index: number): Code {
  const cell = (at: number): Code =>
    i32.and(i32.wrap(i64.shiftRightUnsigned(get("cells"), long(BigInt(8 * at)))), i32.constant(15));
  return i32.add(i32.multiply(cell(index), i32.constant(10)), cell(index + 1));
}

const advance = ({ get, set }: Locals, by: number): Code => set("at", i32.add(get("at"), i32.constant(by)));

function isAtLeast(value: Code, least: number): Code {
  return i32.greaterUnsigned(value, i32.constant(least - 1));
}

function readDate(locals: Locals): Code {
  const { get, set } = locals;
  const isLeap = i32.or(
    i32.isZero(i32.remainder(get("year"), i32.constant(400))),
    i32.and(
      i32.isZero(i32.and(get("year"), i32.constant(3))),
      i32.notEqual(i32.remainder(get("year"), i32.constant(100)), i32.constant(0)),
    ),
  );
  // 31, 28, 31, 30, …: 28 and two bits for each month.
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].reduce(
    (word, days, month) => word + (BigInt(days - 28) << BigInt(2 * (month + 1))),
    0n,
  );
  const beyond = i64.shiftRightUnsigned(long(lengths), i64.extend(i32.shiftLeft(get("month"), i32.constant(1))));
  const isFebruary = i32.equal(get("month"), i32.constant(2));
  const days = i32.add(
    i32.add(i32.constant(28), i32.and(i32.wrap(beyond), i32.constant(3))),
    i32.and(isFebruary, isLeap),
  );
  return [
    ...readCells(locals, 0, "0000-00-"),
    ...set("year", i32.add(i32.multiply(readPair(locals, 0), i32.constant(100)), readPair(locals, 2))),
    ...set("month", readPair(locals, 5)),
    ...readCells(locals, 2, "00-00-00"),
    ...set("day", readPair(locals, 6)),
    ...markBad(locals, i32.isZero(get("year"))),
    ...markBad(locals, isAtLeast(i32.sub(get("month"), i32.constant(1)), 12)),
    ...markBad(locals, isAtLeast(i32.sub(get("day"), i32.constant(1)), 31)),
    ...markBad(locals, i32.greaterUnsigned(get("day"), days)),
    ...advance(locals, 10),
  ];
}

/** `fraction`: microseconds, of one to six digits. */
function readFraction(locals: Locals): Code {
  const { get, set } = locals;
  const digit = i32.sub(i32.loadByte(get("at")), i32.constant(0x30));
  const isDigit = i32.lessUnsigned(digit, i32.constant(10));
  return when(
    isByte(locals, "."),
    advance(locals, 1),
    set("scale", i32.constant(1_000_000)),
    markBad(locals, i32.isZero(isDigit)),
    when(
      isDigit,
      repeatWhile(
        isDigit,
        set("scale", i32.divide(get("scale"), i32.constant(10))),
        set("fraction", i32.add(get("fraction"), i32.multiply(digit, get("scale")))),
        // A seventh digit has no place.
        markBad(locals, i32.isZero(get("scale"))),
        advance(locals, 1),
      ),
    ),
  );
}

function readTimeOfDay(locals: Locals): Code {
  const { get, set } = locals;
  const isUtc = i64.isZero(i64.shiftLeft(i64.xor(i64.load(get("at")), long(pack("+00:00"))), long(16n)));
  return [
    ...advance(locals, 1),
    ...readCells(locals, 0, "00:00:00"),
    ...set("hour", readPair(locals, 0)),
    ...set("minute", readPair(locals, 3)),
    ...set("second", readPair(locals, 6)),
    ...markBad(locals, isAtLeast(get("hour"), 24)),
    ...markBad(locals, isAtLeast(get("minute"), 60)),
    ...markBad(locals, isAtLeast(get("second"), 60)),
    ...advance(locals, 8),
    ...readFraction(locals),
    ...choose(isByte(locals, "Z"), advance(locals, 1), when(isUtc, advance(locals, 6))),
  ];
}

/** Days since 1970 by eras of 400 years that begin in March, after Howard Hinnant's days_from_civil; sets `bits`. */
function convert(locals: Locals): Code {
  const { get, set } = locals;
  const times = (value: Code, by: bigint): Code => i64.multiply(i64.extend(value), long(by));
  const number = i32.constant;
  const isEarly = i32.lessUnsigned(get("month"), number(3));
  const monthFromMarch = i32.add(get("month"), i32.sub(i32.multiply(isEarly, number(12)), number(3)));
  const dayOfYear = i32.add(
    i32.divide(i32.add(i32.multiply(number(153), monthFromMarch), number(2)), number(5)),
    i32.sub(get("day"), number(1)),
  );
  const yearOfEra = i32.sub(get("year"), i32.multiply(get("era"), number(400)));
  const leaps = i32.sub(i32.divide(yearOfEra, number(4)), i32.divide(yearOfEra, number(100)));
  const dayOfEra = i32.add(i32.add(i32.multiply(yearOfEra, number(365)), leaps), dayOfYear);
  const seconds = i32.add(
    i32.multiply(i32.add(i32.multiply(get("hour"), number(60)), get("minute")), number(60)),
    get("second"),
  );
  return [
    // Before the year is moved, which the month decides.
    ...set("scale", isEarly),
    ...set("second", seconds),
    ...set("year", i32.sub(get("year"), get("scale"))),
    ...set("era", i32.divide(get("year"), number(400))),
    ...set("bits", i64.sub(i64.add(times(get("era"), 146_097n), i64.extend(dayOfEra)), long(719_468n))),
    ...set("bits", i64.add(i64.multiply(get("bits"), long(86_400_000_000n)), times(get("second"), 1_000_000n))),
    ...set("bits", i64.add(get("bits"), i64.extend(get("fraction")))),
  ];
}

/**
 * Reads `YYYY-MM-DD`, maybe `HH:MM:SS` after a T or a space, up to six digits of a fraction, and Z or +00:00, from `at`. Sets `bits`;
 * makes `bad` 1 where there is no such time. Eight bytes after the text must be readable.
 */
export function readTime(locals: Locals): Code {
  const { set } = locals;
  const zeros = ["hour", "minute", "second", "fraction"].flatMap((name) => set(name, i32.constant(0)));
  return [
    ...zeros,
    ...readDate(locals),
    ...when(i32.or(isByte(locals, "T"), isByte(locals, " ")), readTimeOfDay(locals)),
    ...convert(locals),
  ];
}
