// The loops that take numbers into the sketch of how many are different: `sketchWords` of number-sketch.ts, in WebAssembly.
import {
  type Code,
  f64x2,
  i32,
  i32x4,
  i64,
  type KernelFunction,
  type Locals,
  repeatWhile,
  v128,
  when,
} from "../statistics/assembly.ts";
import { nextValue } from "./next-value.ts";
import { mixingSteps, rankBits } from "./number-sketch.ts";
import type { Scale } from "./ordered-histogram.ts";

/**
 * For registers of which none is below `least`: a hash whose ranked bits, moved to the top of a word, are above this limit changes
 * none of them. As a signed integer of 32 bits.
 */
export function limitOf(least: number): number {
  return least === 0 ? -1 : (2 ** (32 - least) - 1) | 0;
}

/** Takes in the next value, one by itself. */
function sketchOne(locals: Locals, scale: Scale): Code {
  const { get, set } = locals;
  const xorShifted = (by: number): Code =>
    set("hash", i32.xor(get("hash"), i32.shiftRightUnsigned(get("hash"), i32.constant(by))));
  const mix = mixingSteps.flatMap(({ shift, factor }) => [
    ...xorShifted(shift),
    ...(factor === null ? [] : set("hash", i32.multiply(get("hash"), i32.constant(factor | 0)))),
  ]);
  const register = i32.add(get("registers"), i32.shiftRightUnsigned(get("hash"), i32.constant(rankBits)));
  // Of a negative double all bits but the sign turn round: larger bits are larger numbers then.
  const order = i64.shiftRightUnsigned(i64.shiftRight(get("bits"), i64.constant(63n)), i64.constant(1n));
  // The bit below the ranked ones ends the zeros where all of them are 0.
  const ranked = i32.or(i32.shiftLeft(get("hash"), i32.constant(32 - rankBits)), i32.constant(1 << (31 - rankBits)));
  return nextValue(
    locals,
    scale,
    [],
    scale === "double" ? set("bits", i64.xor(get("bits"), order)) : [],
    set("hash", i32.wrap(get("bits"))),
    mix,
    set("hash", i32.xor(get("hash"), i32.wrap(i64.shiftRightUnsigned(get("bits"), i64.constant(32n))))),
    mix,
    set("rank", i32.add(i32.leadingZeros(ranked), i32.constant(1))),
    when(i32.greaterUnsigned(get("rank"), i32.loadByte(register)), i32.storeByte(register, get("rank"))),
  );
}

/** Four values at once, if none of them is missing nor may change a register: else one by one. */
function sketchFour(locals: Locals): Code {
  const { get, set } = locals;
  const read = (name: string, slot: number): Code => [
    ...set(name, v128.load(get("at"), slot)),
    ...set(`${name}Missing`, f64x2.notEqual(get(name), get(name))),
    // −0 is 0.
    ...set(name, v128.andNot(get(name), f64x2.equal(get(name), v128.zero))),
  ];
  const mix = mixingSteps.flatMap(({ shift, factor }) => {
    const mixed = v128.xor(get("four"), i32x4.shiftRight(get("four"), i32.constant(shift)));
    return set("four", factor === null ? mixed : i32x4.multiply(mixed, i32x4.splat(i32.constant(factor | 0))));
  });
  const ranked = i32x4.shiftLeft(get("four"), i32.constant(32 - rankBits));
  const mayChange = i32x4.lessOrEqualUnsigned(ranked, get("limits"));
  const missing = v128.or(get("firstMissing"), get("secondMissing"));
  const stop = i32.add(get("at"), i32.constant(32));
  return [
    ...read("first", 0),
    ...read("second", 1),
    ...set("upper", i32x4.odd(get("first"), get("second"))),
    ...set("signs", i32x4.shiftRightSigned(get("upper"), i32.constant(31))),
    ...set("four", v128.xor(i32x4.even(get("first"), get("second")), get("signs"))),
    ...set("upper", v128.xor(get("upper"), i32x4.shiftRight(get("signs"), i32.constant(1)))),
    ...mix,
    ...set("four", v128.xor(get("four"), get("upper"))),
    ...mix,
    ...set("stop", stop),
    ...when(
      v128.anyTrue(v128.or(mayChange, missing)),
      repeatWhile(i32.lessUnsigned(get("at"), get("stop")), sketchOne(locals, "double")),
    ),
    ...set("at", get("stop")),
  ];
}

const parameters = ["at", "end", "registers", "limit"];
const one = { integers: ["hash", "rank", "stop", "fourEnd"], longs: ["bits"] };

function sketchRest(locals: Locals, scale: Scale): Code {
  const isLeft = i32.lessUnsigned(locals.get("at"), locals.get("end"));
  return when(isLeft, repeatWhile(isLeft, sketchOne(locals, scale)));
}

export const sketchIntegers: KernelFunction = {
  parameters,
  ...one,
  body: (locals) => [sketchRest(locals, "integer")],
};

export const sketchDoubles: KernelFunction = {
  parameters,
  ...one,
  vectors: ["first", "second", "firstMissing", "secondMissing", "upper", "signs", "four", "limits"],
  body: (locals) => {
    const { get, set } = locals;
    const isLeft = i32.lessUnsigned(get("at"), get("fourEnd"));
    const inFours = i32.and(i32.sub(get("end"), get("at")), i32.constant(-32));
    return [
      set("limits", i32x4.splat(get("limit"))),
      set("fourEnd", i32.add(get("at"), inFours)),
      when(isLeft, repeatWhile(isLeft, sketchFour(locals))),
      sketchRest(locals, "double"),
    ];
  },
};
