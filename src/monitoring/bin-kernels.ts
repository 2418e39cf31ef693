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
import type { KernelMemory } from "../statistics/kernel-memory.ts";
import { nextValue } from "./next-value.ts";
import { mostBins, type Scale } from "./ordered-histogram.ts";
import { sketchDoubles, sketchIntegers } from "./sketch-kernels.ts";

/**
 * A table is open addressing by key. Bytes of a slot: the key (a value without its last `shift` bits), how many values, the
 * sums of their lower and of their upper 32 bits. A count of 0 marks a free slot.
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
  /** Takes what keys hold out of the sums, which are then of the dropped bits alone: the last thing done to a table. */
  readonly subtractKeys: (table: number) => void;
  /** Takes the same values into registers of a byte each; `limit` is what `limitOf` says of a register's least value now or before. */
  readonly sketchDoubles: (at: number, end: number, registers: number, limit: number) => void;
  readonly sketchIntegers: (at: number, end: number, registers: number, limit: number) => void;
}

const hashFactors = [0x85ebca6b | 0, 0x9e3779b1 | 0] as const;
const wordMask = 0xffffffffn;

const slotAddress = ({ get }: Locals): Code => i32.add(get("table"), get("place"));
const increase = ({ get, set }: Locals, name: string): Code => set(name, i64.add(get(name), i64.constant(1n)));
const upperWord = (value: Code): Code => i64.shiftRightUnsigned(value, i64.constant(32n));

/** From the level: `mask`, the bits that keys keep. */
function maskLevel({ get, set }: Locals, level: string): Code {
  return set("mask", i64.shiftLeft(i64.constant(-1n), i64.extend(get(level))));
}

/**
 * `place`: the slot of `key`, or the free one where it belongs, in bytes. Bins of few bits lie beside their neighbours, the two
 * signs half a table apart: most values meet warm memory.
 */
function findPlace(locals: Locals, level: string): Code {
  const { get, set } = locals;
  const low = i32.wrap(get("key"));
  const mixed = i32.multiply(
    i32.xor(i32.wrap(upperWord(get("key"))), i32.multiply(low, i32.constant(hashFactors[0]))),
    i32.constant(hashFactors[1]),
  );
  const last = i32.constant(tableBytes - slotBytes);
  const hashed = i32.shiftLeft(
    i32.shiftRightUnsigned(mixed, i32.constant(32 - slotBits)),
    i32.constant(Math.log2(slotBytes)),
  );
  // All bits below the level are 0, and so are those of the bytes in a slot.
  const byBytes = i64.extend(i32.sub(get(level), i32.constant(Math.log2(slotBytes))));
  const half = i32.and(i32.wrap(i64.shiftRight(get("key"), i64.constant(63n))), i32.constant(tableBytes / 2));
  const direct = i32.and(i32.add(i32.wrap(i64.shiftRightUnsigned(get("key"), byBytes)), half), last);
  const slot = slotAddress(locals);
  const isTaken = i32.and(
    i64.notEqual(i64.load(slot, slotBytesOf.key), get("key")),
    i64.notEqual(i64.load(slot, slotBytesOf.count), i64.constant(0n)),
  );
  const step = set("place", i32.and(i32.add(get("place"), i32.constant(slotBytes)), last));
  return [
    ...choose(i32.lessUnsigned(get(level), i32.constant(32)), set("place", hashed), set("place", direct)),
    ...when(isTaken, repeatWhile(isTaken, step)),
  ];
}

/** Adds `count` values and the sums of their words to the slot of `key`; does `onNew` where it was free. */
function addToSlot(locals: Locals, level: string, count: Code, low: Code, high: Code, onNew: Code): Code {
  const { get, set } = locals;
  const slot = slotAddress(locals);
  const add = (part: "low" | "high", amount: Code): Code =>
    i64.store(slot, i64.add(i64.load(slot, slotBytesOf[part]), amount), slotBytesOf[part]);
  return [
    ...findPlace(locals, level),
    ...set("before", i64.load(slot, slotBytesOf.count)),
    ...when(
      i64.isZero(get("before")),
      i64.store(slot, get("key"), slotBytesOf.key),
      set("used", i32.add(get("used"), i32.constant(1))),
      onNew,
    ),
    ...i64.store(slot, i64.add(get("before"), count), slotBytesOf.count),
    ...add("low", low),
    ...add("high", high),
  ];
}

function count(scale: Scale): KernelFunction {
  return {
    parameters: ["at", "end", "table", "shift"],
    integers: ["tally", "used", "place"],
    longs: ["bits", "key", "mask", "before", "infinite"],
    body: (locals) => {
      const { get, set } = locals;
      const wasInfinite = i64.load(get("tally"), tallyBytesOf.infinite);
      return [
        maskLevel(locals, "shift"),
        set("tally", i32.add(get("table"), i32.constant(tableBytes))),
        set("used", i32.load(get("tally"), tallyBytesOf.used)),
        repeatWhile(
          i32.lessUnsigned(get("at"), get("end")),
          nextValue(
            locals,
            scale,
            increase(locals, "infinite"),
            set("key", i64.and(get("bits"), get("mask"))),
            addToSlot(
              locals,
              "shift",
              i64.constant(1n),
              i64.and(get("bits"), i64.constant(wordMask)),
              upperWord(get("bits")),
              when(i32.greaterUnsigned(get("used"), i32.constant(mostHeld)), set("end", get("at"))),
            ),
          ),
        ),
        i32.store(get("tally"), get("at"), tallyBytesOf.stopped),
        i32.store(get("tally"), get("used"), tallyBytesOf.used),
        i64.store(get("tally"), i64.add(wasInfinite, get("infinite")), tallyBytesOf.infinite),
      ];
    },
  };
}

/** Does `body` for each slot in use of the table at `from`, a local that goes from slot to slot; `count` holds its count. */
function eachSlot({ get, set }: Locals, ...body: readonly Code[]): Code {
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
  integers: ["end", "tally", "used", "place"],
  longs: ["count", "key", "mask", "before"],
  body: (locals) => {
    const { get, set } = locals;
    const read = (part: keyof typeof slotBytesOf): Code => i64.load(get("from"), slotBytesOf[part]);
    return [
      maskLevel(locals, "level"),
      set("tally", i32.add(get("table"), i32.constant(tableBytes))),
      set("used", i32.load(get("tally"), tallyBytesOf.used)),
      eachSlot(
        locals,
        set("key", i64.and(read("key"), get("mask"))),
        addToSlot(locals, "level", get("count"), read("low"), read("high"), []),
      ),
      i32.store(get("tally"), get("used"), tallyBytesOf.used),
    ];
  },
};

/** A count and a word have 32 bits each, and so their product fits. */
const subtractKeys: KernelFunction = {
  parameters: ["from"],
  integers: ["end"],
  longs: ["count"],
  body: (locals) => {
    const { get } = locals;
    const key = i64.load(get("from"), slotBytesOf.key);
    const subtract = (part: "low" | "high", word: Code): Code => {
      const sum = i64.load(get("from"), slotBytesOf[part]);
      return i64.store(get("from"), i64.sub(sum, i64.multiply(get("count"), word)), slotBytesOf[part]);
    };
    return [eachSlot(locals, subtract("low", i64.and(key, i64.constant(wordMask))), subtract("high", upperWord(key)))];
  },
};

/** The slot where the search for a key of two words begins that is hashed, as the kernels have it. */
export function hashKey(high: number, low: number): number {
  return Math.imul(high ^ Math.imul(low, hashFactors[0]), hashFactors[1]) >>> (32 - slotBits);
}

/** The same for a key of a level of 32 or more. */
export function placeKey(high: number, shift: number): number {
  return ((high >>> (shift - 32)) + ((high >>> 31) << (slotBits - 1))) & ((1 << slotBits) - 1);
}

/** The kernels on a memory. */
export function instantiateBinKernels(memory: KernelMemory): BinKernels {
  return memory.instantiate({
    countDoubles: count("double"),
    countIntegers: count("integer"),
    coarsen,
    subtractKeys,
    sketchDoubles,
    sketchIntegers,
  }) as unknown as BinKernels;
}
