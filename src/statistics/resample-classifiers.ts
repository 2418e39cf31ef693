// Accuracy, F1 and AUC of two binary classifiers under the same resamples, in one pass per model and resample.
import type { Random } from "./rng.ts";
import { sortWithTies } from "./sort-order.ts";

export interface ClassifierDraws {
  readonly accuracy: Float64Array;
  readonly f1: Float64Array;
  readonly area: Float64Array;
}

/**
 * Poisson bootstrap (Chamandy et al. 2012): every row counts Poisson(1) times, which for many rows is what drawing with replacement gives.
 * `labels` are 1 or 0; a score ≥ `threshold` is decided positive; ties count half in the AUC. For a few thousand rows or more.
 */
export function resampleClassifiers(
  labels: Float64Array,
  baseline: Float64Array,
  candidate: Float64Array,
  threshold: number,
  resamples: number,
  random: Random,
): { readonly baseline: ClassifierDraws; readonly candidate: ClassifierDraws } {
  // Rows are put into the candidate's order, so that only the baseline has to jump.
  const { order } = sortWithTies(candidate);
  const place = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at += 1) place[order[at]!] = at;
  const one = arrange(labels, baseline, threshold, place);
  const other = arrange(labels, candidate, threshold, null);
  const draws = { baseline: makeDraws(resamples), candidate: makeDraws(resamples) };
  const counts = new Uint8Array(labels.length);
  const shuffled = new Uint8Array(labels.length);
  for (let resample = 0; resample < resamples; resample += 1) {
    random.fillPoisson(counts);
    for (let at = 0; at < shuffled.length; at += 1) shuffled[at] = counts[one.places[at]!]!;
    measure(one, shuffled, draws.baseline, resample);
    measure(other, counts, draws.candidate, resample);
  }
  return draws;
}

/** Rows by ascending score of one model. */
interface Arranged {
  /** Where in the common order each row stands. */
  readonly places: Uint32Array;
  readonly positive: Uint8Array;
  /** First position decided positive. */
  readonly cut: number;
  /** Runs of equal scores longer than one: start and end (exclusive), one after the other. */
  readonly ties: Uint32Array;
}

function arrange(labels: Float64Array, scores: Float64Array, threshold: number, place: Uint32Array | null): Arranged {
  const { order, ends } = sortWithTies(scores);
  const ties: number[] = [];
  let start = 0;
  for (const end of ends) {
    if (end - start > 1) ties.push(start, end);
    start = end;
  }
  let cut = 0;
  while (cut < order.length && scores[order[cut]!]! < threshold) cut += 1;
  return {
    places: place === null ? order : Uint32Array.from(order, (row) => place[row]!),
    positive: Uint8Array.from(order, (row) => (labels[row] === 1 ? 1 : 0)),
    cut,
    ties: Uint32Array.from(ties),
  };
}

function makeDraws(resamples: number): ClassifierDraws {
  return {
    accuracy: new Float64Array(resamples),
    f1: new Float64Array(resamples),
    area: new Float64Array(resamples),
  };
}

function measure({ positive, cut, ties }: Arranged, counts: Uint8Array, draws: ClassifierDraws, at: number): void {
  const sums: RunningSums = { all: 0, found: 0, area: 0 };
  addRows(positive, counts, 0, cut, sums);
  const { all: below, found: missed } = sums;
  addRows(positive, counts, cut, counts.length, sums);
  const { all, found } = sums;
  let { area } = sums;
  for (let tie = 0; tie < ties.length; tie += 2) area += correctTie(positive, counts, ties[tie]!, ties[tie + 1]!);
  draws.accuracy[at] = (found - missed + (below - missed)) / all;
  // 2 TP / (labelled positive + decided positive); 0 / 0 is NaN.
  draws.f1[at] = (2 * (found - missed)) / (found + (all - below));
  draws.area[at] = area / (found * (all - found));
}

interface RunningSums {
  /** Rows counted so far, and the positive ones among them. */
  all: number;
  found: number;
  /** Pairs of a positive and a negative before it. */
  area: number;
}

/** Works in integers over stretches short enough for them: sums of doubles would wait for each other. */
function addRows(positive: Uint8Array, counts: Uint8Array, from: number, to: number, sums: RunningSums): void {
  const stretch = Math.max(1, Math.floor(2 ** 31 / (9 * 9 * (counts.length + 1) * 2)));
  let all = sums.all | 0;
  let found = sums.found | 0;
  for (let start = from; start < to; start += stretch) {
    const end = Math.min(to, start + stretch);
    let pairs = 0;
    for (let row = start; row < end; row += 1) {
      const count = counts[row]!;
      const hit = Math.imul(count, positive[row]!);
      all = (all + count) | 0;
      found = (found + hit) | 0;
      pairs = (pairs + Math.imul(hit, all - found)) | 0;
    }
    sums.area += pairs;
  }
  sums.all = all;
  sums.found = found;
}

/** What a run of equal scores adds to the sum: half of all its pairs instead of those that happen to stand in order. */
function correctTie(positive: Uint8Array, counts: Uint8Array, start: number, end: number): number {
  let [positives, negatives, counted] = [0, 0, 0];
  for (let row = start; row < end; row += 1) {
    const count = counts[row]!;
    if (positive[row] === 1) {
      positives += count;
      counted += count * negatives;
    } else negatives += count;
  }
  return (positives * negatives) / 2 - counted;
}
