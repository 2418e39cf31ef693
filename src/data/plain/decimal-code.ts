// Reads a decimal number to the nearest double, in WebAssembly: the algorithm of Eisel and Lemire ("Number parsing at a
// gigabyte per second", 2021). What it cannot tell for sure it leaves to its caller.
import { type Code, choose, i32, i64, type Locals, repeatWhile, when } from "../../statistics/assembly.ts";
import { isByte, markBad } from "./field-code.ts";

/** Exponents of ten for which there is a power in the table, both signs; far from where doubles end. */
const mostExponent = 64;
/** So many digits always fit into 64 bits. */
const mostDigits = 19;
const powerBytes = 16;

export const powersBytes = (2 * mostExponent + 1) * powerBytes;
export const tensBytes = 64;

/** 1, 10, … up to 10^7. */
export function listTens(): BigUint64Array {
  return BigUint64Array.from({ length: tensBytes / 8 }, (_, exponent) => 10n ** BigInt(exponent));
}

/** Locals that `readDecimal` uses, beside `at`, `bad` and `bits`. */
export const decimalIntegers = [
  ...["first", "digits", "from", "some", "exponent", "power", "sign", "size", "isNegative"],
];
export const decimalLongs = [
  ...[
    "mantissa",
    "word",
    "others",
    "eight",
    "shift",
    "factor",
    "high",
    "low",
    "keptHigh",
    "keptLow",
    "a",
    "b",
    "c",
    "d",
  ],
];

/** Addresses of the tables. */
export interface DecimalPlaces {
  readonly powers: number;
  readonly tens: number;
}

/** The first 128 bits of 5 to each exponent, upper half first; of negative exponents rounded up. */
export function listPowers(): BigUint64Array {
  const table = new BigUint64Array(powersBytes / 8);
  for (let exponent = -mostExponent; exponent <= mostExponent; exponent++) {
    const bits = exponent < 0 ? divideInto128(5n ** BigInt(-exponent)) : cutTo128(5n ** BigInt(exponent));
    table.set([bits >> 64n, bits & 0xffffffffffffffffn], 2 * (exponent + mostExponent));
  }
  return table;
}

function cutTo128(value: bigint): bigint {
  const length = BigInt(value.toString(2).length);
  return length > 128n ? value >> (length - 128n) : value << (128n - length);
}

function divideInto128(divisor: bigint): bigint {
  const length = BigInt(divisor.toString(2).length);
  return cutTo128((1n << (2n * length + 128n)) / divisor + 1n);
}

const byteAt = ({ get }: Locals, offset = 0): Code => i32.loadByte(get("at"), offset);
const advance = ({ get, set }: Locals, by: Code): Code => set("at", i32.add(get("at"), by));
const long = (value: bigint): Code => i64.constant(BigInt.asIntN(64, value));
const upper = (value: Code): Code => i64.shiftRightUnsigned(value, long(32n));
const lower = (value: Code): Code => i64.and(value, long(0xffffffffn));

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
function readDigits(locals: Locals, tens: number): Code {
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
      i64.load(i32.shiftLeft(get("some"), i32.constant(3)), tens),
      i64.shiftLeft(i64.shiftLeft(values, half), half),
    ),
    ...advance(locals, get("some")),
  ];
}

/** The digits before a point: most often there is one. */
function readWhole(locals: Locals, tens: number): Code {
  const { set } = locals;
  const digit = i32.sub(byteAt(locals), i32.constant(0x30));
  const isOne = i32.and(i32.lessUnsigned(digit, i32.constant(10)), i32.equal(byteAt(locals, 1), i32.constant(0x2e)));
  return choose(
    isOne,
    [...set("mantissa", i64.extend(digit)), ...advance(locals, i32.constant(1))],
    readDigits(locals, tens),
  );
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
    set("from", get("at")),
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
    markBad(locals, i32.isZero(isBetween(i32.sub(get("at"), get("from")), 1, 4))),
    choose(
      get("sign"),
      set("exponent", i32.sub(get("exponent"), get("power"))),
      set("exponent", i32.add(get("exponent"), get("power"))),
    ),
  );
}

function isBetween(value: Code, least: number, most: number): Code {
  return i32.lessUnsigned(i32.sub(value, i32.constant(least)), i32.constant(most - least + 1));
}

/** `high` and `low`: the product of `mantissa` and `factor`, both unsigned. */
function multiplyWide({ get, set }: Locals): Code {
  const [one, other] = [get("mantissa"), get("factor")];
  const across = (name: string): Code => i64.add(get(name), upper(get("d")));
  return [
    ...set("a", i64.multiply(upper(one), upper(other))),
    ...set("b", i64.multiply(upper(one), lower(other))),
    ...set("c", i64.multiply(lower(one), upper(other))),
    ...set("d", i64.multiply(lower(one), lower(other))),
    ...set("b", across("b")),
    ...set("c", i64.add(get("c"), lower(get("b")))),
    ...set("high", i64.add(i64.add(get("a"), upper(get("b"))), upper(get("c")))),
    ...set("low", i64.or(i64.shiftLeft(get("c"), long(32n)), lower(get("d")))),
  ];
}

/** `bits` of mantissa · 10^exponent, a mantissa above 0. */
function convert(locals: Locals, powers: number): Code {
  const { get, set } = locals;
  const index = i32.add(get("exponent"), i32.constant(mostExponent));
  const address = i32.multiply(index, i32.constant(powerBytes));
  const precision = 0x1ffn;
  const isAllOnes = (value: Code): Code => i64.equal(value, long(-1n));
  return [
    ...set("shift", i64.leadingZeros(get("mantissa"))),
    ...set("mantissa", i64.shiftLeft(get("mantissa"), get("shift"))),
    ...set("factor", i64.load(address, powers)),
    ...multiplyWide(locals),
    ...when(
      i64.equal(i64.and(get("high"), long(precision)), long(precision)),
      refine(locals, i64.load(address, powers + 8)),
    ),
    ...markBad(locals, isAllOnes(get("low"))),
    // Of the product's two possible lengths.
    ...set("a", i64.shiftRightUnsigned(get("high"), long(63n))),
    ...set("b", i64.add(get("a"), long(9n))),
    ...set("bits", i64.shiftRightUnsigned(get("high"), get("b"))),
    ...set(
      "size",
      i32.add(
        i32.sub(i32.wrap(get("a")), i32.wrap(get("shift"))),
        i32.add(
          i32.shiftRight(i32.multiply(get("exponent"), i32.constant(217_706)), i32.constant(16)),
          i32.constant(63 + 1023),
        ),
      ),
    ),
    ...when(isTie(locals), set("bits", i64.and(get("bits"), long(-2n)))),
    ...set("bits", i64.shiftRightUnsigned(i64.add(get("bits"), i64.and(get("bits"), long(1n))), long(1n))),
    // Rounding up may need one bit more, which becomes one of the exponent: 2^52 added to it either way.
    ...set("bits", i64.add(i64.sub(get("bits"), long(1n << 52n)), i64.shiftLeft(i64.extend(get("size")), long(52n)))),
  ];
}

/** The lower half of the power, where the upper one does not tell. */
function refine(locals: Locals, half: Code): Code {
  const { get, set } = locals;
  return [
    ...set("keptHigh", get("high")),
    ...set("keptLow", get("low")),
    ...set("factor", half),
    ...multiplyWide(locals),
    ...set("low", i64.add(get("keptLow"), get("high"))),
    ...set("high", i64.add(get("keptHigh"), i64.extend(i64.lessUnsigned(get("low"), get("high"))))),
  ];
}

/** Exactly between two doubles: only with few powers, and nothing cut off. */
function isTie({ get }: Locals): Code {
  const isShort = i64.lessUnsigned(get("low"), long(2n));
  const mayBe = isBetween(get("exponent"), -4, 23);
  const isOddBelow = i64.equal(i64.and(get("bits"), long(3n)), long(1n));
  const isWhole = i64.equal(i64.shiftLeft(get("bits"), get("b")), get("high"));
  return i32.and(i32.and(isShort, mayBe), i32.and(isOddBelow, isWhole));
}

/**
 * Reads from `at` as far as there is a number: digits, maybe a minus before, a point and digits or an exponent after. Sets `bits` to
 * those of the nearest double; makes `bad` 1 where there is none, or none that this can tell. `listPowers` lies at `powers`,
 * `listTens` at `tens`; eight bytes after the text must be readable.
 */
export function readDecimal(locals: Locals, { powers, tens }: DecimalPlaces): Code {
  const { get, set } = locals;
  const isExponent = isBetween(get("exponent"), -mostExponent, mostExponent);
  return [
    ...set("isNegative", isByte(locals, "-")),
    ...advance(locals, get("isNegative")),
    ...set("first", get("at")),
    ...set("mantissa", long(0n)),
    ...set("exponent", i32.constant(0)),
    ...readWhole(locals, tens),
    ...set("digits", i32.sub(get("at"), get("first"))),
    ...markBad(locals, i32.isZero(get("digits"))),
    ...when(
      isByte(locals, "."),
      advance(locals, i32.constant(1)),
      set("from", get("at")),
      readDigits(locals, tens),
      set("exponent", i32.sub(get("from"), get("at"))),
      set("digits", i32.sub(get("digits"), get("exponent"))),
      markBad(locals, i32.isZero(get("exponent"))),
    ),
    ...readExponent(locals),
    ...when(
      i32.greaterUnsigned(get("digits"), i32.constant(mostDigits)),
      leaveOutZeros(locals),
      markBad(locals, i32.greaterUnsigned(get("digits"), i32.constant(mostDigits))),
    ),
    ...set("bits", long(0n)),
    ...when(
      i32.and(i64.notEqual(get("mantissa"), long(0n)), i32.isZero(get("bad"))),
      choose(isExponent, convert(locals, powers), set("bad", i32.constant(1))),
    ),
    ...set("bits", i64.or(get("bits"), i64.shiftLeft(i64.extend(get("isNegative")), long(63n)))),
  ];
}
