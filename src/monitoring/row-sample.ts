// A sample of rows by the hash of their numbers: the same rows whatever their order or the files they lie in.
//
// Rows that are equal are one row with a count. When there are more than `mostRows` different ones, those stay whose hash
// ends in one more pair of zero bits: the level reached is a property of the rows alone, as with the bins of a histogram.

/** Different rows kept at most: a correlation of 0 is seen as within ±0.05 from a quarter as many. */
export const mostRows = 4096;
/** Columns looked at: the first ones; their pairs grow with the square. */
export const mostRelated = 24;

export interface SampledRow {
  /** 32 bits. */
  readonly hash: number;
  /** NaN where missing. */
  readonly values: readonly number[];
  count: number;
}

export interface RowSample {
  /** Pairs of trailing zero bits that the hashes of its rows have at least. */
  readonly level: number;
  readonly rows: readonly SampledRow[];
}

export interface RowSampler {
  /** Adds `length` rows, each array one column; with `times` every row as often as that says. */
  readonly add: (columns: readonly Float64Array[], length: number, times?: readonly number[]) => void;
  readonly finish: () => RowSample;
}

/** Collects rows of `width` numbers. −0 is 0; every NaN is the same. */
export function createRowSampler(width: number): RowSampler {
  const kept = new Map<number, SampledRow[]>();
  let level = 0;
  let hashes = new Int32Array(0);
  const keep = (hash: number, values: readonly number[], count: number): void => {
    const same = kept.get(hash);
    const known = same?.find((row) => row.values.every((value, i) => Object.is(value, values[i])));
    if (known) known.count += count;
    else if (same) same.push({ hash, values, count });
    else kept.set(hash, [{ hash, values, count }]);
    while (kept.size > mostRows) {
      level++;
      for (const each of kept.keys()) if (levelOf(each) < level) kept.delete(each);
    }
  };
  return {
    add: (columns, length, times) => {
      if (hashes.length < length) hashes = new Int32Array(length);
      hashes.fill(0, 0, length);
      for (let c = 0; c < width; c++) addHashes(hashes, columns[c] as Float64Array, length, c);
      for (let row = 0; row < length; row++) {
        const hash = finishHash(hashes[row] as number);
        if (levelOf(hash) < level) continue;
        const values = columns.map((column) => (column[row] as number) + 0);
        keep(hash, values, times?.[row] ?? 1);
      }
    },
    finish: () => ({ level, rows: [...kept.values()].flat() }),
  };
}

/** Pairs of trailing zero bits of a hash, 0 to 16. */
export function levelOf(hash: number): number {
  return hash === 0 ? 16 : (31 - Math.clz32(hash & -hash)) >> 1;
}

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

function addHashes(hashes: Int32Array, column: Float64Array, length: number, index: number): void {
  const [low, high] = hashFactors(index);
  const words = new Uint32Array(column.buffer, column.byteOffset, length * 2);
  const missing = Math.imul(missingWord, high);
  for (let row = 0; row < length; row++) {
    const value = column[row] as number;
    let mixed = 0;
    if (Number.isNaN(value)) mixed = missing;
    else if (value !== 0) {
      mixed = Math.imul(words[2 * row] as number, low) + Math.imul(words[2 * row + 1] as number, high);
    }
    hashes[row] = (hashes[row] as number) + mixed;
  }
}

function finishHash(sum: number): number {
  let hash = sum;
  for (const { shift, factor } of mixing) hash = Math.imul(hash ^ (hash >>> shift), factor);
  return hash >>> 0;
}
