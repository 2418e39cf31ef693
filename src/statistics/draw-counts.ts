// How often each of many rows is drawn with replacement, for two resamples at a time.
import type { Random } from "./rng.ts";

/** Most often that a row is drawn; with more than sixteen rows a larger count has a chance below 10⁻¹³. */
export const mostOften = 15;

/** Random bits that look a row's two counts up; the few values between two answers are refined by 32 more. */
const indexBits = 12;
const indexMask = (1 << indexBits) - 1;

/** Rows whose counts are drawn in one go: sums of so many counts below 16 fit into 16 bits. */
const stretch = 4096;

/** A row's counts in two resamples: the first one's in the low half of a word, the second one's in the high half. */
type CountPair = number;

/** Fills the array with the counts of all its rows in two independent resamples, packed as `CountPair`. */
export type DrawCounts = (counts: Uint32Array) => void;

/**
 * Drawing `rows` of `rows` with replacement (multinomial counts), exactly: Poisson counts with a mean a little below 1 are, given their sum, what that many
 * draws give; the missing draws are made one by one. Sums that come out too large (4 standard deviations) are drawn again. Rows from `split`
 * on have their counts shifted left by `shift` bits, so that sums over both kinds stay apart.
 */
export function createCountDrawer(rows: number, split: number, shift: number, random: Random): DrawCounts {
  const lookup = createLookup(Math.max(0, 1 - 4 / Math.sqrt(rows)), random);
  const words = new Uint32Array(stretch / 2);
  const fill = (counts: Uint32Array): [number, number] => {
    const totals: [number, number] = [0, 0];
    for (const [from, to, by] of [
      [0, split, 0],
      [split, rows, shift],
    ] as const)
      for (let start = from; start < to; start += stretch) {
        random.fillWords(words);
        const sum = fillStretch(counts, start, Math.min(to, start + stretch), by, lookup, words);
        totals[0] += sum & 0xffff;
        totals[1] += sum >>> 16;
      }
    return totals;
  };
  return (counts) => {
    let totals = fill(counts);
    while (Math.max(...totals) > rows) totals = fill(counts);
    totals.forEach((total, half) => {
      for (let missing = rows - total; missing > 0; ) {
        const row = random.nextInteger(rows);
        const by = (row < split ? 0 : shift) + 16 * half;
        if (((counts[row]! >>> by) & mostOften) === mostOften) continue;
        counts[row] = counts[row]! + (1 << by);
        missing -= 1;
      }
    });
  };
}

/** Counts of the rows of one stretch; returns their sums, packed alike. */
function fillStretch(
  counts: Uint32Array,
  start: number,
  end: number,
  shift: number,
  { table, refine }: Lookup,
  words: Uint32Array,
): CountPair {
  let sum = 0;
  for (let row = start, at = 0; row < end; row += 2, at += 1) {
    const word = words[at]!;
    let first = table[word & indexMask]!;
    let second = table[word >>> (32 - indexBits)]!;
    if ((first | second) < 0) {
      first = refine(first);
      second = refine(second);
    }
    counts[row] = first << shift;
    sum = (sum + first) | 0;
    if (row + 1 === end) break;
    counts[row + 1] = second << shift;
    sum = (sum + second) | 0;
  }
  return sum >>> 0;
}

interface Lookup {
  /** The pair of counts for each value of the index; negative = `refine` it. */
  readonly table: Int32Array;
  readonly refine: (entry: number) => CountPair;
}

/** Two independent Poisson counts by their joint distribution, likeliest pair first. */
function createLookup(mean: number, random: Random): Lookup {
  const single = listPoisson(mean);
  const cells = single
    .flatMap((one, first) => single.map((other, second) => ({ pair: first | (second << 16), chance: one * other })))
    .sort((left, right) => right.chance - left.chance);
  const ends = new Float64Array(cells.length);
  let sum = 0;
  cells.forEach(({ chance }, cell) => {
    sum += chance;
    ends[cell] = sum;
  });
  const table = new Int32Array(indexMask + 1);
  const find = (share: number, from: number): number => {
    let cell = from;
    while (cell < ends.length - 1 && ends[cell]! <= share) cell += 1;
    return cell;
  };
  let cell = 0;
  for (let index = 0; index < table.length; index += 1) {
    cell = find(index / table.length, cell);
    // The sign bit marks an index that more than one pair shares: it is kept with the first of them, where to look on.
    const alone = ends[cell]! >= (index + 1) / table.length;
    table[index] = alone ? cells[cell]!.pair : index | (cell << indexBits) | (1 << 31);
  }
  const refine = (entry: number): CountPair => {
    if (entry >= 0) return entry;
    const share = ((entry & indexMask) + random.nextUint32() / 4294967296) / table.length;
    return cells[find(share, (entry >>> indexBits) & 0xff)]!.pair;
  };
  return { table, refine };
}

/** Chances of 0 … 15. */
function listPoisson(mean: number): readonly number[] {
  let chance = Math.exp(-mean);
  return Array.from({ length: mostOften + 1 }, (_, count) => {
    if (count > 0) chance *= mean / count;
    return chance;
  });
}
