// How far the difference of two estimates may lie from what was seen, from how far each of them may: the variance at each end is recovered from the ends of
// their own intervals (Zou and Donner 2008), which need not be symmetric.

/** Distances ≥ 0 from an estimate down and up to the ends of its interval. */
export type Reach = readonly [below: number, above: number];

/** Of several estimates, in their order, by the number of standard errors `z` ≥ 0. */
export type Reaches = (z: number) => readonly Reach[];

/** Reach of first − second. */
export function joinReach(first: Reach, second: Reach, correlation: number): Reach {
  const join = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one * one + other * other - 2 * correlation * one * other));
  return [join(first[0], second[1]), join(first[1], second[0])];
}

/** Of a covariance and the two variances; 0 where one of them does not vary. */
export function correlate(covariance: number, first: number, second: number): number {
  const product = Math.sqrt(first * second);
  return product > 0 ? Math.max(-1, Math.min(1, covariance / product)) : 0;
}

/** Reach of estimate `first` − estimate `second` of several with this covariance. */
export function reachPairs(
  reaches: Reaches,
  covariance: readonly Float64Array[],
): (pair: { readonly first: number; readonly second: number }, z: number) => Reach {
  let known: { readonly z: number; readonly reach: readonly Reach[] } | null = null;
  return ({ first, second }, z) => {
    if (known?.z !== z) known = { z, reach: reaches(z) };
    const correlation = correlate(
      covariance[first]![second]!,
      covariance[first]![first]!,
      covariance[second]![second]!,
    );
    return joinReach(known.reach[first]!, known.reach[second]!, correlation);
  };
}
