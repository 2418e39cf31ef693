// Reads a decimal number to the nearest double, in WebAssembly: the algorithm of Eisel and Lemire ("Number parsing at a
// gigabyte per second", 2021). What it cannot tell for sure it leaves to its caller.
import { type Code, choose, i32, i64, type Locals, repeatWhile, when } from "../../statistics/assembly.ts";

/** Exponents of ten for which there is a power in the table, both signs; far from where doubles end. */
const mostExponent = 64;
/** So many digits always fit into 64 bits. */
const mostDigits = 19;
const powerBytes = 16;

export const powersBytes = (2 * mostExponent + 1) * powerBytes;

/** Locals that `readDecimal` uses, beside `at`, `bad` and `bits`. */
export const decimalIntegers = ["first", "digit", "digits", "from", "exponent", "power", "size", "lost", "isNegative"];
export const decimalLongs = [
  "mantissa",
  "eight",
  "high",
  "low",
  "a",
  "b",
  "c",
  "d",
  "shift",
  "factor",
  "keptHigh",
  "keptLow",
];

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

const isDigit = (digit: Code): Code => i32.lessUnsigned(digit, i32.constant(10));
const byteAt = ({ get }: Locals, offset = 0): Code => i32.loadByte(get("at"), offset);
const advance = ({ get, set }: Locals, by = 1): Code => set("at", i32.add(get("at"), i32.constant(by)));
const long = (value: bigint): Code => i64.constant(value);
const upper = (value: Code): Code => i64.shiftRightUnsigned(value, long(32n));
const lower = (value: Code): Code => i64.and(value, long(0xffffffffn));

function readDigit(locals: Locals): Code {
  return locals.set("digit", i32.sub(byteAt(locals), i32.constant(0x30)));
}

/** Digits one by one. */
function readDigits(locals: Locals): Code {
  const { get, set } = locals;
  const taken = i64.add(i64.multiply(get("mantissa"), long(10n)), i64.extend(get("digit")));
  return [
    ...readDigit(locals),
    ...when(
      isDigit(get("digit")),
      repeatWhile(isDigit(get("digit")), set("mantissa", taken), advance(locals), readDigit(locals)),
    ),
  ];
}

/** Eight digits at a time, as long as there are eight. */
function readEights(locals: Locals): Code {
  const { get, set } = locals;
  const zones = 0xf0f0f0f0f0f0f0f0n;
  const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
  const beyondNine = upperZones(i64.add(get("eight"), long(0x0606060606060606n)));
  function upperZones(value: Code): Code {
    return i64.shiftRightUnsigned(i64.and(value, long(signed(zones))), long(4n));
  }
  const areDigits = i64.equal(
    i64.or(i64.and(get("eight"), long(signed(zones))), beyondNine),
    long(0x3333333333333333n),
  );
  const read = set("eight", i64.load(get("at")));
  const pairs = i64.add(i64.multiply(get("eight"), long(10n)), i64.shiftRightUnsigned(get("eight"), long(8n)));
  const every = long(0x000000ff000000ffn);
  const joined = i64.shiftRightUnsigned(
    i64.add(
      i64.multiply(i64.and(get("eight"), every), long(100n + (1_000_000n << 32n))),
      i64.multiply(i64.and(i64.shiftRightUnsigned(get("eight"), long(16n)), every), long(1n + (10_000n << 32n))),
    ),
    long(32n),
  );
  return [
    ...read,
    ...when(
      areDigits,
      repeatWhile(
        areDigits,
        set("eight", i64.sub(get("eight"), long(0x3030303030303030n))),
        set("eight", pairs),
        set("mantissa", i64.add(i64.multiply(get("mantissa"), long(100_000_000n)), joined)),
        advance(locals, 8),
        read,
      ),
    ),
  ];
}

/** Zeros before the first digit that counts need no room. */
function skipZeros(locals: Locals): Code {
  const { get, set } = locals;
  const isZero = i32.equal(byteAt(locals), i32.constant(0x30));
  return when(
    i64.isZero(get("mantissa")),
    set("digits", i32.constant(0)),
    when(isZero, repeatWhile(isZero, advance(locals))),
  );
}

/** `exponent`, after the digits and an e. */
function readExponent(locals: Locals): Code {
  const { get, set } = locals;
  const isMinus = i32.equal(byteAt(locals), i32.constant(0x2d));
  const isPlus = i32.equal(byteAt(locals), i32.constant(0x2b));
  return when(
    i32.equal(i32.or(byteAt(locals), i32.constant(0x20)), i32.constant(0x65)),
    advance(locals),
    set("lost", isMinus),
    when(i32.or(isMinus, isPlus), advance(locals)),
    set("first", get("at")),
    set("power", i32.constant(0)),
    readDigit(locals),
    when(
      isDigit(get("digit")),
      repeatWhile(
        isDigit(get("digit")),
        set("power", i32.add(i32.multiply(get("power"), i32.constant(10)), get("digit"))),
        advance(locals),
        readDigit(locals),
      ),
    ),
    // None, or so many that their number overflows.
    markBad(locals, i32.isZero(isBetween(i32.sub(get("at"), get("first")), 1, 4))),
    choose(
      get("lost"),
      set("exponent", i32.sub(get("exponent"), get("power"))),
      set("exponent", i32.add(get("exponent"), get("power"))),
    ),
  );
}

function isBetween(value: Code, least: number, most: number): Code {
  return i32.lessUnsigned(i32.sub(value, i32.constant(least)), i32.constant(most - least + 1));
}

function markBad({ get, set }: Locals, condition: Code): Code {
  return set("bad", i32.or(get("bad"), condition));
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
 * those of the nearest double; makes `bad` 1 where there is none, or none that this can tell. The table of powers lies at
 * `powers`; eight bytes after the text must be readable.
 */
export function readDecimal(locals: Locals, powers: number): Code {
  const { get, set } = locals;
  const isExponent = isBetween(get("exponent"), -mostExponent, mostExponent);
  return [
    ...set("isNegative", i32.equal(byteAt(locals), i32.constant(0x2d))),
    ...set("at", i32.add(get("at"), get("isNegative"))),
    ...set("first", get("at")),
    ...set("mantissa", long(0n)),
    ...set("exponent", i32.constant(0)),
    ...readDigits(locals),
    ...set("digits", i32.sub(get("at"), get("first"))),
    ...markBad(locals, i32.isZero(get("digits"))),
    ...when(
      i32.equal(byteAt(locals), i32.constant(0x2e)),
      advance(locals),
      set("from", get("at")),
      skipZeros(locals),
      set("first", get("at")),
      readEights(locals),
      readDigits(locals),
      set("digits", i32.add(get("digits"), i32.sub(get("at"), get("first")))),
      set("exponent", i32.sub(get("from"), get("at"))),
      markBad(locals, i32.isZero(get("exponent"))),
    ),
    ...readExponent(locals),
    ...markBad(locals, i32.greaterUnsigned(get("digits"), i32.constant(mostDigits))),
    ...set("bits", long(0n)),
    ...when(
      i32.isZero(i64.isZero(get("mantissa"))),
      markBad(locals, i32.isZero(isExponent)),
      when(i32.isZero(get("bad")), convert(locals, powers)),
    ),
    ...set("bits", i64.or(get("bits"), i64.shiftLeft(i64.extend(get("isNegative")), long(63n)))),
  ];
}
