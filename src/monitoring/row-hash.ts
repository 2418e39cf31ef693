// A hash of a row of numbers that SQL can compute too: four rows at a time, in WebAssembly.
import { assemble, f64x2, i32, i32x4, type KernelFunction, repeatWhile, v128 } from "../statistics/assembly.ts";
import { type KernelMemory, shareKernelMemory } from "../statistics/kernel-memory.ts";

/** Odd factors of the low and the high word of column `index`'s bits; the hash is the mixed sum of the products, modulo 2³². */
export function hashFactors(index: number): readonly [number, number] {
  const at = Math.imul(index + 1, 0x9e3779b1);
  return [(at ^ 0x5bd1e995) | 1, Math.imul(at, 0x85ebca6b) | 1];
}

/** The steps that mix a sum: shift right by, xor, multiply by. The engines in SQL do the same. */
export const mixing = [
  { shift: 16, factor: 0x85ebca6b },
  { shift: 13, factor: 0xc2b2ae35 },
  { shift: 16, factor: 1 },
] as const;

/** The high word of what stands for a missing value; its low word is 0. */
export const missingWord = 0x7ff80000;

/** Rows hashed by one call at most; a multiple of four. */
export const hashedRows = 4096;

/**
 * Where in the memory what lies: a column, the hashes, the column's factors twice, twice what stands for missing, the numbers of the
 * chosen rows, with room for one more, and where they end.
 */
function layOutFrom(start: number) {
  const hashes = start + 8 * hashedRows;
  const factors = hashes + 4 * hashedRows;
  const chosen = factors + 32;
  return {
    column: start,
    hashes,
    factors,
    missing: factors + 16,
    chosen,
    stopped: chosen + 4 * hashedRows + 4,
  } as const;
}

type Addresses = ReturnType<typeof layOutFrom>;
const bytes = layOutFrom(0).stopped + 4;

function addColumn(addresses: Addresses): KernelFunction {
  return {
    parameters: ["at", "end", "hashes"],
    vectors: ["first", "second", "factors", "missing"],
    body: ({ get, set }) => {
      /** Two numbers times the factors, word by word: 0 for either zero. */
      const multiply = (name: string, slot: number) => [
        ...set(name, v128.load(get("at"), slot)),
        ...set(name, v128.bitSelect(get("missing"), get(name), f64x2.notEqual(get(name), get(name)))),
        ...set(name, v128.andNot(get(name), f64x2.equal(get(name), v128.zero))),
        ...set(name, i32x4.multiply(get(name), get("factors"))),
      ];
      const products = i32x4.add(i32x4.even(get("first"), get("second")), i32x4.odd(get("first"), get("second")));
      return [
        set("factors", v128.load(i32.constant(addresses.factors))),
        set("missing", v128.load(i32.constant(addresses.missing))),
        repeatWhile(
          i32.lessUnsigned(get("at"), get("end")),
          multiply("first", 0),
          multiply("second", 1),
          v128.store(get("hashes"), i32x4.add(v128.load(get("hashes")), products)),
          set("at", i32.add(get("at"), i32.constant(32))),
          set("hashes", i32.add(get("hashes"), i32.constant(16))),
        ),
      ];
    },
  };
}

const finish: KernelFunction = {
  parameters: ["at", "end"],
  vectors: ["hash"],
  body: ({ get, set }) => [
    repeatWhile(
      i32.lessUnsigned(get("at"), get("end")),
      set("hash", v128.load(get("at"))),
      ...mixing.map(({ shift, factor }) => {
        const shifted = i32x4.shiftRight(get("hash"), i32.constant(shift));
        return set("hash", i32x4.multiply(v128.xor(get("hash"), shifted), i32x4.splat(i32.constant(factor | 0))));
      }),
      v128.store(get("at"), get("hash")),
      set("at", i32.add(get("at"), i32.constant(16))),
    ),
  ],
};

/** Every number is written, and the next one over it where the row is not chosen: no branch to guess. */
function chooseRows(addresses: Addresses): KernelFunction {
  return {
    parameters: ["at", "end", "mask"],
    integers: ["row", "chosen"],
    body: ({ get, set }) => {
      const isChosen = i32.isZero(i32.and(i32.load(get("at")), get("mask")));
      return [
        set("chosen", i32.constant(addresses.chosen)),
        repeatWhile(
          i32.lessUnsigned(get("at"), get("end")),
          i32.store(get("chosen"), get("row")),
          set("chosen", i32.add(get("chosen"), i32.shiftLeft(isChosen, i32.constant(2)))),
          set("row", i32.add(get("row"), i32.constant(1))),
          set("at", i32.add(get("at"), i32.constant(4))),
        ),
        i32.store(i32.constant(addresses.stopped), get("chosen")),
      ];
    },
  };
}

interface Shared {
  readonly memory: KernelMemory;
  readonly addresses: Addresses;
  readonly kernels: {
    readonly addColumn: (at: number, end: number, hashes: number) => void;
    readonly finish: (at: number, end: number) => void;
    readonly chooseRows: (at: number, end: number, mask: number) => void;
  };
}

let shared: Shared | null = null;

function share(): Shared {
  if (shared !== null) return shared;
  const memory = shareKernelMemory();
  const addresses = layOutFrom(memory.reserve(bytes));
  const kernels = memory.instantiate(
    assemble({ addColumn: addColumn(addresses), finish, chooseRows: chooseRows(addresses) }),
  );
  shared = { memory, addresses, kernels: kernels as Shared["kernels"] };
  return shared;
}

export interface HashedRows {
  /** Signed integers of 32 bits. */
  readonly hashes: Int32Array;
  /** Rows, from 0, whose hashes have a 0 for every bit of the mask. */
  readonly chosen: Int32Array;
}

/** Takes the memory that `hashRows` needs: from then on it takes no more, and what lies in the memory of the loops stays where it is. */
export function prepareHashing(): void {
  share();
}

/**
 * The rows from `start` to before `end`, at most `hashedRows` and at least one, of columns by their position. −0 is 0; every NaN is
 * the same. To be read before the next call. Columns that lie in the memory of the loops are hashed where they lie.
 */
export function hashRows(columns: readonly Float64Array[], start: number, end: number, mask = 0): HashedRows {
  const { memory, addresses, kernels } = share();
  const [words, numbers] = [memory.words(), memory.numbers()];
  words.set([0, missingWord, 0, missingWord], addresses.missing / 4);
  const length = end - start;
  const first = addresses.hashes / 4;
  words.fill(0, first, first + hashedRows);
  for (const [index, column] of columns.entries()) {
    const [low, high] = hashFactors(index);
    words.set([low, high, low, high], addresses.factors / 4);
    let at = column.byteOffset + 8 * start;
    if (column.buffer !== numbers.buffer) {
      at = addresses.column;
      numbers.set(column.subarray(start, end), at / 8);
    }
    kernels.addColumn(at, at + 8 * length, addresses.hashes);
  }
  kernels.finish(addresses.hashes, addresses.hashes + 4 * length);
  kernels.chooseRows(addresses.hashes, addresses.hashes + 4 * length, mask);
  const stopped = words[addresses.stopped / 4] as number;
  return {
    hashes: new Int32Array(words.buffer, addresses.hashes, length),
    chosen: new Int32Array(words.buffer, addresses.chosen, (stopped - addresses.chosen) / 4),
  };
}
