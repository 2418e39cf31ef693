// The largest of many differences between groups, and how it changes from one model to another, with intervals that cover equality.
// Resampling a maximum never does: every resample of equal groups shows a difference.
import type { Inference } from "./inference.ts";
import type { Random } from "./rng.ts";
import { inferSimultaneously, type LinearContrast } from "./simultaneous-contrasts.ts";

/** `value` = estimate `first` − estimate `second`. */
export interface GroupContrast {
  readonly first: number;
  readonly second: number;
  readonly value: number;
}

/**
 * The largest contrast: its interval reaches from the largest lower to the largest upper end of simultaneous intervals of all contrasts.
 * `covariance` is that of the estimates. Tests are two-sided simultaneous ones, halved.
 */
export function inferLargestContrast(
  contrasts: readonly GroupContrast[],
  covariance: readonly Float64Array[],
  random: Random,
): Inference {
  const { errors, critical, tail } = inferSimultaneously(dropMirrors(contrasts).map(asLinear), covariance, random);
  const errorOf = errorsByPair(dropMirrors(contrasts), errors);
  const largest = (shift: number): number =>
    contrasts.reduce((most, one) => Math.max(most, one.value + shift * errorOf(one)), Number.NEGATIVE_INFINITY);
  const estimate = largest(0);
  const worst = contrasts.find(({ value }) => value === estimate);
  return {
    estimate,
    standardError: worst === undefined ? 0 : errorOf(worst),
    interval: (confidence) => [largest(-critical(confidence)), largest(critical(confidence))],
    pValueAbove: (limit) => tail(Math.max(...contrasts.map((one) => (one.value - limit) / errorOf(one)))) / 2,
    pValueBelow: (limit) => tail(Math.min(...contrasts.map((one) => (limit - one.value) / errorOf(one)))) / 2,
  };
}

/** Ends of an interval on the way from the estimate outwards: the wider `critical`, the wider the interval. */
export interface Bounds {
  readonly baseline: readonly [number, number];
  readonly candidate: readonly [number, number];
  /** Of largest(candidate) − largest(baseline). */
  readonly change: readonly [number, number];
}

export interface LargestChange {
  /** Standard error of the change of the contrast that is largest for the candidate. */
  readonly standardError: number;
  /** All three hold at once with this confidence. */
  readonly bounds: (confidence: number) => Bounds;
  /** Smallest one-sided p at which `holds` is true of the bounds; `holds` must stay true for narrower bounds. */
  readonly findPValue: (holds: (bounds: Bounds) => boolean) => number;
}

/**
 * Change of the largest contrast between two models on the same rows. With contrasts bⱼ, cⱼ of the two: max c − max b is at most cⱼ − bⱼ for the j that is
 * truly largest in c, and at least that for the j truly largest in b. Which j that can be is read off the same simultaneous intervals
 * that bound all bⱼ, cⱼ and cⱼ − bⱼ together, so the interval holds whatever ties there are; it is wide rather than wrong.
 * `covariance` is that of the baseline's estimates followed by the candidate's, as many each.
 */
export function inferLargestChange(
  baseline: readonly GroupContrast[],
  candidate: readonly GroupContrast[],
  covariance: readonly Float64Array[],
  random: Random,
): LargestChange {
  const offset = covariance.length / 2;
  const pairs = dropMirrors(baseline);
  const shifted = pairs.map(({ first, second }) => ({ first: first + offset, second: second + offset, value: 0 }));
  const linear = [
    ...pairs.map(asLinear),
    ...shifted.map(asLinear),
    ...pairs.map(
      ({ first, second }): LinearContrast => ({
        terms: [
          [first + offset, 1],
          [second + offset, -1],
          [first, -1],
          [second, 1],
        ],
        value: 0,
      }),
    ),
  ];
  const { errors, critical, tail, maxima } = inferSimultaneously(linear, covariance, random);
  const part = (index: number) => errorsByPair(pairs, errors.slice(index * pairs.length, (index + 1) * pairs.length));
  const [errorBaseline, errorCandidate, errorChange] = [part(0), part(1), part(2)];
  const changes = baseline.map((one, at) => ({ ...one, value: candidate[at]!.value - one.value }));
  const boundsAt = (distance: number): Bounds => {
    const ends = (list: readonly GroupContrast[], errorOf: (one: GroupContrast) => number) => {
      const low = Math.max(...list.map((one) => one.value - distance * errorOf(one)));
      const high = Math.max(...list.map((one) => one.value + distance * errorOf(one)));
      const may = list.map((one) => one.value + distance * errorOf(one) >= low);
      return { low, high, may };
    };
    const before = ends(baseline, errorBaseline);
    const after = ends(candidate, errorCandidate);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    changes.forEach((one, at) => {
      if (before.may[at]) low = Math.min(low, one.value - distance * errorChange(one));
      if (after.may[at]) high = Math.max(high, one.value + distance * errorChange(one));
    });
    return {
      baseline: [before.low, before.high],
      candidate: [after.low, after.high],
      change: [Math.max(low, after.low - before.high), Math.min(high, after.high - before.low)],
    };
  };
  const largest = Math.max(...candidate.map(({ value }) => value));
  const worst = changes[candidate.findIndex(({ value }) => value === largest)];
  return {
    standardError: worst === undefined ? 0 : errorChange(worst),
    bounds: (confidence) => boundsAt(critical(confidence)),
    findPValue: (holds) => {
      if (!holds(boundsAt(0))) return 1;
      // The widest bounds that still hold, among the distances drawn.
      let [from, to] = [0, maxima.length];
      while (from < to) {
        const middle = (from + to) >> 1;
        if (holds(boundsAt(maxima[middle]!))) from = middle + 1;
        else to = middle;
      }
      return from === 0 ? 0.5 : tail(maxima[from - 1]! + Number.EPSILON) / 2;
    },
  };
}

/** a − b and b − a vary alike: one of them is enough for the critical value. */
function dropMirrors(contrasts: readonly GroupContrast[]): readonly GroupContrast[] {
  const seen = new Set<string>();
  return contrasts.filter((one) => {
    if (seen.has(nameMirror(one))) return false;
    seen.add(namePair(one));
    return true;
  });
}

function errorsByPair(pairs: readonly GroupContrast[], errors: readonly number[]): (one: GroupContrast) => number {
  const known = new Map(pairs.map((pair, at) => [namePair(pair), errors[at]!]));
  return (one) => known.get(namePair(one)) ?? known.get(nameMirror(one))!;
}

function namePair({ first, second }: GroupContrast): string {
  return `${first} ${second}`;
}

function nameMirror({ first, second }: GroupContrast): string {
  return `${second} ${first}`;
}

function asLinear({ first, second, value }: GroupContrast): LinearContrast {
  return {
    terms: [
      [first, 1],
      [second, -1],
    ],
    value,
  };
}
