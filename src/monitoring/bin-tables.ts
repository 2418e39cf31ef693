// Tables of bins in one memory that the counting loops share: taken by a counter, and given back empty for the next.
import { shareKernelMemory } from "../statistics/kernel-memory.ts";
import { type BinKernels, tableBytes, tallyBytesOf } from "./bin-kernels.ts";
import { binModule } from "./bin-module.ts";
import { distinctRegisters } from "./distinct-sketch.ts";
import type { OrderedHistogram } from "./ordered-histogram.ts";
import { listBytes, listOffsets, type TableKernels, totalBytesOf } from "./table-kernels.ts";

/** Behind a table its tally, then its registers. */
const registersOffset = tableBytes + 64;

/** A word for each bit of a key. */
const bitsBytes = 4 * 64;
const totalsBytes = 16;

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
  /** Slots in use. */
  readonly usedOf: (table: number) => number;
  readonly viewRegisters: (table: number) => Uint8Array;
  /** Address of the registers, for the kernels. */
  readonly registersOf: (table: number) => number;
  /** Counts and registers go on in another table. */
  readonly moveTally: (from: number, to: number) => void;
  /** Puts the keys in use where the kernels find them: in the order of their values, as the ordered integers that they are. */
  readonly listKeys: (table: number, scale: CountedScale) => KeyList;
  /** Of a list of at least one key, how many neighbours in it differ in each bit and in none above it. */
  readonly countApart: (keys: KeyList) => Uint32Array;
  readonly readBins: (table: number, shift: number, scale: CountedScale) => ReadBins;
}

export type CountedScale = "double" | "integer";

/** Addresses of keys, until the next ones are listed. */
export interface KeyList {
  readonly at: number;
  readonly end: number;
}

/** Bins in the order of their values, and how many values they count. */
export interface ReadBins extends Pick<OrderedHistogram, "keys" | "counts" | "lows"> {
  readonly present: number;
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
  const lists = memory.reserve(4 * listBytes + bitsBytes + totalsBytes);
  const bits = lists + 4 * listBytes;
  const totals = bits + bitsBytes;
  const kernels = memory.instantiate(binModule) as unknown as BinKernels & TableKernels;
  const empty: number[] = [];
  const tallyAt = (table: number, what: keyof typeof tallyBytesOf): number =>
    memory.words()[(table + tableBytes + tallyBytesOf[what]) / 4] as number;
  const listKeys: BinMemory["listKeys"] = (table, scale) => {
    kernels.listKeys(table, lists, scale === "double" ? 1 : 0);
    const used = tallyAt(table, "used");
    // In place.
    new BigInt64Array(memory.bytes().buffer, lists, used).sort();
    return { at: lists, end: lists + 8 * used };
  };
  return {
    kernels,
    staged,
    stage: (values, from, to) => {
      memory.bytes().set(new Uint8Array(values.buffer, values.byteOffset + 8 * from, 8 * (to - from)), staged);
    },
    take: () => empty.pop() ?? memory.reserve(registersOffset + distinctRegisters),
    giveBack: (table) => {
      kernels.emptySlots(table);
      memory.bytes().fill(0, table + tableBytes, table + registersOffset + distinctRegisters);
      empty.push(table);
    },
    readTally: (table) => ({
      stopped: tallyAt(table, "stopped"),
      used: tallyAt(table, "used"),
      infinite: tallyAt(table, "infinite"),
    }),
    usedOf: (table) => tallyAt(table, "used"),
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
    listKeys,
    countApart: ({ at, end }) => {
      const apart = memory
        .words()
        .subarray(bits / 4, (bits + bitsBytes) / 4)
        .fill(0);
      if (end - at > 8) kernels.countApart(at, end, bits);
      return apart;
    },
    readBins: (table, shift, scale) => {
      const { at, end } = listKeys(table, scale);
      if (end > at) kernels.readBins(at, end, table, shift, scale === "double" ? 1 : 0, totals);
      else memory.words().fill(0, totals / 4, (totals + totalsBytes) / 4);
      const { buffer } = memory.bytes();
      const copy = (list: keyof typeof listOffsets) => buffer.slice(at + listOffsets[list], end + listOffsets[list]);
      const isWide = new BigInt64Array(buffer, totals + totalBytesOf.wide, 1)[0] !== 0n;
      const lows = new BigInt64Array(copy("low"));
      return {
        keys: new BigInt64Array(copy("keys")),
        counts: new Float64Array(copy("counts")),
        lows: isWide ? joinWide(new BigUint64Array(lows.buffer), new BigUint64Array(copy("high"))) : lows,
        // Up to 32 bits.
        present: memory.words()[(totals + totalBytesOf.present) / 4] as number,
      };
    },
  };
}

/** Sums of two words of 64 bits each. */
function joinWide(low: BigUint64Array, high: BigUint64Array): readonly bigint[] {
  return Array.from(low, (word, i) => ((high[i] as bigint) << 64n) + word);
}
