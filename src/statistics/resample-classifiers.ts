// Accuracy, F1 and AUC of two binary classifiers under the same resamples, four resamples in one pass per model.
import { createCountDrawer, everySecondByte, lanes } from "./draw-counts.ts";
import { longestSegment, type RankedRuns, rankRuns } from "./ranked-runs.ts";
import type { Random } from "./rng.ts";
import { sortWithTies } from "./sort-order.ts";

export interface ClassifierDraws {
  readonly accuracy: Float64Array;
  readonly f1: Float64Array;
  readonly area: Float64Array;
}

/**
 * Bootstrap of rows with replacement. `labels` are 1 or 0; a score ≥ `threshold` is decided positive; ties count half in the AUC. A resample
 * without one of the classes has NaN for its AUC, and for its F1 when nothing is labelled or decided positive.
 */
export function resampleClassifiers(
  labels: Float64Array,
  baseline: Float64Array,
  candidate: Float64Array,
  threshold: number,
  resamples: number,
  random: Random,
): { readonly baseline: ClassifierDraws; readonly candidate: ClassifierDraws } {
  // Counts are drawn in the candidate's order: then only the baseline jumps through memory.
  const place = new Uint32Array(labels.length);
  sortWithTies(candidate).order.forEach((row, at) => {
    place[row] = at;
  });
  const models = [baseline, candidate].map((scores) => ({
    ranked: rankRuns(labels, scores, threshold, place),
    draws: makeDraws(resamples),
  }));
  const draw = createCountDrawer(labels.length, random);
  const counts = new Int32Array(labels.length);
  for (let resample = 0; resample < resamples; resample += lanes) {
    draw(counts);
    for (const { ranked, draws } of models) measure(ranked, counts, draws, resample);
  }
  return { baseline: models[0]!.draws, candidate: models[1]!.draws };
}

function makeDraws(resamples: number): ClassifierDraws {
  return {
    accuracy: new Float64Array(resamples),
    f1: new Float64Array(resamples),
    area: new Float64Array(resamples),
  };
}

/** Sums of each lane's resample over the rows so far. */
interface Tally {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Pairs of a positive and a negative with a smaller score; equal scores count half. */
  readonly pairs: Float64Array;
}

function createTally(): Tally {
  return { positives: new Float64Array(lanes), negatives: new Float64Array(lanes), pairs: new Float64Array(lanes) };
}

/** Writes the draws from `first` on, one per lane; those beyond the end fall away. */
function measure(ranked: RankedRuns, counts: Int32Array, draws: ClassifierDraws, first: number): void {
  const [total, below, part] = [createTally(), createTally(), createTally()];
  let start = 0;
  ranked.segments.forEach(({ end, tied, open }, segment) => {
    addRuns(ranked, counts, start, end, part);
    start = end;
    if (open) return;
    join(total, part, tied);
    if (segment === ranked.below - 1) copy(total, below);
  });
  for (let lane = 0; lane < lanes; lane += 1) {
    const [positives, negatives] = [total.positives[lane]!, total.negatives[lane]!];
    const spared = below.negatives[lane]!;
    const found = positives - below.positives[lane]!;
    draws.accuracy[first + lane] = (found + spared) / (positives + negatives);
    draws.f1[first + lane] = (2 * found) / (positives + found + (negatives - spared));
    draws.area[first + lane] = total.pairs[lane]! / (positives * negatives);
  }
}

function copy(from: Tally, to: Tally): void {
  to.positives.set(from.positives);
  to.negatives.set(from.negatives);
}

/** Adds a part of higher scores to what lies below it, and empties it. */
function join(total: Tally, part: Tally, tied: boolean): void {
  for (let lane = 0; lane < lanes; lane += 1) {
    const [positives, negatives] = [part.positives[lane]!, part.negatives[lane]!];
    const inside = tied ? (positives * negatives) / 2 : part.pairs[lane]!;
    total.pairs[lane] = total.pairs[lane]! + inside + positives * total.negatives[lane]!;
    total.positives[lane] = total.positives[lane]! + positives;
    total.negatives[lane] = total.negatives[lane]! + negatives;
  }
  for (const sums of [part.positives, part.negatives, part.pairs]) sums.fill(0);
}

/** Adds the runs of one segment. Rows are summed in four bytes at once, runs in 16 bits: see the limits of `rankRuns`. */
function addRuns({ places, ends }: RankedRuns, counts: Int32Array, start: number, end: number, part: Tally): void {
  const first = start === 0 ? 0 : ends[start - 1]!;
  sumWords(places, counts, first, ends[end - 1]!);
  let [positivesEven, positivesOdd, negativesEven, negativesOdd] = [0, 0, 0, 0];
  let [pairs0, pairs1, pairs2, pairs3] = [0, 0, 0, 0];
  let before = 0;
  for (let run = start; run < end; run += 2) {
    const middle = sums[ends[run]! - first]!;
    const after = sums[ends[run + 1]! - first]!;
    const negatives = (middle - before) | 0;
    const positives = (after - middle) | 0;
    before = after;
    negativesEven = (negativesEven + (negatives & everySecondByte)) | 0;
    negativesOdd = (negativesOdd + ((negatives >>> 8) & everySecondByte)) | 0;
    positivesEven = (positivesEven + (positives & everySecondByte)) | 0;
    positivesOdd = (positivesOdd + ((positives >>> 8) & everySecondByte)) | 0;
    pairs0 = (pairs0 + Math.imul(positives & 0xff, negativesEven & 0xffff)) | 0;
    pairs1 = (pairs1 + Math.imul((positives >>> 8) & 0xff, negativesOdd & 0xffff)) | 0;
    pairs2 = (pairs2 + Math.imul((positives >>> 16) & 0xff, negativesEven >>> 16)) | 0;
    pairs3 = (pairs3 + Math.imul(positives >>> 24, negativesOdd >>> 16)) | 0;
  }
  addLanes(part.positives, positivesEven & 0xffff, positivesOdd & 0xffff, positivesEven >>> 16, positivesOdd >>> 16);
  addLanes(part.negatives, negativesEven & 0xffff, negativesOdd & 0xffff, negativesEven >>> 16, negativesOdd >>> 16);
  addLanes(part.pairs, pairs0, pairs1, pairs2, pairs3);
}

/** Sums of the words of the first rows of a segment, by how many rows. */
const sums = new Int32Array(longestSegment + 1);

/**
 * Where a run ends cannot be predicted, so its sum is the difference of two sums from the segment's start: bytes that run over in these are
 * whole again in the difference.
 */
function sumWords(places: Uint32Array, counts: Int32Array, start: number, end: number): void {
  let sum = 0;
  for (let at = start, to = 1; at < end; at += 1, to += 1) {
    sum = (sum + counts[places[at]!]!) | 0;
    sums[to] = sum;
  }
}

function addLanes(total: Float64Array, zero: number, one: number, two: number, three: number): void {
  total[0] = total[0]! + zero;
  total[1] = total[1]! + one;
  total[2] = total[2]! + two;
  total[3] = total[3]! + three;
}
