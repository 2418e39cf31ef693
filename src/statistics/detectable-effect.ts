// How small a change a run of drift tests can see, and how many rows a given change needs.

/**
 * Smallest Kolmogorov-Smirnov distance that a run of `tests` tests, corrected by Benjamini and Hochberg at level `q`, is
 * sure to call: √(ln(2T/q)/2)·√(1/n + 1/m). Infinity when a sample is empty.
 */
export function smallestDetectableDistance(tests: number, q: number, n: number, m: number): number {
  if (n === 0 || m === 0) return Number.POSITIVE_INFINITY;
  return Math.sqrt(Math.log((2 * Math.max(1, tests)) / q) / 2) * Math.sqrt(1 / n + 1 / m);
}

/** Rows the current sample needs so that `distance` is detectable against `n` reference rows; null when none suffice. */
export function rowsNeededFor(distance: number, tests: number, q: number, n: number): number | null {
  const budget = (distance * distance) / (Math.log((2 * Math.max(1, tests)) / q) / 2) - 1 / n;
  return budget > 0 ? Math.ceil(1 / budget) : null;
}
