// Turns an integer and a power of ten into the nearest double, in WebAssembly: the algorithm of Eisel and Lemire ("Number parsing at a
// gigabyte per second", 2021).
import { type Code, i32, i64, type Locals, when } from "../../statistics/assembly.ts";
import { isBetween, long } from "./field-code.ts";
import { mostExponent, powerBytes, tablesAt } from "./row-tables.ts";

/** Locals that `convertExactly` uses, beside `state`, `mantissa`, `exponent` and `bits`. */
export const nearestIntegers = ["length"];
export const nearestLongs = ["shift", "factor", "high", "low", "keptHigh", "keptLow", "a", "b", "c", "d"];

const upper = (value: Code): Code => i64.shiftRightUnsigned(value, long(32n));
const lower = (value: Code): Code => i64.and(value, long(0xffffffffn));

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

/**
 * Sets `bits` to those of the double nearest to mantissa · 10^exponent, a mantissa above 0 and an exponent in the table. The case that
 * the algorithm cannot decide does not occur (Mushtak and Lemire, "Fast number parsing without fallback", 2022).
 */
export function convertExactly(locals: Locals): Code {
  const { get, set } = locals;
  const index = i32.add(get("exponent"), i32.constant(mostExponent));
  const address = i32.add(get("state"), i32.multiply(index, i32.constant(powerBytes)));
  const precision = 0x1ffn;
  return [
    ...set("shift", i64.leadingZeros(get("mantissa"))),
    ...set("mantissa", i64.shiftLeft(get("mantissa"), get("shift"))),
    ...set("factor", i64.load(address, tablesAt.powers)),
    ...multiplyWide(locals),
    ...when(
      i64.equal(i64.and(get("high"), long(precision)), long(precision)),
      refine(locals, i64.load(address, tablesAt.powers + 8)),
    ),
    // Of the product's two possible lengths.
    ...set("a", i64.shiftRightUnsigned(get("high"), long(63n))),
    ...set("b", i64.add(get("a"), long(9n))),
    ...set("bits", i64.shiftRightUnsigned(get("high"), get("b"))),
    ...when(isTie(locals), set("bits", i64.and(get("bits"), long(-2n)))),
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
