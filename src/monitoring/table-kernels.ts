// The loops over the slots of a table of bins, in WebAssembly: a table is emptied, listed and read in less time than plain code takes to be compiled.
import {
  type Code,
  choose,
  f64,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  repeatWhile,
} from "../statistics/assembly.ts";
import { eachSlot, findSlot, measureLevel, mostHeld, type Placing, slotBytesOf } from "./bin-kernels.ts";

/** Keys are ordered as their values: of a negative double all bits but the sign turn round. Addresses are in bytes. */
export interface TableKernels {
  /** Makes all slots free. Only those in use are written to: the rest of a table that held few bins never becomes memory. */
  readonly emptySlots: (from: number) => void;
  /** Writes the keys in use, ordered, in no order of theirs; `isDouble` is 0 or 1. */
  readonly listKeys: (from: number, out: number, isDouble: number) => void;
  /** Of two or more ascending keys: adds 1 to the word at `out` that the highest bit numbers in which a key and the one before differ. */
  readonly countApart: (at: number, end: number, out: number) => void;
  /**
   * Of keys in use, as `listKeys` writes them: writes their bins into the lists that follow, and drops the bits from the keys.
   * `totals` gets the sum of the counts, and what is not 0 where a sum has more than 63 bits.
   */
  readonly readBins: (at: number, end: number, table: number, shift: number, isDouble: number, totals: number) => void;
}

/** Bytes of a list of keys, counts, or words of sums. */
export const listBytes = 8 * (mostHeld + 64);
/** Lists beside each other: keys, counts as doubles, lower and upper words of the sums. */
export const listOffsets = { keys: 0, counts: listBytes, low: 2 * listBytes, high: 3 * listBytes } as const;
export const totalBytesOf = { present: 0, wide: 8 } as const;

const long = 8;
const next = ({ get, set }: Locals, name: string): Code => set(name, i32.add(get(name), i32.constant(long)));

/** Bits of a key turned round, or back: no other than the key's sign decides. */
function turn({ get }: Locals, key: Code): Code {
  const turned = i64.shiftRightUnsigned(i64.shiftRight(key, i64.constant(63n)), i64.constant(1n));
  return i64.xor(key, i64.and(turned, i64.sub(i64.constant(0n), i64.extend(get("isDouble")))));
}

const emptySlots: KernelFunction = {
  parameters: ["from"],
  integers: ["end"],
  longs: ["count"],
  body: (locals) => [
    eachSlot(
      locals,
      ...Object.values(slotBytesOf).map((offset) => i64.store(locals.get("from"), i64.constant(0n), offset)),
    ),
  ],
};

const listKeys: KernelFunction = {
  parameters: ["from", "out", "isDouble"],
  integers: ["end"],
  longs: ["count"],
  body: (locals) => [
    eachSlot(
      locals,
      i64.store(locals.get("out"), turn(locals, i64.load(locals.get("from"), slotBytesOf.key))),
      next(locals, "out"),
    ),
  ],
};

const countApart: KernelFunction = {
  parameters: ["at", "end", "out"],
  integers: ["word"],
  longs: ["before", "key"],
  body: (locals) => {
    const { get, set } = locals;
    const zeros = i32.wrap(i64.leadingZeros(i64.xor(get("key"), get("before"))));
    return [
      set("before", i64.load(get("at"))),
      next(locals, "at"),
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        set("key", i64.load(get("at"))),
        set("word", i32.add(get("out"), i32.shiftLeft(i32.sub(i32.constant(63), zeros), i32.constant(2)))),
        i32.store(get("word"), i32.add(i32.load(get("word")), i32.constant(1))),
        set("before", get("key")),
        next(locals, "at"),
      ),
    ];
  },
};

const readBins: KernelFunction = {
  parameters: ["at", "end", "table", "shift", "isDouble", "totals"],
  integers: ["slot"],
  longs: ["key", "byBytes", "count", "low", "high", "present", "wide"],
  body: (locals) => {
    const { get, set } = locals;
    const read = (part: keyof typeof slotBytesOf): Code => i64.load(get("slot"), slotBytesOf[part]);
    const readAll = (placing: Placing): Code =>
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        set("key", turn(locals, i64.load(get("at")))),
        findSlot(locals, placing),
        set("count", read("count")),
        set("low", read("low")),
        set("high", read("high")),
        i64.store(get("at"), i64.shiftRight(i64.load(get("at")), i64.extend(get("shift")))),
        f64.store(get("at"), f64.fromUnsigned(get("count")), listOffsets.counts),
        i64.store(get("at"), get("low"), listOffsets.low),
        i64.store(get("at"), get("high"), listOffsets.high),
        set("present", i64.add(get("present"), get("count"))),
        set("wide", i64.or(get("wide"), i64.or(get("high"), i64.shiftRight(get("low"), i64.constant(63n))))),
        next(locals, "at"),
      );
    return [
      measureLevel(locals, "shift"),
      choose(i32.lessUnsigned(get("shift"), i32.constant(32)), readAll("hashed"), readAll("direct")),
      i64.store(get("totals"), get("present"), totalBytesOf.present),
      i64.store(get("totals"), get("wide"), totalBytesOf.wide),
    ];
  },
};

export const tableKernels = { emptySlots, listKeys, countApart, readBins };
