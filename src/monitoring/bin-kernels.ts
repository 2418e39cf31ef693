// The loops that count numbers into nested bins and sketch how many different ones there are, in WebAssembly.
import {
  assemble,
  type Code,
  choose,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  repeatWhile,
  when,
} from "../statistics/assembly.ts";
import { mixingSteps, rankBits } from "./number-sketch.ts";
import { mostBins, type Scale } from "./ordered-histogram.ts";

/**
 * A table is open addressing by key. Bytes of a slot: the key (a value without its last `shift` bits), how many values, the
 * sums of their dropped bits' lower 32 and upper 32. A count of 0 marks a free slot.
 */
export const slotBits = 14;
export const slotBytes = 32;
export const slotBytesOf = { key: 0, count: 8, low: 16, high: 24 } as const;
export const tableBytes = slotBytes << slotBits;
/** Half of the slots keep probes short; twice the bins that stay make dropping bits rare. */
export const mostHeld = 2 * mostBins;
/** What `count` tells, behind the table: where it stopped, slots in use, values counted, infinite ones among them. */
export const tallyBytesOf = { stopped: 0, used: 4, present: 8, infinite: 16 } as const;

/** Addresses are in bytes, values have eight, and are at least one; `shift` is 0 to 63. */
export interface BinKernels {
  /** Counts the values from `at`; stops at `end`, or after the one that filled a slot too many. Leaves out missing ones. */
  readonly countDoubles: (at: number, end: number, table: number, shift: number) => void;
  readonly countIntegers: (at: number, end: number, table: number, shift: number) => void;
  /** Adds a table at `level`, or finer, to another table at it. */
  readonly coarsen: (from: number, table: number, level: number) => void;
  /** Takes the same values into registers of a byte each. */
  readonly sketchDoubles: (at: number, end: number, registers: number) => void;
  readonly sketchIntegers: (at: number, end: number, registers: number) => void;
}

const hashFactors = [0x85ebca6b | 0, 0x9e3779b1 | 0] as const;
const infinity = 0x7ff0000000000000n;
const largest = 0x7fffffffffffffffn;
const wordMask = 0xffffffffn;

const slotAddress = ({ get }: Locals): Code => i32.add(get("table"), get("place"));
const sumOf = (locals: Locals, part: "low" | "high"): Code => i64.load(slotAddress(locals), slotBytesOf[part]);

/** From the level: `mask`, the bits that keys keep, and whether keys are hashed. */
function prepareLevel({ get, set }: Locals, level: string): Code {
  return [
    ...set("mask", i64.shiftLeft(i64.constant(-1n), i64.extend(get(level)))),
    ...set("isHashed", i32.lessUnsigned(get(level), i32.constant(32))),
  ];
}

/**
 * `place`: the slot of `key`, or the free one where it belongs, in bytes. Bins of few bits lie beside their neighbours, the two
 * signs half a table apart: most values meet warm memory.
 */
function findPlace({ get, set }: Locals, level: string): Code {
  const low = i32.wrap(get("key"));
  const high = i32.wrap(i64.shiftRightUnsigned(get("key"), i64.constant(32n)));
  const mixed = i32.multiply(
    i32.xor(high, i32.multiply(low, i32.constant(hashFactors[0]))),
    i32.constant(hashFactors[1]),
  );
  const hashed = i32.shiftRightUnsigned(mixed, i32.constant(32 - slotBits));
  const direct = i32.add(
    i32.wrap(i64.shiftRightUnsigned(get("key"), i64.extend(get(level)))),
    i32.shiftLeft(i32.wrap(i64.shiftRightUnsigned(get("key"), i64.constant(63n))), i32.constant(slotBits - 1)),
  );
  const last = i32.constant(tableBytes - slotBytes);
  const toBytes = (slot: Code): Code => i32.and(i32.shiftLeft(slot, i32.constant(Math.log2(slotBytes))), last);
  const slot = i32.add(get("table"), get("place"));
  const isTaken = i32.and(
    i64.notEqual(i64.load(slot, slotBytesOf.key), get("key")),
    i64.notEqual(i64.load(slot, slotBytesOf.count), i64.constant(0n)),
  );
  const step = set("place", i32.and(i32.add(get("place"), i32.constant(slotBytes)), last));
  return [
    ...choose(get("isHashed"), set("place", toBytes(hashed)), set("place", toBytes(direct))),
    ...when(isTaken, repeatWhile(isTaken, step)),
  ];
}

/** Adds `count` values and the sums `low` and `high` to the slot of `key`. */
function addToSlot(locals: Locals, level: string, count: Code, low: Code, high: Code): Code {
  const { get, set } = locals;
  const slot = slotAddress(locals);
  return [
    ...findPlace(locals, level),
    ...set("before", i64.load(slot, slotBytesOf.count)),
    ...when(
      i64.isZero(get("before")),
      i64.store(slot, get("key"), slotBytesOf.key),
      set("used", i32.add(get("used"), i32.constant(1))),
    ),
    ...i64.store(slot, i64.add(get("before"), count), slotBytesOf.count),
    ...i64.store(slot, i64.add(sumOf(locals, "low"), low), slotBytesOf.low),
    ...i64.store(slot, i64.add(sumOf(locals, "high"), high), slotBytesOf.high),
  ];
}

/** Reads the next value into `bits`, and does the rest where it is not missing; −0 becomes 0. */
function nextValue({ get, set }: Locals, scale: Scale, infinite: Code, ...rest: readonly Code[]): Code {
  const read = [...set("bits", i64.load(get("at"))), ...set("at", i32.add(get("at"), i32.constant(8)))];
  if (scale === "integer") return [...read, ...when(i64.notEqual(get("bits"), i64.constant(-largest - 1n)), ...rest)];
  const magnitude = i64.and(get("bits"), i64.constant(largest));
  return [
    ...read,
    ...when(
      i64.lessUnsigned(magnitude, i64.constant(infinity + 1n)),
      when(i64.isZero(magnitude), set("bits", i64.constant(0n))),
      when(i64.equal(magnitude, i64.constant(infinity)), infinite),
      ...rest,
    ),
  ];
}

function count(scale: Scale): KernelFunction {
  return {
    parameters: ["at", "end", "table", "shift"],
    integers: ["tally", "used", "place", "isHashed"],
    longs: ["bits", "key", "mask", "dropped", "before", "present", "infinite"],
    body: (locals) => {
      const { get, set } = locals;
      const increase = (name: string): Code => set(name, i64.add(get(name), i64.constant(1n)));
      const addToTally = (name: "present" | "infinite"): Code =>
        i64.store(get("tally"), i64.add(i64.load(get("tally"), tallyBytesOf[name]), get(name)), tallyBytesOf[name]);
      return [
        prepareLevel(locals, "shift"),
        set("tally", i32.add(get("table"), i32.constant(tableBytes))),
        set("used", i32.load(get("tally"), tallyBytesOf.used)),
        repeatWhile(
          i32.and(i32.lessUnsigned(get("at"), get("end")), i32.lessUnsigned(get("used"), i32.constant(mostHeld + 1))),
          nextValue(
            locals,
            scale,
            increase("infinite"),
            increase("present"),
            set("key", i64.and(get("bits"), get("mask"))),
            set("dropped", i64.xor(get("bits"), get("key"))),
            addToSlot(
              locals,
              "shift",
              i64.constant(1n),
              i64.and(get("dropped"), i64.constant(wordMask)),
              i64.shiftRightUnsigned(get("dropped"), i64.constant(32n)),
            ),
          ),
        ),
        i32.store(get("tally"), get("at"), tallyBytesOf.stopped),
        i32.store(get("tally"), get("used"), tallyBytesOf.used),
        addToTally("present"),
        addToTally("infinite"),
      ];
    },
  };
}

const coarsen: KernelFunction = {
  parameters: ["from", "table", "level"],
  integers: ["end", "tally", "used", "place", "isHashed"],
  longs: ["count", "key", "mask", "dropped", "before"],
  body: (locals) => {
    const { get, set } = locals;
    // A count and a word have 32 bits each, and so their product fits.
    const sum = (part: "low" | "high", word: Code): Code =>
      i64.add(i64.load(get("from"), slotBytesOf[part]), i64.multiply(get("count"), word));
    return [
      prepareLevel(locals, "level"),
      set("end", i32.add(get("from"), i32.constant(tableBytes))),
      set("tally", i32.add(get("table"), i32.constant(tableBytes))),
      set("used", i32.load(get("tally"), tallyBytesOf.used)),
      repeatWhile(
        i32.lessUnsigned(get("from"), get("end")),
        set("count", i64.load(get("from"), slotBytesOf.count)),
        when(
          i64.notEqual(get("count"), i64.constant(0n)),
          set("dropped", i64.load(get("from"), slotBytesOf.key)),
          set("key", i64.and(get("dropped"), get("mask"))),
          set("dropped", i64.xor(get("dropped"), get("key"))),
          addToSlot(
            locals,
            "level",
            get("count"),
            sum("low", i64.and(get("dropped"), i64.constant(wordMask))),
            sum("high", i64.shiftRightUnsigned(get("dropped"), i64.constant(32n))),
          ),
        ),
        set("from", i32.add(get("from"), i32.constant(slotBytes))),
      ),
      i32.store(get("tally"), get("used"), tallyBytesOf.used),
    ];
  },
};

/** `sketchWords` of number-sketch.ts. */
function sketch(scale: Scale): KernelFunction {
  return {
    parameters: ["at", "end", "registers"],
    integers: ["hash", "rank"],
    longs: ["bits"],
    body: (locals) => {
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
      const ranked = i32.or(
        i32.shiftLeft(get("hash"), i32.constant(32 - rankBits)),
        i32.constant(1 << (31 - rankBits)),
      );
      return [
        repeatWhile(
          i32.lessUnsigned(get("at"), get("end")),
          nextValue(
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
          ),
        ),
      ];
    },
  };
}

/** The slot where the search for a key of two words begins that is hashed, as the kernels have it. */
export function hashKey(high: number, low: number): number {
  return Math.imul(high ^ Math.imul(low, hashFactors[0]), hashFactors[1]) >>> (32 - slotBits);
}

/** The same for a key of a level of 32 or more. */
export function placeKey(high: number, shift: number): number {
  return ((high >>> (shift - 32)) + ((high >>> 31) << (slotBits - 1))) & ((1 << slotBits) - 1);
}

/** The kernels on a memory. */
export function instantiateBinKernels(memory: WebAssembly.Memory): BinKernels {
  const module = new WebAssembly.Module(
    assemble({
      countDoubles: count("double"),
      countIntegers: count("integer"),
      coarsen,
      sketchDoubles: sketch("double"),
      sketchIntegers: sketch("integer"),
    }),
  );
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as BinKernels;
}
