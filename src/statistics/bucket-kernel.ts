// The loops that put numbers into buckets of neighbours, in WebAssembly: counts and sums of all, and the numbers of some.
import { assemble, type Code, f64, i32, i64, type KernelFunction, type Locals, repeatWhile } from "./assembly.ts";
import { type KernelMemory, shareKernelMemory } from "./kernel-memory.ts";
import { cellCount, mostBuckets, type ValueBuckets } from "./value-buckets.ts";

export interface FilledBuckets {
  readonly counts: Uint32Array;
  /** Of the distances from the bucket's origin. */
  readonly sums: Float64Array;
}

export interface GatheredNumbers {
  /** Numbers of the open buckets, bucket by bucket, each in the order they came. */
  readonly numbers: Float64Array;
  /** Where each open bucket ends in them. */
  readonly ends: Uint32Array;
}

/** Numbers looked at by one call. */
const staged = 16_384;
/** A bucket: its origin, the sum of distances from it, how many numbers, whether they are asked for. */
const bucketBytes = 24;
const bytesOf = { origin: 0, sum: 8, count: 16, isOpen: 20 } as const;
/** Where in the memory what lies: the numbers given, those found and their buckets; how many; then the buckets' map. */
function layOutFrom(start: number) {
  const [values, found, places, length] = [start, start + 8 * staged, start + 16 * staged, start + 20 * staged];
  const [offset, cells] = [length + 8, length + 16];
  return { values, found, places, length, offset, cells, buckets: cells + 4 * cellCount } as const;
}

type Addresses = ReturnType<typeof layOutFrom>;
const bytes = layOutFrom(0).buckets + bucketBytes * mostBuckets;

/** Reads the next `value` and finds its `bucket`. */
function findBucket({ get, set }: Locals, addresses: Addresses): Code {
  // 0 is added for −0, which is no other number than 0.
  const moved = f64.add(f64.sub(get("value"), f64.load(i32.constant(addresses.offset))), f64.constant(0));
  const signs = i32.shiftRight(get("key"), i32.constant(31));
  const cell = i32.shiftLeft(i32.shiftRightUnsigned(get("key"), i32.constant(16)), i32.constant(2));
  return [
    set("value", f64.load(get("at"))),
    set("at", i32.add(get("at"), i32.constant(8))),
    set("key", i32.wrap(i64.shiftRightUnsigned(f64.bits(moved), i64.constant(32n)))),
    // What `keyOf` does.
    set("key", i32.xor(get("key"), i32.or(signs, i32.constant(-(2 ** 31))))),
    set("cell", i32.load(cell, addresses.cells)),
    set(
      "place",
      i32.add(
        i32.shiftRightUnsigned(get("cell"), i32.constant(5)),
        // A shift is by the last five bits of its number.
        i32.shiftRightUnsigned(i32.and(get("key"), i32.constant(0xffff)), get("cell")),
      ),
    ),
    set("bucket", i32.multiply(get("place"), i32.constant(bucketBytes))),
  ].flat();
}

const inBucket = (addresses: Addresses, field: keyof typeof bytesOf): number => addresses.buckets + bytesOf[field];

/** A loop over numbers that does `look` with each in its bucket, then `atEnd`. */
function eachNumber(
  addresses: Addresses,
  look: (locals: Locals) => readonly Code[],
  atEnd: (locals: Locals) => Code = () => [],
): KernelFunction {
  return {
    parameters: ["at", "end"],
    integers: ["key", "cell", "place", "bucket", "found"],
    doubles: ["value"],
    body: (locals) => {
      const isLeft = i32.lessUnsigned(locals.get("at"), locals.get("end"));
      return [repeatWhile(isLeft, findBucket(locals, addresses), ...look(locals)), atEnd(locals)];
    },
  };
}

function fill(addresses: Addresses): KernelFunction {
  const [origin, sum, count] = (["origin", "sum", "count"] as const).map((field) => inBucket(addresses, field));
  return eachNumber(addresses, ({ get }) => [
    i32.store(get("bucket"), i32.add(i32.load(get("bucket"), count), i32.constant(1)), count),
    f64.store(
      get("bucket"),
      f64.add(f64.load(get("bucket"), sum), f64.sub(get("value"), f64.load(get("bucket"), origin))),
      sum,
    ),
  ]);
}

function gather(addresses: Addresses): KernelFunction {
  return eachNumber(
    addresses,
    ({ get, set }) => [
      // Written every time, and kept where the bucket is open: no branch to guess wrongly.
      f64.store(i32.shiftLeft(get("found"), i32.constant(3)), get("value"), addresses.found),
      i32.store(i32.shiftLeft(get("found"), i32.constant(2)), get("place"), addresses.places),
      set("found", i32.add(get("found"), i32.load(get("bucket"), inBucket(addresses, "isOpen")))),
    ],
    ({ get }) => i32.store(i32.constant(addresses.length), get("found")),
  );
}

interface Shared {
  readonly memory: KernelMemory;
  readonly addresses: Addresses;
  readonly kernels: Readonly<Record<"fill" | "gather", (at: number, end: number) => void>>;
}

let shared: Shared | null = null;

function share(): Shared {
  if (shared !== null) return shared;
  const memory = shareKernelMemory();
  const addresses = layOutFrom(memory.reserve(bytes));
  const kernels = memory.instantiate(assemble({ fill: fill(addresses), gather: gather(addresses) }));
  shared = { memory, addresses, kernels: kernels as Shared["kernels"] };
  return shared;
}

const bucketWidth = bucketBytes / 8;

/** The memory with the map from numbers to these buckets, and where in its numbers the first bucket lies. */
function layOut({ offset, cells }: ValueBuckets) {
  const all = share();
  const [words, numbers] = [all.memory.words(), all.memory.numbers()];
  numbers[all.addresses.offset / 8] = offset;
  words.set(cells, all.addresses.cells / 4);
  return { all, words, numbers, firstBucket: all.addresses.buckets / 8 };
}

function passBy(
  values: Float64Array,
  { memory, addresses }: Shared,
  look: (at: number, end: number) => void,
  then = () => {},
): void {
  const numbers = memory.numbers();
  for (let start = 0; start < values.length; start += staged) {
    const some = values.subarray(start, start + staged);
    numbers.set(some, addresses.values / 8);
    look(addresses.values, addresses.values + 8 * some.length);
    then();
  }
}

/** Puts each of the numbers, among which NaN must not be, into its bucket; sums are added up in their order. */
export function fillBuckets(values: Float64Array, buckets: ValueBuckets): FilledBuckets {
  const { count, origins } = buckets;
  const { all, words, numbers, firstBucket } = layOut(buckets);
  numbers.fill(0, firstBucket, firstBucket + count * bucketWidth);
  for (let k = 0; k < count; k++) numbers[firstBucket + k * bucketWidth] = origins[k] as number;
  passBy(values, all, all.kernels.fill);
  const counts = new Uint32Array(count);
  const sums = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const at = firstBucket + k * bucketWidth;
    sums[k] = numbers[at + bytesOf.sum / 8] as number;
    counts[k] = words[2 * at + bytesOf.count / 4] as number;
  }
  return { counts, sums };
}

/** The numbers in the buckets where `isOpen` is 1; `counts` are those of the same numbers. */
export function gatherOpen(
  values: Float64Array,
  buckets: ValueBuckets,
  counts: Uint32Array,
  isOpen: Uint8Array,
): GatheredNumbers {
  const { all, words, numbers, firstBucket } = layOut(buckets);
  const { addresses } = all;
  const ends = new Uint32Array(counts.length);
  let total = 0;
  for (let k = 0; k < counts.length; k++) {
    words[2 * (firstBucket + k * bucketWidth) + bytesOf.isOpen / 4] = isOpen[k] as number;
    ends[k] = total;
    if (isOpen[k]) total += counts[k] as number;
  }
  const gathered = new Float64Array(total);
  passBy(values, all, all.kernels.gather, () => {
    const length = words[addresses.length / 4] as number;
    for (let i = 0; i < length; i++) {
      const place = words[addresses.places / 4 + i] as number;
      const at = ends[place] as number;
      gathered[at] = numbers[addresses.found / 8 + i] as number;
      ends[place] = at + 1;
    }
  });
  return { numbers: gathered, ends };
}
