// Rows in the order of a score as runs of one class, cut so that counts of several resamples are summed in the bytes of one word.
import { sortWithTies } from "./sort-order.ts";

/** Counts of at most 15 of so many rows fit into a byte … */
const longestRun = 17;
/** … and those of so many rows into 16 bits. */
export const longestSegment = 4096;

/** Within equal scores negatives come first. */
const classes = [0, 1];

export interface Segment {
  /** Number of runs up to its end: even. */
  readonly end: number;
  /** All its scores are equal: its pairs count half. */
  readonly tied: boolean;
  /** The same scores go on in the next segment. */
  readonly open: boolean;
}

/** Rows by ascending score of one model. */
export interface RankedRuns {
  /** Where among the counts each row stands. */
  readonly places: Uint32Array;
  /** End of each run (exclusive); the first is of negatives, and classes take turns. A run may be empty. */
  readonly ends: Uint32Array;
  readonly segments: readonly Segment[];
  /** Number of segments whose scores are below the threshold. */
  readonly below: number;
}

/** `labels` are 1 or 0; `place` says for each row where its counts will stand. */
export function rankRuns(
  labels: Float64Array,
  scores: Float64Array,
  threshold: number,
  place: Uint32Array,
): RankedRuns {
  const { order, ends: tieEnds } = sortWithTies(scores);
  const places = new Uint32Array(order.length);
  const ends: number[] = [];
  const segments: Segment[] = [];
  let at = 0;
  let segmentStart = 0;
  let below: number | null = null;
  const closeSegment = (tied: boolean, open: boolean): void => {
    if (at > segmentStart) {
      ends.push(at);
      if (ends.length % 2 === 1) ends.push(at);
      segments.push({ end: ends.length, tied, open });
    }
    segmentStart = at;
  };
  const add = (row: number, label: number, tied: boolean): void => {
    if (at - segmentStart === longestSegment) closeSegment(tied, tied);
    if (at - (ends[ends.length - 1] ?? 0) === longestRun) ends.push(at);
    if (ends.length % 2 !== label) ends.push(at);
    places[at] = place[row]!;
    at += 1;
  };
  for (const end of tieEnds) {
    const start = at;
    if (below === null && scores[order[start]!]! >= threshold) {
      closeSegment(false, false);
      below = segments.length;
    }
    let positives = 0;
    for (let rank = start; rank < end; rank += 1) positives += labels[order[rank]!]!;
    // Equal scores matter only where they belong to both classes.
    const tied = positives > 0 && positives < end - start;
    if (tied) closeSegment(false, false);
    for (const label of classes)
      for (let rank = start; rank < end; rank += 1) if (labels[order[rank]!] === label) add(order[rank]!, label, tied);
    if (tied) closeSegment(true, false);
  }
  closeSegment(false, false);
  return { places, ends: Uint32Array.from(ends), segments, below: below ?? segments.length };
}
