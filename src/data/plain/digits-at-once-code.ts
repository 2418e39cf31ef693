// Reads the digits of a decimal number whose end is known, in WebAssembly: all of them at once, wherever the point is. It is done for
// every number of a file: few instructions matter more here than anywhere else.
import { type Code, choose, i8x16, i16x8, i32, i32x4, type Locals, v128, when } from "../../statistics/assembly.ts";
import { mostDigits } from "./field-code.ts";
import { markShifts } from "./row-layout.ts";
import { atOnceAt, tablesAt } from "./row-tables.ts";

const vectorBytes = 16;
/** Further from the start than a field of so many digits is long. */
const noPoint = 31;

/** Locals that `readAtOnce` uses, beside `start`, `fieldEnd`, `first`, `digits`, `isNegative`, `mark` and `out`. */
export const atOnceIntegers = ["length", "point", "hasPoint", "decimals", "tail", "isOdd"];
export const atOnceVectors = ["figures"];

type Constant = keyof typeof atOnceAt;

/** Where the point is, how many digits there are in all, and how many after it. */
function lookForPoint({ get, set }: Locals, constant: (name: Constant) => Code): Code {
  const marks = i8x16.signs(i8x16.equal(v128.load(get("first")), constant("points")));
  return [
    ...set("length", i32.sub(get("fieldEnd"), get("first"))),
    // Behind the first digit is where it most often is.
    ...choose(
      i32.equal(i32.loadByte(get("first"), 1), i32.constant(".".charCodeAt(0))),
      [
        set("point", i32.constant(1)),
        set("hasPoint", i32.constant(1)),
        set("digits", i32.sub(get("length"), i32.constant(1))),
        set("decimals", i32.sub(get("length"), i32.constant(2))),
      ],
      [
        set("point", i32.trailingZeros(i32.or(marks, i32.constant(1 << noPoint)))),
        set("hasPoint", i32.lessUnsigned(get("point"), get("length"))),
        set("digits", i32.sub(get("length"), get("hasPoint"))),
        set("decimals", i32.select(i32.sub(get("digits"), get("point")), i32.constant(0), get("hasPoint"))),
      ],
    ),
  ];
}

/** Two words of eight digits each, from sixteen digits as bytes: pairs of digits, pairs of those, and once more. */
function joinFigures({ get, set }: Locals, constant: (name: Constant) => Code): Code {
  const pairs = i16x8.add(
    i16x8.multiply(get("figures"), constant("tens")),
    i16x8.shiftRightUnsigned(get("figures"), i32.constant(8)),
  );
  return [
    ...set("figures", i32x4.multiplyPairs(v128.and(pairs, constant("pairs")), constant("hundreds"))),
    ...set("figures", i16x8.narrow(get("figures"), get("figures"))),
    ...set("figures", i32x4.multiplyPairs(get("figures"), constant("tenThousands"))),
  ];
}

/** One to three digits behind the sixteen of the words. */
function addTail({ get, set }: Locals): Code {
  const count = i32.sub(get("digits"), i32.constant(vectorBytes));
  const spelled = i32.xor(i32.load(i32.sub(get("fieldEnd"), i32.constant(4))), i32.constant(0x30303030));
  const wanted = i32.shiftLeft(
    i32.constant(-1),
    i32.sub(i32.constant(160), i32.shiftLeft(get("digits"), i32.constant(3))),
  );
  const isBeyondNine = i32.and(
    i32.or(i32.add(get("tail"), i32.constant(0x76767676)), get("tail")),
    i32.constant(0x80808080 | 0),
  );
  const joined = i32.add(
    i32.multiply(get("tail"), i32.constant(10)),
    i32.shiftRightUnsigned(get("tail"), i32.constant(8)),
  );
  const low = i32.and(get("tail"), i32.constant(255));
  const high = i32.and(i32.shiftRightUnsigned(get("tail"), i32.constant(16)), i32.constant(255));
  const value = i32.add(i32.multiply(low, i32.constant(100)), high);
  return [
    ...set("tail", i32.and(spelled, wanted)),
    ...set("isOdd", i32.or(get("isOdd"), isBeyondNine)),
    ...set("tail", joined),
    ...set(
      "mark",
      i32.or(
        get("mark"),
        i32.or(
          i32.shiftLeft(value, i32.constant(markShifts.tail)),
          i32.shiftLeft(count, i32.constant(markShifts.tailDigits)),
        ),
      ),
    ),
  ];
}

/**
 * Reads from `start` to `fieldEnd`: up to nineteen digits, maybe a minus before and a point among them. Stores the two words at `out` and
 * sets `mark` to what stands beside them, or makes `isOdd` other than 0. Bytes around the field must be readable: 17 before its end, 18
 * after its start.
 */
export function readAtOnce(locals: Locals): Code {
  const { get, set } = locals;
  const constant = (name: Constant): Code => v128.load(get("state"), (tablesAt.atOnce + atOnceAt[name]) / vectorBytes);
  const window = (count: Code): Code =>
    v128.load(i32.add(count, get("state")), (tablesAt.atOnce + atOnceAt.window) / vectorBytes);
  const before = (bytes: number): Code => v128.load(i32.sub(get("fieldEnd"), i32.constant(bytes)));
  const after = v128.load(i32.add(get("first"), i32.constant(1)));
  // Digits up to the point are one byte nearer to the start.
  const last = v128.bitSelect(
    before(vectorBytes),
    before(vectorBytes + 1),
    window(i32.select(get("decimals"), i32.constant(vectorBytes), get("hasPoint"))),
  );
  const firstOnes = v128.bitSelect(
    after,
    v128.load(get("first")),
    window(i32.select(i32.sub(i32.constant(vectorBytes), get("point")), i32.constant(0), get("hasPoint"))),
  );
  const isMany = i32.greaterUnsigned(get("digits"), i32.constant(vectorBytes));
  return [
    ...set("isNegative", i32.equal(i32.loadByte(get("start")), i32.constant("-".charCodeAt(0)))),
    ...set("first", i32.add(get("start"), get("isNegative"))),
    ...lookForPoint(locals, constant),
    // Too few digits or too many, or a point before or behind all of them, has a sign.
    ...set("isOdd", i32.or(i32.sub(get("digits"), i32.constant(1)), i32.sub(i32.constant(mostDigits), get("digits")))),
    ...set("isOdd", i32.or(get("isOdd"), i32.sub(get("point"), i32.constant(1)))),
    ...set("isOdd", i32.or(get("isOdd"), i32.sub(get("decimals"), get("hasPoint")))),
    ...set("isOdd", i32.shiftRightUnsigned(get("isOdd"), i32.constant(31))),
    ...choose(
      isMany,
      set("figures", v128.xor(firstOnes, constant("zeros"))),
      set("figures", v128.and(v128.xor(last, constant("zeros")), window(get("digits")))),
    ),
    ...set("isOdd", i32.or(get("isOdd"), i8x16.signs(i8x16.addUnsigned(get("figures"), constant("aboveNine"))))),
    ...joinFigures(locals, constant),
    ...v128.storeFirstHalf(get("out"), get("figures")),
    ...set(
      "mark",
      i32.or(
        i32.shiftLeft(get("decimals"), i32.constant(markShifts.decimals)),
        i32.shiftLeft(get("isNegative"), i32.constant(markShifts.negative)),
      ),
    ),
    ...when(isMany, addTail(locals)),
  ];
}
