// How the loops over numbers read one, and which they leave out.
import { block, type Code, i32, i64, type Locals, leaveBlock, when } from "../statistics/assembly.ts";
import type { Scale } from "./ordered-histogram.ts";

const infinityBits = 0x7ff0000000000000n;
const largestBits = 0x7fffffffffffffffn;

/** Reads the next value into `bits`, and does the rest where it is not missing; −0 becomes 0. */
export function nextValue({ get, set }: Locals, scale: Scale, infinite: Code, ...rest: readonly Code[]): Code {
  const read = [...set("bits", i64.load(get("at"))), ...set("at", i32.add(get("at"), i32.constant(8)))];
  if (scale === "integer")
    return [...read, ...when(i64.notEqual(get("bits"), i64.constant(-largestBits - 1n)), ...rest)];
  const magnitude = i64.and(get("bits"), i64.constant(largestBits));
  return block(
    read,
    // One less: zeros, which are rare, are looked at with what is not finite.
    when(
      i64.greaterUnsigned(i64.sub(magnitude, i64.constant(1n)), i64.constant(infinityBits - 2n)),
      when(i64.isZero(magnitude), set("bits", i64.constant(0n))),
      when(
        i64.greaterUnsigned(magnitude, i64.constant(infinityBits - 1n)),
        when(i64.notEqual(magnitude, i64.constant(infinityBits)), leaveBlock(3)),
        infinite,
      ),
    ),
    ...rest,
  );
}
