// The largest of many differences between groups, and how it changes from one model to another, with intervals that cover equality.
// Resampling a maximum never does: every resample of equal groups shows a difference.
import type { Inference } from "./inference.ts";
import { type Reaches, reachPairs } from "./joined-reach.ts";
import type { Random } from "./rng.ts";
import { inferSimultaneously, type LinearContrast, type SimultaneousContrasts } from "./simultaneous-contrasts.ts";

/** `value` = estimate `first` − estimate `second`. */
export interface GroupContrast {
  readonly first: number;
  readonly second: number;
  readonly value: number;
}

/**
 * The largest contrast: its interval reaches from the largest lower to the largest upper end of simultaneous intervals of all contrasts, which are
 * joined from the ends of the estimates: a symmetric interval is too sure of rates with few rows, and too wide. `covariance` and `reaches` are
 * those of the estimates. Tests are two-sided simultaneous ones, halved; 1 on the wrong side of the estimate.
 */
export function inferLargestContrast(
  contrasts: readonly GroupContrast[],
  covariance: readonly Float64Array[],
  reaches: Reaches,
  random: Random,
): Inference {
  const pairs = dropMirrors(contrasts);
  const simultaneous = inferSimultaneously(pairs.map(asLinear), covariance, random);
  const reach = reachPairs(reaches, covariance);
  const endsAt = (distance: number): readonly [number, number] => {
    let [low, high] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const one of contrasts) {
      const [below, above] = reach(one, distance);
      low = Math.max(low, one.value - below);
      high = Math.max(high, one.value + above);
    }
    return [low, high];
  };
  const estimate = Math.max(...contrasts.map(({ value }) => value));
  const worst = contrasts.find(({ value }) => value === estimate);
  return {
    estimate,
    standardError: worst === undefined ? 0 : errorsByPair(pairs, simultaneous.errors)(worst),
    interval: (confidence) => endsAt(simultaneous.critical(confidence)),
    pValueAbove: (limit) => findLevel(simultaneous, (distance) => endsAt(distance)[0] > limit),
    pValueBelow: (limit) => findLevel(simultaneous, (distance) => endsAt(distance)[1] < limit),
  };
}

/** Smallest one-sided p at which `holds` is true at the distance it stands for; `holds` must stay true for smaller distances. */
function findLevel(
  { maxima, tail }: Pick<SimultaneousContrasts, "maxima" | "tail">,
  holds: (distance: number) => boolean,
): number {
  if (!holds(0)) return 1;
  // The widest that still hold, among the distances drawn.
  let [from, to] = [0, maxima.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(maxima[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from === 0 ? 0.5 : tail(maxima[from - 1]! + Number.EPSILON) / 2;
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
 * `covariance` and `reaches` are those of the baseline's estimates followed by the candidate's, as many each.
 */
export function inferLargestChange(
  baseline: readonly GroupContrast[],
  candidate: readonly GroupContrast[],
  covariance: readonly Float64Array[],
  reaches: Reaches,
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
  const simultaneous = inferSimultaneously(linear, covariance, random);
  const errorChange = errorsByPair(pairs, simultaneous.errors.slice(2 * pairs.length));
  const reach = reachPairs(reaches, covariance);
  const changes = baseline.map((one, at) => ({ ...one, value: candidate[at]!.value - one.value }));
  const boundsAt = (distance: number): Bounds => {
    const ends = (list: readonly GroupContrast[], shift: number) => {
      const each = list.map(({ first, second, value }) => {
        const [below, above] = reach({ first: first + shift, second: second + shift }, distance);
        return { low: value - below, high: value + above };
      });
      const low = Math.max(...each.map((one) => one.low));
      return { low, high: Math.max(...each.map((one) => one.high)), may: each.map((one) => one.high >= low) };
    };
    const before = ends(baseline, 0);
    const after = ends(candidate, offset);
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
    bounds: (confidence) => boundsAt(simultaneous.critical(confidence)),
    findPValue: (holds) => findLevel(simultaneous, (distance) => holds(boundsAt(distance))),
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
