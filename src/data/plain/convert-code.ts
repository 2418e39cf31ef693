// Makes doubles of the digits that the loop over fields has read, in WebAssembly, two at a time: a loop of its own, since the processor
// looks further ahead in a short one.
import {
  type Code,
  choose,
  f64x2,
  i32,
  i32x4,
  i64,
  i64x2,
  type KernelFunction,
  type Locals,
  repeatWhile,
  v128,
  when,
} from "../../statistics/assembly.ts";
import { long } from "./field-code.ts";
import { convertExactly, nearestIntegers, nearestLongs } from "./nearest-double-code.ts";
import { markFlags, markShifts, numberBytesOf, zeroExponent } from "./row-layout.ts";
import { convertAt, scaleBytesOf, scaleMask, tablesAt } from "./row-tables.ts";

/**
 * `doubles`: digits / 10^decimals, two numbers that doubles hold, or two of them: the quotient of doubles, and what it lacks, which is known
 * to twice a double's digits. Their sum is the nearest double, but `isUnsure` where a bit more or less would make it another, as
 * exactly between two.
 */
function dividePairs({ get, set }: Locals): Code {
  const { add, sub, multiply, divide } = f64x2;
  const constant = (name: keyof typeof convertAt): Code =>
    v128.load(get("state"), (tablesAt.convert + convertAt[name]) / 16);
  const scale = (part: keyof typeof scaleBytesOf): Code =>
    v128.loadSecondHalf(
      get("otherScale"),
      v128.loadFirstHalf(get("scale"), tablesAt.scales + scaleBytesOf[part]),
      tablesAt.scales + scaleBytesOf[part],
    );
  const tails = i32x4.shiftRight(
    i32x4.shiftLeft(get("marks"), i32.constant(32 - markShifts.tail - 10)),
    i32.constant(22),
  );
  const split = multiply(get("quotient"), constant("splitter"));
  const scaleAt = (mark: Code): Code => i32.add(get("state"), i32.and(mark, i32.constant(scaleMask)));
  return [
    ...set("scale", scaleAt(get("mark"))),
    ...set("otherScale", scaleAt(get("otherMark"))),
    ...set("tailScale", scale("tail")),
    ...set(
      "large",
      multiply(multiply(f64x2.fromLow(i32x4.even(get("digits"), get("digits"))), get("tailScale")), constant("words")),
    ),
    ...set(
      "small",
      add(multiply(f64x2.fromLow(i32x4.odd(get("digits"), get("digits"))), get("tailScale")), f64x2.fromLow(tails)),
    ),
    // Both are exact; so is their sum and what it leaves out, since the larger one comes first.
    ...set("whole", add(get("large"), get("small"))),
    ...set("small", sub(get("small"), sub(get("whole"), get("large")))),
    ...set("power", scale("power")),
    ...set("powerUpper", scale("upper")),
    ...set("quotient", divide(get("whole"), get("power"))),
    ...set("product", multiply(get("quotient"), get("power"))),
    // The product's error: halves of the digits multiply exactly.
    ...set("upper", split),
    ...set("upper", sub(get("upper"), sub(get("upper"), get("quotient")))),
    ...set("lower", sub(get("quotient"), get("upper"))),
    ...set("powerLower", sub(get("power"), get("powerUpper"))),
    ...set("error", sub(multiply(get("upper"), get("powerUpper")), get("product"))),
    ...set("error", add(get("error"), multiply(get("upper"), get("powerLower")))),
    ...set("error", add(get("error"), multiply(get("lower"), get("powerUpper")))),
    ...set("error", add(get("error"), multiply(get("lower"), get("powerLower")))),
    ...set("rest", add(sub(sub(get("whole"), get("product")), get("error")), get("small"))),
    ...set("rest", divide(get("rest"), get("power"))),
    ...set("slack", multiply(get("quotient"), constant("slack"))),
    ...set("doubles", add(get("quotient"), add(get("rest"), get("slack")))),
    ...set("rest", add(get("quotient"), sub(get("rest"), get("slack")))),
    ...set("isUnsure", i32.isZero(i64x2.allTrue(f64x2.equal(get("doubles"), get("rest"))))),
    ...set("doubles", v128.or(get("doubles"), v128.and(i64x2.widenLow(get("marks")), constant("sign")))),
  ];
}

/** The double of one number of any kind, at `one`, stored at `to`. */
function convertOne(locals: Locals): Code {
  const { get, set } = locals;
  const shifted = (shift: number, mask: number): Code =>
    i32.and(i32.shiftRightUnsigned(get("mark"), i32.constant(shift)), i32.constant(mask));
  const words = i64.add(
    i64.multiply(i64.and(get("bits"), long(0xffffffffn)), long(100_000_000n)),
    i64.shiftRightUnsigned(get("bits"), long(32n)),
  );
  const tailDigits = i64.load(
    i32.add(get("state"), i32.shiftLeft(shifted(markShifts.tailDigits, 3), i32.constant(3))),
    tablesAt.tens,
  );
  const has = (flag: keyof typeof markFlags): Code => i32.and(get("mark"), i32.constant(markFlags[flag]));
  const sign = i64.shiftLeft(i64.extend(shifted(markShifts.negative, 1)), long(63n));
  return [
    ...set("mark", i32.load(get("one"), numberBytesOf.mark)),
    ...set("bits", i64.load(get("one"))),
    ...when(
      i32.isZero(has("double")),
      choose(
        has("integer"),
        [...set("mantissa", get("bits")), ...set("exponent", i32.sub(shifted(0, 255), i32.constant(zeroExponent)))],
        [
          ...set("mantissa", i64.add(i64.multiply(words, tailDigits), i64.extend(shifted(markShifts.tail, 1023)))),
          ...set("exponent", i32.sub(i32.constant(0), shifted(markShifts.decimals, 31))),
        ],
      ),
      set("bits", long(0n)),
      when(i64.notEqual(get("mantissa"), long(0n)), convertExactly(locals)),
      set("bits", i64.or(get("bits"), sign)),
    ),
    ...i64.store(get("to"), get("bits")),
  ];
}

/**
 * Makes doubles of the numbers from `from` on that are `stride` bytes from each other, and puts them beside each other from `to` to
 * `end`, maybe one more. The tables lie behind `state`.
 */
export const convertKernel: KernelFunction = {
  parameters: ["state", "from", "stride", "to", "end"],
  integers: ["mark", "otherMark", "scale", "otherScale", "one", "exponent", "isUnsure", ...nearestIntegers],
  longs: ["mantissa", "bits", ...nearestLongs],
  vectors: [
    ...["digits", "marks", "tailScale", "large", "small", "whole", "power", "powerUpper", "powerLower"],
    ...["quotient", "product", "upper", "lower", "error", "rest", "slack", "doubles"],
  ],
  body: (locals) => {
    const { get, set } = locals;
    const flags = i32.constant(markFlags.integer | markFlags.double);
    const step = (name: string, by: Code): Code => set(name, i32.add(get(name), by));
    const { mark } = numberBytesOf;
    return [
      repeatWhile(
        i32.lessUnsigned(get("to"), get("end")),
        set("one", i32.add(get("from"), get("stride"))),
        set("mark", i32.load(get("from"), mark)),
        set("otherMark", i32.load(get("one"), mark)),
        set("isUnsure", i32.and(i32.or(get("mark"), get("otherMark")), flags)),
        when(
          i32.isZero(get("isUnsure")),
          set("digits", v128.loadSecondHalf(get("one"), v128.loadFirstHalf(get("from")))),
          set("marks", v128.loadSecondWord(get("one"), v128.loadFirstWord(get("from"), mark), mark)),
          dividePairs(locals),
          v128.store(get("to"), get("doubles")),
        ),
        when(
          get("isUnsure"),
          set("one", get("from")),
          convertOne(locals),
          step("one", get("stride")),
          step("to", i32.constant(8)),
          convertOne(locals),
          step("to", i32.constant(-8)),
        ),
        set("from", i32.add(get("one"), get("stride"))),
        step("to", i32.constant(16)),
      ),
    ];
  },
};
