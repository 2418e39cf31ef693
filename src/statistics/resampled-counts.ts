// How often each of many units is drawn with replacement, for sixteen resamples at a time, in the memory of the kernels.
import { drawnLimits, lanes, mostOften, shareKernels, stretch } from "./count-kernels.ts";
import { growPages } from "./kernel-memory.ts";
import { splitPoisson } from "./poisson-mixture.ts";
import type { Random } from "./rng.ts";

/** Addresses of the fixed parts of the memory; counts come after them, then lists of rows. */
const outAt = 0;
const stateAt = 256;
const limitsAt = 512;
const countsAt = 1024;
const page = 65536;

/** References to rows, in the kernels' memory. */
export interface RowList {
  readonly at: number;
  readonly end: number;
}

export interface ResampledCounts {
  /** Draws the counts of sixteen new resamples. */
  readonly draw: () => void;
  /** Instead of drawing: every unit once, but for unit `first` in the first lane, the next in the second, and so on. */
  readonly leaveOut: (first: number) => void;
  /** Sums of the listed rows' counts, by lane; the array is the caller's. */
  readonly sum: (rows: RowList) => Float64Array;
  /** Positives, negatives, and pairs of a positive that is listed after a negative, by lane; the arrays are the caller's. */
  readonly countPairs: (rows: RowList) => PairCounts;
  /** Σ positives closing a tie × precision so far / all positives, by lane, for rows by descending score; NaN without positives. */
  readonly averagePrecision: (rows: RowList) => Float64Array;
  /** Positives listed before there are more negatives than `limits` allow, by lane, for rows by descending score. */
  readonly findWithin: (rows: RowList, limits: Float64Array) => Float64Array;
}

export interface PairCounts {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly pairs: Float64Array;
}

/**
 * Counts of `units` draws of `units`, exactly multinomial (see `createDraw`). Each list holds 16 × unit + flags for each row. There is one memory for
 * all: whoever asks again has ended what was asked before.
 */
export function openResampledCounts(
  units: number,
  random: Random,
  lists: readonly Uint32Array[],
): { readonly counts: ResampledCounts; readonly rows: readonly RowList[] } {
  const { memory, kernels } = shareKernels();
  const rows: RowList[] = [];
  let end = countsAt + lanes * units;
  for (const list of lists) {
    rows.push({ at: end, end: end + list.byteLength });
    end += list.byteLength;
  }
  const missing = Math.ceil(end / page) - memory.buffer.byteLength / page;
  if (missing > 0) growPages(memory, missing);
  const { buffer } = memory;
  lists.forEach((list, index) => {
    const words = new Uint32Array(buffer, rows[index]!.at, list.length);
    for (let at = 0; at < list.length; at += 1) words[at] = list[at]! + countsAt;
  });
  const shorts = new Uint16Array(buffer, outAt, 4 * lanes);
  const words = new Int32Array(buffer, outAt, 6 * lanes);
  const doubles = new Float64Array(buffer, outAt, lanes);
  const addShorts = (from: number, to: Float64Array): void => {
    for (let lane = 0; lane < lanes; lane += 1) to[lane] = to[lane]! + shorts[from * lanes + lane]!;
  };
  return {
    rows,
    counts: {
      draw: createDraw(units, random, buffer),
      leaveOut: (first) => {
        const all = new Uint8Array(buffer, countsAt, lanes * units).fill(1);
        for (let lane = 0; lane < Math.min(lanes, units - first); lane += 1) all[lanes * (first + lane) + lane] = 0;
      },
      sum: ({ at, end }) => {
        const sums = new Float64Array(lanes);
        for (let start = at; start < end; start += 4 * stretch) {
          kernels.sum(start, Math.min(end, start + 4 * stretch), outAt);
          addShorts(0, sums);
        }
        return sums;
      },
      countPairs: ({ at, end }) => {
        const [negatives, positives, pairs] = [0, 0, 0].map(() => new Float64Array(lanes)) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        for (let start = at; start < end; start += 4 * stretch) {
          kernels.area(start, Math.min(end, start + 4 * stretch), outAt);
          // Pairs inside the stretch, and those with the negatives before it.
          for (let lane = 0; lane < lanes; lane += 1)
            pairs[lane] = pairs[lane]! + words[2 * 8 + lane]! + shorts[lanes + lane]! * negatives[lane]!;
          addShorts(0, negatives);
          addShorts(1, positives);
        }
        return { positives, negatives, pairs };
      },
      averagePrecision: ({ at, end }) => {
        if (end > at) kernels.precision(at, end, outAt);
        return Float64Array.from(doubles, (sum, lane) => (end > at ? sum / words[2 * lanes + lane]! : Number.NaN));
      },
      findWithin: ({ at, end }, limits) => {
        new Int32Array(buffer, limitsAt, lanes).set(limits);
        if (end > at) kernels.recall(at, end, limitsAt, outAt);
        return Float64Array.from({ length: lanes }, (_, lane) => (end > at ? words[lane]! : 0));
      },
    },
  };
}

/** Standard deviations that the mean of the Poisson counts stays below the number of draws. */
const safety = 3;

/**
 * Drawing `units` of `units` with replacement, exactly: Poisson counts with a mean a little below 1 are, given their sum, what that many draws give; the
 * missing draws are made one by one. Sums that come out too large are drawn again, all sixteen.
 */
function createDraw(units: number, random: Random, buffer: ArrayBuffer): () => void {
  const { kernels } = shareKernels();
  const counts = new Uint8Array(buffer, countsAt, lanes * units);
  const { shares, restChance, rest } = splitPoisson(
    Math.max(0, 1 - safety / Math.sqrt(units)),
    drawnLimits + 1,
    mostOften,
  );
  prepareState(buffer, shares, random);
  const ends = rest.map((_, count) => rest.slice(0, count + 1).reduce((sum, chance) => sum + chance, 0));
  const drawRest = (): number => {
    const share = random.nextFloat();
    const found = ends.findIndex((end) => share < end);
    return found < 0 ? 0 : found;
  };
  const sums = new Uint16Array(buffer, outAt, lanes);
  const totals = new Float64Array(lanes);
  const fill = (): void => {
    totals.fill(0);
    for (let start = 0; start < units; start += stretch) {
      kernels.draw(countsAt + lanes * start, countsAt + lanes * Math.min(units, start + stretch), stateAt, outAt);
      for (let lane = 0; lane < lanes; lane += 1) totals[lane] = totals[lane]! + sums[lane]!;
    }
    if (restChance === 0) return;
    const scale = 1 / Math.log1p(-restChance);
    const skip = (): number => Math.floor(Math.log(1 - random.nextFloat()) * scale);
    for (let at = skip(); at < counts.length; at += 1 + skip()) {
      const count = drawRest();
      totals[at % lanes] = totals[at % lanes]! + count - counts[at]!;
      counts[at] = count;
    }
  };
  return () => {
    do fill();
    while (totals.some((total) => total > units));
    for (let lane = 0; lane < lanes; lane += 1)
      for (let missing = units - totals[lane]!; missing > 0; ) {
        const at = lanes * random.nextInteger(units) + lane;
        if (counts[at] === mostOften) continue;
        counts[at] = counts[at]! + 1;
        missing -= 1;
      }
  };
}

/** The state of the generator, and from which signed value of 16 random bits on a count is at least 1, 2, … */
function prepareState(buffer: ArrayBuffer, shares: readonly number[], random: Random): void {
  random.fillWords(new Uint32Array(buffer, stateAt, lanes));
  const limits = new Int16Array(buffer, stateAt + 4 * lanes, 8 * drawnLimits);
  let below = 0;
  for (let limit = 0; limit < drawnLimits; limit += 1) {
    below += shares[limit]!;
    // Passed by what is greater; a limit that no value passes is the largest value.
    limits.fill(below - 32768 - 1, 8 * limit, 8 * (limit + 1));
  }
}
