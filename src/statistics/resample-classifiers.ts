// Accuracy, F1 and AUC of two binary classifiers under the same resamples, two resamples in one pass per model.
import { createCountDrawer, mostOften } from "./draw-counts.ts";
import type { Random } from "./rng.ts";
import { sortWithTies } from "./sort-order.ts";

export interface ClassifierDraws {
  readonly accuracy: Float64Array;
  readonly f1: Float64Array;
  readonly area: Float64Array;
}

/** A positive row's count stands this many bits above where a negative one's stands, so that one sum holds both. */
const shift = 12;
const lowMask = (1 << shift) - 1;

/** Most rows in one sum: their counts fit below the shift, and their pairs below 2³¹. */
const longestSegment = Math.floor(lowMask / mostOften);

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
  // Negative rows come first, and each class in the candidate's order: then only the baseline jumps through memory.
  const { order } = sortWithTies(candidate);
  const place = new Uint32Array(order.length);
  let negatives = 0;
  for (const row of order) if (labels[row] !== 1) place[row] = negatives++;
  let next = negatives;
  for (const row of order) if (labels[row] === 1) place[row] = next++;
  const models = [
    { ranked: rank(labels, baseline, threshold, place), draws: makeDraws(resamples) },
    { ranked: rank(labels, candidate, threshold, place), draws: makeDraws(resamples) },
  ] as const;
  const draw = createCountDrawer(order.length, negatives, shift, random);
  const counts = new Uint32Array(order.length);
  for (let resample = 0; resample < resamples; resample += 2) {
    draw(counts);
    for (const { ranked, draws } of models) measureTwo(ranked, counts, draws, resample);
  }
  return { baseline: models[0].draws, candidate: models[1].draws };
}

/** Rows by ascending score of one model. */
interface Ranked {
  /** Where among the counts each row stands. */
  readonly places: Uint32Array;
  /** Runs of rows that are summed at once: where each ends (exclusive), and whether all its scores are equal. */
  readonly ends: Uint32Array;
  readonly tied: Uint8Array;
  /** Number of segments below the threshold. */
  readonly below: number;
}

function rank(labels: Float64Array, scores: Float64Array, threshold: number, place: Uint32Array): Ranked {
  const { order, ends: tieEnds } = sortWithTies(scores);
  const ends: number[] = [];
  const tied: number[] = [];
  let below = 0;
  let start = 0;
  const close = (end: number, tie: boolean) => {
    for (let from = start; from < end; from += tie ? end : longestSegment) {
      ends.push(tie ? end : Math.min(end, from + longestSegment));
      tied.push(Number(tie));
    }
    start = Math.max(start, end);
  };
  let before = 0;
  for (const end of tieEnds) {
    if (below === 0 && scores[order[before]!]! >= threshold) {
      close(before, false);
      below = ends.length;
    }
    // Equal scores matter only where they belong to both classes.
    let positives = 0;
    for (let at = before; at < end; at += 1) if (labels[order[at]!] === 1) positives += 1;
    if (positives > 0 && positives < end - before) {
      close(before, false);
      close(end, true);
    }
    before = end;
  }
  close(order.length, false);
  if (order.length > 0 && scores[order[order.length - 1]!]! < threshold) below = ends.length;
  const places = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at += 1) places[at] = place[order[at]!]!;
  return {
    places,
    ends: Uint32Array.from(ends),
    tied: Uint8Array.from(tied),
    below,
  };
}

function makeDraws(resamples: number): ClassifierDraws {
  return {
    accuracy: new Float64Array(resamples),
    f1: new Float64Array(resamples),
    area: new Float64Array(resamples),
  };
}

/** Sums of one resample over the segments so far. */
interface Tally {
  positives: number;
  negatives: number;
  /** Pairs of a positive and a negative with a smaller score; equal scores count half. */
  pairs: number;
}

/** Writes draws `at` and `at + 1` (which falls away beyond the end). */
function measureTwo({ places, ends, tied, below }: Ranked, counts: Uint32Array, draws: ClassifierDraws, at: number) {
  const [one, two] = [createTally(), createTally()];
  let [missedOne, missedTwo, sparedOne, sparedTwo] = [0, 0, 0, 0];
  let start = 0;
  for (let segment = 0; segment < ends.length; segment += 1) {
    const end = ends[segment]!;
    if (tied[segment] === 1) addTied(places, counts, start, end, one, two);
    else addRanked(places, counts, start, end, one, two);
    start = end;
    if (segment === below - 1) {
      [missedOne, missedTwo] = [one.positives, two.positives];
      [sparedOne, sparedTwo] = [one.negatives, two.negatives];
    }
  }
  store(draws, at, one, missedOne, sparedOne);
  store(draws, at + 1, two, missedTwo, sparedTwo);
}

function createTally(): Tally {
  return { positives: 0, negatives: 0, pairs: 0 };
}

/** `missed` positives and `spared` negatives are below the threshold. */
function store(draws: ClassifierDraws, at: number, tally: Tally, missed: number, spared: number): void {
  const { positives, negatives, pairs } = tally;
  const found = positives - missed;
  draws.accuracy[at] = (found + spared) / (positives + negatives);
  draws.f1[at] = (2 * found) / (positives + found + (negatives - spared));
  draws.area[at] = pairs / (positives * negatives);
}

/** Adds rows whose order decides. */
function addRanked(places: Uint32Array, counts: Uint32Array, start: number, end: number, one: Tally, two: Tally): void {
  let sumOne = 0;
  let sumTwo = 0;
  let pairsOne = 0;
  let pairsTwo = 0;
  for (let at = start; at < end; at += 1) {
    const both = counts[places[at]!]!;
    const first = both & 0xffff;
    const second = both >>> 16;
    sumOne = (sumOne + first) | 0;
    sumTwo = (sumTwo + second) | 0;
    pairsOne = (pairsOne + Math.imul(first >>> shift, sumOne & lowMask)) | 0;
    pairsTwo = (pairsTwo + Math.imul(second >>> shift, sumTwo & lowMask)) | 0;
  }
  join(one, sumOne >>> shift, sumOne & lowMask, pairsOne);
  join(two, sumTwo >>> shift, sumTwo & lowMask, pairsTwo);
}

/** Adds rows of one and the same score. */
function addTied(places: Uint32Array, counts: Uint32Array, start: number, end: number, one: Tally, two: Tally): void {
  let positivesOne = 0;
  let negativesOne = 0;
  let positivesTwo = 0;
  let negativesTwo = 0;
  for (let at = start; at < end; at += 1) {
    const both = counts[places[at]!]!;
    negativesOne += both & lowMask;
    positivesOne += (both & 0xffff) >>> shift;
    negativesTwo += (both >>> 16) & lowMask;
    positivesTwo += both >>> (16 + shift);
  }
  join(one, positivesOne, negativesOne, (positivesOne * negativesOne) / 2);
  join(two, positivesTwo, negativesTwo, (positivesTwo * negativesTwo) / 2);
}

/** Adds a segment with its inner pairs to what lies before it. */
function join(tally: Tally, positives: number, negatives: number, pairs: number): void {
  tally.pairs += pairs + positives * tally.negatives;
  tally.positives += positives;
  tally.negatives += negatives;
}
