// Makes doubles of the digits that the loop over fields has read, in WebAssembly, two at a time: a loop of its own, since the processor looks further ahead in
// a short one.
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
import { markFlags, markShifts, zeroExponent } from "./row-layout.ts";

/** Bytes of an entry of the table of scales: a power of ten, its upper half, and 10 to how many digits are behind the words. */
const scaleBytesOf = { power: 0, upper: 8, tail: 16 } as const;
const scaleBytes = 32;
/** As many as a mark has numbers of decimals and of digits behind the words. */
const scaleCount = 128;
export const scalesBytes = scaleCount * scaleBytes;
const scaleMask = (scaleCount - 1) * scaleBytes;

/** A double times this, and back, leaves the upper half of its digits (Dekker 1971). */
const splitter = 2 ** 27 + 1;

export function listScales(): Float64Array {
  const table = new Float64Array(scalesBytes / 8);
  for (let entry = 0; entry < scaleCount; entry++) {
    const power = Number(10n ** BigInt(entry >> 2));
    const product = power * splitter;
    table.set([power, product - (product - power), 10 ** (entry & 3)], (entry * scaleBytes) / 8);
  }
  return table;
}

const vectors = ["splitter", "words", "slack", "sign"] as const;
export const convertBytes = 16 * vectors.length;

/** Constants: each twice. */
export function listConvert(): Float64Array {
  // Far more than the error of what is added to a quotient, and far less than what it is rounded by.
  const slack = 2 ** -98;
  return Float64Array.of(...[splitter, splitter], ...[1e8, 1e8], ...[slack, slack], ...[-0, -0]);
}

/** Addresses, and how many numbers a row has. */
export interface ConvertKernelPlaces {
  readonly powers: number;
  readonly tens: number;
  readonly scales: number;
  readonly convert: number;
  /** Half of where a number lies is how far behind here its mark lies. */
  readonly marks: number;
  readonly numberCount: number;
}

/**
 * `doubles`: digits · 10^−decimals, both exact, as a quotient of two doubles and what it lacks, which is known to twice the digits of a double: their sum is the nearest one.
 * `isUnsure` where it would be another if it were a bit more or less, as exactly between two.
 */
function dividePairs({ get, set }: Locals, { scales, convert }: ConvertKernelPlaces): Code {
  const { add, sub, multiply, divide } = f64x2;
  const constant = (name: (typeof vectors)[number]): Code => v128.load(i32.constant(convert), vectors.indexOf(name));
  const scale = (part: keyof typeof scaleBytesOf): Code =>
    v128.loadSecondHalf(
      i32.and(get("otherMark"), i32.constant(scaleMask)),
      v128.loadFirstHalf(i32.and(get("mark"), i32.constant(scaleMask)), scales + scaleBytesOf[part]),
      scales + scaleBytesOf[part],
    );
  const tails = i32x4.shiftRight(
    i32x4.shiftLeft(get("marks"), i32.constant(32 - markShifts.tail - 10)),
    i32.constant(22),
  );
  const split = multiply(get("quotient"), constant("splitter"));
  return [
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
function convertOne(locals: Locals, { powers, tens, marks }: ConvertKernelPlaces): Code {
  const { get, set } = locals;
  const shifted = (shift: number, mask: number): Code =>
    i32.and(i32.shiftRightUnsigned(get("mark"), i32.constant(shift)), i32.constant(mask));
  const words = i64.add(
    i64.multiply(i64.and(get("bits"), long(0xffffffffn)), long(100_000_000n)),
    i64.shiftRightUnsigned(get("bits"), long(32n)),
  );
  const tailDigits = i64.load(i32.shiftLeft(shifted(markShifts.tailDigits, 3), i32.constant(3)), tens);
  const has = (flag: keyof typeof markFlags): Code => i32.and(get("mark"), i32.constant(markFlags[flag]));
  const sign = i64.shiftLeft(i64.extend(shifted(markShifts.negative, 1)), long(63n));
  return [
    ...set("mark", i32.load(i32.shiftRightUnsigned(get("one"), i32.constant(1)), marks)),
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
      when(i64.notEqual(get("mantissa"), long(0n)), convertExactly(locals, powers)),
      set("bits", i64.or(get("bits"), sign)),
    ),
    ...i64.store(get("to"), get("bits")),
  ];
}

/**
 * Makes doubles of one number of each row, from `from` on, and puts them beside each other from `to` to `end`, maybe one more. `listPowers`, `listTens`, `listScales` and `listConvert`
 * lie at the places.
 */
export function createConvertKernel(places: ConvertKernelPlaces): KernelFunction {
  const stride = i32.constant(8 * places.numberCount);
  return {
    parameters: ["from", "to", "end"],
    integers: ["mark", "otherMark", "one", "exponent", "isUnsure", ...nearestIntegers],
    longs: ["mantissa", "bits", ...nearestLongs],
    vectors: [
      ...["digits", "marks", "tailScale", "large", "small", "whole", "power", "powerUpper", "powerLower"],
      ...["quotient", "product", "upper", "lower", "error", "rest", "slack", "doubles"],
    ],
    body: (locals) => {
      const { get, set } = locals;
      const other = i32.add(get("from"), stride);
      const markAt = (address: Code): Code => i32.shiftRightUnsigned(address, i32.constant(1));
      const flags = i32.constant(markFlags.integer | markFlags.double);
      const step = (name: string, by: Code): Code => set(name, i32.add(get(name), by));
      return [
        repeatWhile(
          i32.lessUnsigned(get("to"), get("end")),
          set("mark", i32.load(markAt(get("from")), places.marks)),
          set("otherMark", i32.load(markAt(other), places.marks)),
          set("isUnsure", i32.and(i32.or(get("mark"), get("otherMark")), flags)),
          when(
            i32.isZero(get("isUnsure")),
            set("digits", v128.loadSecondHalf(other, v128.loadFirstHalf(get("from")))),
            set(
              "marks",
              v128.loadSecondWord(markAt(other), v128.loadFirstWord(markAt(get("from")), places.marks), places.marks),
            ),
            dividePairs(locals, places),
            v128.store(get("to"), get("doubles")),
          ),
          when(
            get("isUnsure"),
            set("one", get("from")),
            convertOne(locals, places),
            step("one", stride),
            step("to", i32.constant(8)),
            convertOne(locals, places),
            step("to", i32.constant(-8)),
          ),
          step("from", stride),
          step("from", stride),
          step("to", i32.constant(16)),
        ),
      ];
    },
  };
}
