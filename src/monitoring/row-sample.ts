// A sample of rows by the hash of their numbers: the same rows whatever their order or the files they lie in.
//
// Rows that are equal are one row with a count. When there are more than `mostRows` different ones, those stay whose hash
// ends in one more pair of zero bits: the level reached is a property of the rows alone, as with the bins of a histogram.

import { hashedRows, hashRows, prepareHashing } from "./row-hash.ts";

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

/** Collects rows of `width` numbers. −0 is 0; every NaN is the same. Columns may lie in the memory of the loops, which stays as it is. */
export function createRowSampler(width: number): RowSampler {
  if (width > 1) prepareHashing();
  const kept = new Map<number, SampledRow[]>();
  let level = 0;
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
      for (let start = 0; start < length; start += hashedRows) {
        const end = Math.min(length, start + hashedRows);
        // Every pair of zero bits is one level, which may rise on the way.
        const { hashes, chosen } = hashRows(columns.slice(0, width), start, end, maskOf(level));
        for (const each of chosen) {
          const [hash, row] = [hashes[each] as number, start + each];
          if ((hash & maskOf(level)) !== 0) continue;
          const values = columns.map((column) => (column[row] as number) + 0);
          keep(hash >>> 0, values, times?.[row] ?? 1);
        }
      }
    },
    finish: () => ({ level, rows: [...kept.values()].flat() }),
  };
}

/** The bits that are 0 in hashes of that level; from 16 on it is all of them. */
function maskOf(level: number): number {
  return level >= 16 ? -1 : (1 << (2 * level)) - 1;
}

/** Pairs of trailing zero bits of a hash, 0 to 16. */
export function levelOf(hash: number): number {
  return hash === 0 ? 16 : (31 - Math.clz32(hash & -hash)) >> 1;
}
