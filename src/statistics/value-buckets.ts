// Buckets of neighbouring numbers, fine where numbers are many: found from the first 32 bits of a number, without searching.

/** A monotone map from numbers to buckets: a smaller number is never in a higher bucket, equal ones (0 and −0 too) are in one. */
export interface ValueBuckets {
  readonly count: number;
  /** Taken from a number first: numbers far from 0 and near each other share all of their first bits. */
  readonly offset: number;
  /** A finite number in or at the edge of each bucket, the one nearest to the offset: sums of distances from it lose no digits. */
  readonly origins: Float64Array;
  /** For each cell of the first 16 bits: its first bucket × 32 + the bits of the next 16 that do not matter. */
  readonly cells: Uint32Array;
}

const cellBits = 16;
export const cellCount = 1 << cellBits;
const sampled = 8192;
/** Buckets that numbers without ties fill evenly: as many as the processor's cache holds counts and sums of. */
const evenBuckets = 16_384;
/** Every cell has a part for each bucket it is due and less than twice as many. */
export const mostBuckets = 2 * evenBuckets + cellCount;

/** Buckets for both samples together, from evenly spaced numbers of each. NaN must not occur, nor an empty sample. */
export function planBuckets(a: Float64Array, b: Float64Array): ValueBuckets {
  const sample = sampleSorted(a, b);
  const offset = chooseOffset(sample);
  const counts = countCells(sample, offset);
  const total = sample.length;
  const cells = new Uint32Array(cellCount);
  const origins = new Float64Array(mostBuckets);
  let [count, isEmptyRun] = [0, false];
  for (let cell = 0; cell < cellCount; cell++) {
    const inCell = counts[cell] as number;
    // Cells without a sampled number share a bucket with their neighbours of the same kind, on either side of 0.
    if (inCell === 0 && isEmptyRun && cell !== cellCount / 2) {
      cells[cell] = ((count - 1) << 5) | cellBits;
      if (cell < cellCount / 2) origins[count - 1] = originOf(cell, 0, cellBits) + offset;
      continue;
    }
    isEmptyRun = inCell === 0;
    const due = (inCell * evenBuckets) / total;
    const ignored = due > 1 ? cellBits - Math.min(cellBits, Math.ceil(Math.log2(due))) : cellBits;
    cells[cell] = (count << 5) | ignored;
    for (let part = 0; part < 1 << (cellBits - ignored); part++)
      origins[count++] = originOf(cell, part, ignored) + offset;
  }
  return { count, offset, origins: origins.slice(0, count), cells };
}

function sampleSorted(...samples: readonly Float64Array[]): Float64Array {
  const steps = samples.map((values) => Math.max(1, Math.floor(values.length / sampled)));
  const sizes = samples.map((values, k) => Math.ceil(values.length / (steps[k] as number)));
  const taken = new Float64Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const [k, values] of samples.entries()) {
    const step = steps[k] as number;
    for (let i = 0; i < values.length; i += step) taken[at++] = values[i] as number;
  }
  return taken.sort();
}

/** The middle, where most lie closer together than they are far from 0. */
function chooseOffset(sorted: Float64Array): number {
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  const [low, middle, high] = [at(0.05), at(0.5), at(0.95)];
  const offset = high - low < Math.abs(middle) ? middle : 0;
  return Number.isFinite(offset) ? offset : 0;
}

function countCells(values: Float64Array, offset: number): Uint32Array {
  const moved = values.map((value) => value - offset + 0);
  const words = new Int32Array(moved.buffer);
  const counts = new Uint32Array(cellCount);
  for (let i = 1; i < words.length; i += 2) {
    const cell = keyOf(words[i] as number) >>> cellBits;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}

/** The first 32 bits of a number as a key that ascends with it. −0 is below 0: whoever asks adds 0 to it. */
export function keyOf(high: number): number {
  return (high >= 0 ? high | 0x80000000 : ~high) >>> 0;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The end nearest to 0 of one part of a cell; the largest number where that is infinite or none. */
function originOf(cell: number, part: number, ignored: number): number {
  const lowest = ((cell << cellBits) | (part << ignored)) >>> 0;
  const isNegative = lowest < 0x80000000;
  const key = isNegative ? (lowest | ((1 << ignored) - 1)) >>> 0 : lowest;
  scratch.setUint32(0, isNegative ? ~key >>> 0 : key & 0x7fffffff);
  scratch.setUint32(4, 0);
  const value = scratch.getFloat64(0);
  return Number.isFinite(value) ? value : isNegative ? -Number.MAX_VALUE : Number.MAX_VALUE;
}
