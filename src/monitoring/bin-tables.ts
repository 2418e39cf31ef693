// Tables of bins in one memory that the counting loops share: taken by a counter, and given back empty for the next.
import { shareKernelMemory } from "../statistics/kernel-memory.ts";
import {
  type BinKernels,
  hashKey,
  placeKey,
  slotBits,
  slotBytes,
  slotBytesOf,
  tableBytes,
  tallyBytesOf,
} from "./bin-kernels.ts";
import { binModule } from "./bin-module.ts";
import { distinctRegisters } from "./distinct-sketch.ts";
import type { WideIntegers } from "./ordered-histogram.ts";

/** Behind a table its tally, then its registers. */
const registersOffset = tableBytes + 64;

/** Values counted by one call at most. */
export const stagedValues = 16_384;

export interface BinMemory {
  readonly kernels: BinKernels;
  /** Where staged values begin. */
  readonly staged: number;
  /** Copies up to `stagedValues` values to where the kernels find them. */
  readonly stage: (values: Float64Array | BigInt64Array, from: number, to: number) => void;
  /** The address of an empty table. */
  readonly take: () => number;
  readonly giveBack: (table: number) => void;
  /** To be read before the next table is taken, as all views: memory that grows is elsewhere afterwards. */
  readonly readTally: (table: number) => {
    readonly stopped: number;
    readonly used: number;
    readonly infinite: number;
  };
  readonly viewRegisters: (table: number) => Uint8Array;
  /** Address of the registers, for the kernels. */
  readonly registersOf: (table: number) => number;
  /** Counts and registers go on in another table. */
  readonly moveTally: (from: number, to: number) => void;
  /** The keys in use, low word first, in no order. */
  readonly listKeys: (table: number) => Uint32Array;
  /** What is counted under keys that are in use, in the order of `words`, as `listKeys` gives them. */
  readonly readSlots: (
    table: number,
    words: Uint32Array,
    shift: number,
  ) => { readonly counts: Float64Array; readonly lows: WideIntegers };
}

let shared: BinMemory | null = null;

/** Whoever calls a kernel reads its result at once. Throws ProviderError where there is no memory. */
export function shareBinMemory(): BinMemory {
  shared ??= createBinMemory();
  return shared;
}

function createBinMemory(): BinMemory {
  const memory = shareKernelMemory();
  const staged = memory.reserve(8 * stagedValues);
  const empty: number[] = [];
  const tallyAt = (table: number, what: keyof typeof tallyBytesOf): number =>
    memory.words()[(table + tableBytes + tallyBytesOf[what]) / 4] as number;
  return {
    kernels: memory.instantiate(binModule) as unknown as BinKernels,
    staged,
    stage: (values, from, to) => {
      memory.bytes().set(new Uint8Array(values.buffer, values.byteOffset + 8 * from, 8 * (to - from)), staged);
    },
    take: () => empty.pop() ?? memory.reserve(registersOffset + distinctRegisters),
    giveBack: (table) => {
      clearSlots(memory.words(), table);
      memory.bytes().fill(0, table + tableBytes, table + registersOffset + distinctRegisters);
      empty.push(table);
    },
    readTally: (table) => ({
      stopped: tallyAt(table, "stopped"),
      used: tallyAt(table, "used"),
      infinite: tallyAt(table, "infinite"),
    }),
    registersOf: (table) => table + registersOffset,
    viewRegisters: (table) => {
      const start = table + registersOffset;
      return memory.bytes().subarray(start, start + distinctRegisters);
    },
    moveTally: (from, to) => {
      const start = from + tableBytes;
      const used = tallyAt(to, "used");
      memory.bytes().copyWithin(to + tableBytes, start, from + registersOffset + distinctRegisters);
      memory.words()[(to + tableBytes + tallyBytesOf.used) / 4] = used;
    },
    listKeys: (table) => listKeys(memory.words(), table, tallyAt(table, "used")),
    readSlots: (table, keys, shift) => readSlots(memory.words(), table, keys, shift),
  };
}

/** Only what is used is written to: the rest of a table that held few bins never becomes memory. */
function clearSlots(words: Uint32Array, table: number): void {
  const width = slotBytes / 4;
  for (let slot = table / 4; slot < (table + tableBytes) / 4; slot += width)
    if (words[slot + slotBytesOf.count / 4] !== 0) words.fill(0, slot, slot + width);
}

function listKeys(words: Uint32Array, table: number, used: number): Uint32Array {
  const keys = new Uint32Array(2 * used);
  let filled = 0;
  for (let slot = table / 4; slot < (table + tableBytes) / 4; slot += slotBytes / 4) {
    if (words[slot + slotBytesOf.count / 4] === 0) continue;
    keys[filled++] = words[slot] as number;
    keys[filled++] = words[slot + 1] as number;
  }
  return keys;
}

function readSlots(
  words: Uint32Array,
  table: number,
  keys: Uint32Array,
  shift: number,
): ReturnType<BinMemory["readSlots"]> {
  const length = keys.length / 2;
  const counts = new Float64Array(length);
  const sums = new Uint32Array(3 * length);
  for (let i = 0; i < length; i++) {
    const slot = findSlot(words, table, keys[2 * i + 1] as number, keys[2 * i] as number, shift);
    counts[i] = words[slot + slotBytesOf.count / 4] as number;
    // As many values as 32 bits count, of less than 64 bits each, make no fourth word.
    for (const word of [0, 1]) sums[3 * i + word] = words[slot + slotBytesOf.low / 4 + word] as number;
    sums[3 * i + 2] = words[slot + slotBytesOf.high / 4] as number;
  }
  return { counts, lows: joinSums(sums) };
}

/** Where the words of a key in use begin. */
function findSlot(words: Uint32Array, table: number, high: number, low: number, shift: number): number {
  const last = (1 << slotBits) - 1;
  let slot = shift < 32 ? hashKey(high, low) : placeKey(high, shift);
  for (;;) {
    const at = (table + slot * slotBytes) / 4;
    if (words[at] === low && words[at + 1] === high && words[at + slotBytesOf.count / 4] !== 0) return at;
    slot = (slot + 1) & last;
  }
}

/** Sums of three words of 32 bits each. */
function joinSums(sums: Uint32Array): WideIntegers {
  const length = sums.length / 3;
  const words = new Uint32Array(2 * length);
  for (let i = 0; i < length; i++) {
    if ((sums[3 * i + 2] as number) > 0 || (sums[3 * i + 1] as number) >= 2 ** 31) return joinWide(sums);
    words[2 * i] = sums[3 * i] as number;
    words[2 * i + 1] = sums[3 * i + 1] as number;
  }
  return new BigInt64Array(words.buffer);
}

function joinWide(sums: Uint32Array): readonly bigint[] {
  return Array.from({ length: sums.length / 3 }, (_, i) => {
    const [low, middle, top] = [0, 1, 2].map((word) => BigInt(sums[3 * i + word] as number));
    return ((top ?? 0n) << 64n) + ((middle ?? 0n) << 32n) + (low ?? 0n);
  });
}
