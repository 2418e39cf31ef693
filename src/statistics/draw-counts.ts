// How often each of many rows is drawn with replacement, for four resamples at a time.
import type { Random } from "./rng.ts";

/** Resamples that are drawn together. */
export const lanes = 4;

/** Most often that a row is drawn; with more than sixteen rows a larger count has a chance below 10⁻¹³. */
export const mostOften = 15;

/** Every second byte of a word: sums of bytes are kept in the 16 bits that each then has. */
export const everySecondByte = 0x00ff00ff;

/** Rows whose counts are drawn in one go: sums of so many counts of at most 15 fit into 16 bits. */
const stretch = 4096;

/** Random bits that look a row's counts in two resamples up; the few values between two answers are refined by 32 more. */
const indexBits = 12;
const indexMask = (1 << indexBits) - 1;

/** Counts of one row in two resamples, in the first and the third byte. */
type CountPair = number;

/** Fills the array with the counts of all its rows in four independent resamples: one byte of a row's word each, lowest first. */
export type DrawCounts = (counts: Int32Array) => void;

/**
 * Drawing `rows` of `rows` with replacement (multinomial counts), exactly: Poisson counts with a mean a little below 1 are, given their sum, what that many
 * draws give; the missing draws are made one by one. Sums that come out too large (4 standard deviations) are drawn again.
 */
export function createCountDrawer(rows: number, random: Random): DrawCounts {
  const lookup = createLookup(Math.max(0, 1 - 4 / Math.sqrt(rows)), random);
  const words = new Int32Array(stretch);
  const totals = new Float64Array(lanes);
  const fill = (counts: Int32Array): void => {
    totals.fill(0);
    for (let start = 0; start < rows; start += stretch) {
      random.fillWords(words);
      fillStretch(counts, start, Math.min(rows, start + stretch), lookup, words, totals);
    }
  };
  return (counts) => {
    do fill(counts);
    while (totals.some((total) => total > rows));
    totals.forEach((total, lane) => {
      for (let missing = rows - total; missing > 0; ) {
        const row = random.nextInteger(rows);
        if (((counts[row]! >>> (8 * lane)) & mostOften) === mostOften) continue;
        counts[row] = counts[row]! + (1 << (8 * lane));
        missing -= 1;
      }
    });
  };
}

/** Rows of a stretch whose word did not decide their counts. */
const undecided = new Int32Array(stretch);

/** Counts of the rows of one stretch, whose sums are added to the totals. */
function fillStretch(
  counts: Int32Array,
  start: number,
  end: number,
  { table, refine }: Lookup,
  words: Int32Array,
  totals: Float64Array,
): void {
  let [even, odd, open] = [0, 0, 0];
  for (let row = start, at = 0; row < end; row += 1, at += 1) {
    const word = words[at]!;
    const first = table[word & indexMask]!;
    const second = table[word >>> (32 - indexBits)]!;
    if ((first | second) < 0) {
      undecided[open] = at;
      open += 1;
    } else {
      counts[row] = first | (second << 8);
      even = (even + first) | 0;
      odd = (odd + second) | 0;
    }
  }
  for (let one = 0; one < open; one += 1) {
    const at = undecided[one]!;
    const word = words[at]!;
    const first = refine(table[word & indexMask]!);
    const second = refine(table[word >>> (32 - indexBits)]!);
    counts[start + at] = first | (second << 8);
    even += first;
    odd += second;
  }
  totals[0] = totals[0]! + (even & 0xffff);
  totals[1] = totals[1]! + (odd & 0xffff);
  totals[2] = totals[2]! + (even >>> 16);
  totals[3] = totals[3]! + (odd >>> 16);
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
