// Turns an integer and a power of ten into the nearest double, in WebAssembly: the algorithm of Eisel and Lemire ("Number parsing at a
// gigabyte per second", 2021). What it cannot tell for sure it leaves to its caller.
import {
  type Code,
  choose,
  f64,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  repeatWhile,
  when,
} from "../../statistics/assembly.ts";
import { isBetween, long } from "./field-code.ts";
import { markOf } from "./row-layout.ts";

/** Exponents of ten for which there is a power in the table, both signs; far from where doubles end. */
export const mostExponent = markOf.zero;
const powerBytes = 16;

export const powersBytes = (2 * mostExponent + 1) * powerBytes;

const upper = (value: Code): Code => i64.shiftRightUnsigned(value, long(32n));
const lower = (value: Code): Code => i64.and(value, long(0xffffffffn));

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
  return cutTo128((1n << (2n * length + 128n)) / divisor) + 1n;
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
  return [
    ...set("shift", i64.leadingZeros(get("mantissa"))),
    ...set("mantissa", i64.shiftLeft(get("mantissa"), get("shift"))),
    ...set("factor", i64.load(address, powers)),
    ...multiplyWide(locals),
    ...when(
      i64.equal(i64.and(get("high"), long(precision)), long(precision)),
      refine(locals, i64.load(address, powers + 8)),
    ),
    // Of the product's two possible lengths.
    ...set("a", i64.shiftRightUnsigned(get("high"), long(63n))),
    ...set("b", i64.add(get("a"), long(9n))),
    ...set("bits", i64.shiftRightUnsigned(get("high"), get("b"))),
    ...when(isTie(locals), set("bits", i64.and(get("bits"), long(-2n)))),
    ...roundUp(locals),
  ];
}

/** From `bits` with one bit too many to those of the double. `a`: which of its two possible lengths the product has. */
function roundUp({ get, set }: Locals): Code {
  return [
    ...set(
      "length",
      i32.add(
        i32.sub(i32.wrap(get("a")), i32.wrap(get("shift"))),
        i32.add(
          i32.shiftRight(i32.multiply(get("exponent"), i32.constant(217_706)), i32.constant(16)),
          i32.constant(63 + 1023),
        ),
      ),
    ),
    ...set("bits", i64.shiftRightUnsigned(i64.add(get("bits"), i64.and(get("bits"), long(1n))), long(1n))),
    // Rounding up may need one bit more, which becomes one of the exponent: 2^52 added to it either way.
    ...set("bits", i64.add(i64.sub(get("bits"), long(1n << 52n)), i64.shiftLeft(i64.extend(get("length")), long(52n)))),
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
 * `bits` without the last bits of the product, which seldom decide: `isUnsure` where they may. What is left out makes the product too small by less than
 * five, the power's own rounding too large by less than two.
 */
function convertQuickly({ get, set }: Locals, powers: number): Code {
  const power = i64.load(i32.shiftLeft(i32.add(get("exponent"), i32.constant(mostExponent)), i32.constant(4)), powers);
  return [
    ...set("shift", i64.leadingZeros(get("mantissa"))),
    ...set("a", i64.shiftLeft(get("mantissa"), get("shift"))),
    ...set("factor", power),
    ...set("b", upper(get("a"))),
    ...set("a", lower(get("a"))),
    ...set("c", upper(get("factor"))),
    ...set(
      "high",
      i64.add(
        i64.multiply(get("b"), get("c")),
        i64.add(upper(i64.multiply(get("b"), lower(get("factor")))), upper(i64.multiply(get("a"), get("c")))),
      ),
    ),
    ...set("isUnsure", isBetween(i32.and(i32.add(i32.wrap(get("high")), i32.constant(6)), i32.constant(511)), 0, 8)),
    ...set("a", i64.shiftRightUnsigned(get("high"), long(63n))),
    ...set("bits", i64.shiftRightUnsigned(get("high"), i64.add(get("a"), long(9n)))),
    ...roundUp({ get, set }),
  ];
}

/** So many digits are an integer that a double holds, and so is each power of ten with as many zeros: dividing rounds once. */
const mostExactDigits = 15;
export const exactPowersBytes = 8 * (mostExactDigits + 1);

export function listExactPowers(): Float64Array {
  return Float64Array.from({ length: mostExactDigits + 1 }, (_, exponent) => Number(10n ** BigInt(exponent)));
}

/** Sets `bits` to those of the double nearest to mantissa · 10^exponent. */
function convertOne(locals: Locals, powers: number, exactPowers: number): Code {
  const { get, set } = locals;
  const decimals = i32.sub(i32.constant(0), get("exponent"));
  const isExact = i32.and(
    i64.lessUnsigned(get("mantissa"), long(10n ** BigInt(mostExactDigits))),
    i32.lessUnsigned(decimals, i32.constant(mostExactDigits + 1)),
  );
  const power = f64.load(i32.shiftLeft(decimals, i32.constant(3)), exactPowers);
  return choose(isExact, set("bits", f64.bits(f64.divide(f64.fromLong(get("mantissa")), power))), [
    ...convertQuickly(locals, powers),
    ...when(get("isUnsure"), choose(i64.isZero(get("mantissa")), set("bits", long(0n)), convert(locals, powers))),
  ]);
}

/** Addresses, and how many numbers a row has. */
export interface ConvertKernelPlaces {
  readonly powers: number;
  readonly exactPowers: number;
  /** A quarter of where a number lies is how far behind here its mark lies. */
  readonly marks: number;
  readonly numberCount: number;
}

/**
 * Makes doubles of one number of each row, from `from` on, and puts them beside each other from `to` to `end`: a loop of its own, since the processor looks
 * further ahead in a short one. `listPowers` and `listExactPowers` lie at the places.
 */
export function createConvertKernel({ powers, exactPowers, marks, numberCount }: ConvertKernelPlaces): KernelFunction {
  return {
    parameters: ["from", "to", "end"],
    integers: ["mark", "exponent", "length", "isUnsure"],
    longs: ["mantissa", "bits", "shift", "factor", "high", "low", "keptHigh", "keptLow", "a", "b", "c", "d"],
    body: (locals) => {
      const { get, set } = locals;
      const sign = i64.shiftLeft(i64.extend(i32.shiftRightUnsigned(get("mark"), i32.constant(8))), long(63n));
      return [
        repeatWhile(
          i32.lessUnsigned(get("to"), get("end")),
          set("mark", i32.loadHalf(i32.shiftRightUnsigned(get("from"), i32.constant(2)), marks)),
          set("bits", i64.load(get("from"))),
          when(
            i32.lessUnsigned(get("mark"), i32.constant(markOf.done)),
            set("mantissa", get("bits")),
            set("exponent", i32.sub(i32.and(get("mark"), i32.constant(255)), i32.constant(markOf.zero))),
            convertOne(locals, powers, exactPowers),
            set("bits", i64.or(get("bits"), sign)),
          ),
          i64.store(get("to"), get("bits")),
          set("from", i32.add(get("from"), i32.constant(8 * numberCount))),
          set("to", i32.add(get("to"), i32.constant(8))),
        ),
      ];
    },
  };
}
