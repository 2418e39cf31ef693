// A hash of a row of numbers that SQL can compute too: four rows at a time, in WebAssembly.
import { f64x2, i32, i32x4, type KernelFunction, repeatWhile, v128 } from "../statistics/assembly.ts";
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

/** Where in the memory what lies: a column, the hashes, the column's factors twice, and twice what stands for missing. */
function layOutFrom(start: number) {
  const factors = start + 12 * hashedRows;
  return { column: start, hashes: start + 8 * hashedRows, factors, missing: factors + 16 } as const;
}

type Addresses = ReturnType<typeof layOutFrom>;
const bytes = layOutFrom(0).missing + 16;

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

interface Shared {
  readonly memory: KernelMemory;
  readonly addresses: Addresses;
  readonly kernels: {
    readonly addColumn: (at: number, end: number, hashes: number) => void;
    readonly finish: (at: number, end: number) => void;
  };
}

let shared: Shared | null = null;

function share(): Shared {
  if (shared !== null) return shared;
  const memory = shareKernelMemory();
  const addresses = layOutFrom(memory.reserve(bytes));
  const kernels = memory.instantiate({ addColumn: addColumn(addresses), finish });
  shared = { memory, addresses, kernels: kernels as Shared["kernels"] };
  return shared;
}

/**
 * The hashes, as signed integers of 32 bits, of the rows from `start` to before `end`, at most `hashedRows`, of columns by their position. −0 is 0; every NaN is
 * the same. To be read before the next call.
 */
export function hashRows(columns: readonly Float64Array[], start: number, end: number): Int32Array {
  const { memory, addresses, kernels } = share();
  const [words, numbers] = [memory.words(), memory.numbers()];
  words.set([0, missingWord, 0, missingWord], addresses.missing / 4);
  const length = end - start;
  const first = addresses.hashes / 4;
  words.fill(0, first, first + hashedRows);
  for (const [index, column] of columns.entries()) {
    const [low, high] = hashFactors(index);
    words.set([low, high, low, high], addresses.factors / 4);
    numbers.set(column.subarray(start, end), addresses.column / 8);
    kernels.addColumn(addresses.column, addresses.column + 8 * length, addresses.hashes);
  }
  kernels.finish(addresses.hashes, addresses.hashes + 4 * length);
  return new Int32Array(words.buffer, addresses.hashes, length);
}
