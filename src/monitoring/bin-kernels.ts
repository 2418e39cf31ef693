// The loops that count numbers into nested bins, in WebAssembly, and what a table of bins looks like.
import {
  type Code,
  choose,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  repeatWhile,
  when,
} from "../statistics/assembly.ts";
import { nextValue } from "./next-value.ts";
import { mostBins, type Scale } from "./ordered-histogram.ts";
import { sketchDoubles, sketchIntegers } from "./sketch-kernels.ts";

/**
 * A table is open addressing by key. Bytes of a slot: the key (a value without its last `shift` bits), how many values, the lower
 * and the upper 64 bits of the sum of what they are more than the key. A count of 0 marks a free slot.
 */
export const slotBits = 14;
export const slotBytes = 32;
export const slotBytesOf = { key: 0, count: 8, low: 16, high: 24 } as const;
export const tableBytes = slotBytes << slotBits;
/** Half of the slots keep probes short; twice the bins that stay make dropping bits rare. */
export const mostHeld = 2 * mostBins;
/** What `count` tells, behind the table: where it stopped, slots in use, infinite values counted. */
export const tallyBytesOf = { stopped: 0, used: 4, infinite: 8 } as const;

/** Addresses are in bytes, values have eight, and are at least one; `shift` is 0 to 63. */
export interface BinKernels {
  /** Counts the values from `at`; stops at `end`, or after the one that filled a slot too many. Leaves out missing ones. */
  readonly countDoubles: (at: number, end: number, table: number, shift: number) => void;
  readonly countIntegers: (at: number, end: number, table: number, shift: number) => void;
  /** Adds a table at `level`, or finer, to another table at it. */
  readonly coarsen: (from: number, table: number, level: number) => void;
  /** Takes the same values into registers of a byte each; `limit` is what `limitOf` says of a register's least value now or before. */
  readonly sketchDoubles: (at: number, end: number, registers: number, limit: number) => void;
  readonly sketchIntegers: (at: number, end: number, registers: number, limit: number) => void;
}

const hashFactors = [0x85ebca6b | 0, 0x9e3779b1 | 0] as const;
const wordMask = 0xffffffffn;

const increase = ({ get, set }: Locals, name: string): Code => set(name, i64.add(get(name), i64.constant(1n)));
const upperWord = (value: Code): Code => i64.shiftRightUnsigned(value, i64.constant(32n));

/** From the level: `mask`, the bits that keys keep. */
function maskLevel({ get, set }: Locals, level: string): Code {
  return set("mask", i64.shiftLeft(i64.constant(-1n), i64.extend(get(level))));
}

/** How the search for a key begins; a loop over many values chooses once. */
export type Placing = "hashed" | "direct";

/** From the level, where bins lie directly: `byBytes`, the bits of a key below those of its slot's address. */
export function measureLevel({ get, set }: Locals, level: string): Code {
  // All bits below the level are 0, and so are those of the bytes in a slot.
  return set("byBytes", i64.extend(i32.sub(get(level), i32.constant(Math.log2(slotBytes)))));
}

/**
 * `slot`: the address of the slot of `key`, or of the free one where it belongs. Bins of few bits lie beside their neighbours, the two
 * signs half a table apart: most values meet warm memory.
 */
export function findSlot({ get, set }: Locals, placing: Placing): Code {
  const last = i32.constant(tableBytes - slotBytes);
  const hashed = (): Code => {
    const mixed = i32.multiply(
      i32.xor(i32.wrap(upperWord(get("key"))), i32.multiply(i32.wrap(get("key")), i32.constant(hashFactors[0]))),
      i32.constant(hashFactors[1]),
    );
    return i32.shiftLeft(
      i32.shiftRightUnsigned(mixed, i32.constant(32 - slotBits)),
      i32.constant(Math.log2(slotBytes)),
    );
  };
  const direct = (): Code => {
    const half = i32.and(i32.wrap(i64.shiftRight(get("key"), i64.constant(63n))), i32.constant(tableBytes / 2));
    return i32.and(i32.add(i32.wrap(i64.shiftRightUnsigned(get("key"), get("byBytes"))), half), last);
  };
  const isOther = i64.notEqual(i64.load(get("slot"), slotBytesOf.key), get("key"));
  const isTaken = i32.and(isOther, i64.notEqual(i64.load(get("slot"), slotBytesOf.count), i64.constant(0n)));
  const place = i32.sub(get("slot"), get("table"));
  const step = set("slot", i32.add(get("table"), i32.and(i32.add(place, i32.constant(slotBytes)), last)));
  return [
    ...set("slot", i32.add(get("table"), placing === "hashed" ? hashed() : direct())),
    ...when(isOther, when(isTaken, repeatWhile(isTaken, step))),
  ];
}

/** Adds to the sum of `slot`. */
function addToSum({ get, set }: Locals, amount: Code): Code {
  const upper = i64.load(get("slot"), slotBytesOf.high);
  return [
    ...set("more", amount),
    ...set("sum", i64.add(i64.load(get("slot"), slotBytesOf.low), get("more"))),
    ...i64.store(get("slot"), get("sum"), slotBytesOf.low),
    ...when(
      i64.greaterUnsigned(get("more"), get("sum")),
      i64.store(get("slot"), i64.add(upper, i64.constant(1n)), slotBytesOf.high),
    ),
  ];
}

/** Counts `count` values more in `slot`, which is that of `key`; does `onNew` where it was free. */
function addToCount({ get, set }: Locals, count: Code, onNew: Code): Code {
  return [
    ...set("before", i64.load(get("slot"), slotBytesOf.count)),
    ...i64.store(get("slot"), i64.add(get("before"), count), slotBytesOf.count),
    ...when(
      i64.isZero(get("before")),
      i64.store(get("slot"), get("key"), slotBytesOf.key),
      set("used", i32.add(get("used"), i32.constant(1))),
      onNew,
    ),
  ];
}

const slotLocals = {
  integers: ["tally", "used", "slot"],
  longs: ["key", "mask", "byBytes", "before", "sum", "more"],
};

function count(scale: Scale): KernelFunction {
  return {
    parameters: ["at", "end", "table", "shift"],
    integers: slotLocals.integers,
    longs: [...slotLocals.longs, "bits", "infinite"],
    body: (locals) => {
      const { get, set } = locals;
      const wasInfinite = i64.load(get("tally"), tallyBytesOf.infinite);
      const countAll = (placing: Placing): Code =>
        repeatWhile(
          i32.lessUnsigned(get("at"), get("end")),
          nextValue(
            locals,
            scale,
            increase(locals, "infinite"),
            set("key", i64.and(get("bits"), get("mask"))),
            findSlot(locals, placing),
            addToCount(
              locals,
              i64.constant(1n),
              when(i32.greaterUnsigned(get("used"), i32.constant(mostHeld)), set("end", get("at"))),
            ),
            addToSum(locals, i64.xor(get("bits"), get("key"))),
          ),
        );
      return [
        maskLevel(locals, "shift"),
        measureLevel(locals, "shift"),
        set("tally", i32.add(get("table"), i32.constant(tableBytes))),
        set("used", i32.load(get("tally"), tallyBytesOf.used)),
        choose(i32.lessUnsigned(get("shift"), i32.constant(32)), countAll("hashed"), countAll("direct")),
        i32.store(get("tally"), get("at"), tallyBytesOf.stopped),
        i32.store(get("tally"), get("used"), tallyBytesOf.used),
        i64.store(get("tally"), i64.add(wasInfinite, get("infinite")), tallyBytesOf.infinite),
      ];
    },
  };
}

/** Does `body` for each slot in use of the table at `from`, a local that goes from slot to slot; `count` holds its count. */
export function eachSlot({ get, set }: Locals, ...body: readonly Code[]): Code {
  return [
    ...set("end", i32.add(get("from"), i32.constant(tableBytes))),
    ...repeatWhile(
      i32.lessUnsigned(get("from"), get("end")),
      set("count", i64.load(get("from"), slotBytesOf.count)),
      when(i64.notEqual(get("count"), i64.constant(0n)), ...body),
      set("from", i32.add(get("from"), i32.constant(slotBytes))),
    ),
  ];
}

const coarsen: KernelFunction = {
  parameters: ["from", "table", "level"],
  integers: ["end", ...slotLocals.integers],
  longs: ["count", "dropped", "upper", ...slotLocals.longs],
  body: (locals) => {
    const { get, set } = locals;
    const read = (part: keyof typeof slotBytesOf): Code => i64.load(get("from"), slotBytesOf[part]);
    // A count and a word have 32 bits each, and so their product fits.
    const timesWord = (word: Code): Code => i64.multiply(get("count"), word);
    const addUpper = (amount: Code): Code =>
      i64.store(get("slot"), i64.add(i64.load(get("slot"), slotBytesOf.high), amount), slotBytesOf.high);
    const addSlot = (placing: Placing): Code => [
      ...findSlot(locals, placing),
      ...addToCount(locals, get("count"), []),
      ...addToSum(locals, read("low")),
      ...addUpper(read("high")),
      ...addToSum(locals, timesWord(i64.and(get("dropped"), i64.constant(wordMask)))),
      ...set("upper", timesWord(upperWord(get("dropped")))),
      ...addToSum(locals, i64.shiftLeft(get("upper"), i64.constant(32n))),
      ...addUpper(upperWord(get("upper"))),
    ];
    return [
      maskLevel(locals, "level"),
      measureLevel(locals, "level"),
      set("tally", i32.add(get("table"), i32.constant(tableBytes))),
      set("used", i32.load(get("tally"), tallyBytesOf.used)),
      eachSlot(
        locals,
        set("key", i64.and(read("key"), get("mask"))),
        set("dropped", i64.xor(read("key"), get("key"))),
        choose(i32.lessUnsigned(get("level"), i32.constant(32)), addSlot("hashed"), addSlot("direct")),
      ),
      i32.store(get("tally"), get("used"), tallyBytesOf.used),
    ];
  },
};

export const binKernels = {
  countDoubles: count("double"),
  countIntegers: count("integer"),
  coarsen,
  sketchDoubles,
  sketchIntegers,
};
