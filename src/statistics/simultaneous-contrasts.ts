// Intervals of many linear contrasts that hold all at once (max-T): one common critical value, drawn from correlated normal estimates.
import type { Random } from "./rng.ts";

/** `value` = Σ coefficient · estimate over `terms`, given as [index of the estimate, coefficient]. */
export interface LinearContrast {
  readonly terms: readonly (readonly [number, number])[];
  readonly value: number;
}

export interface SimultaneousContrasts {
  /** Standard error of each contrast. */
  readonly errors: readonly number[];
  /** Every value ± this many of its errors covers all contrasts at once with the given confidence. */
  readonly critical: (confidence: number) => number;
  /** How often the largest |error| of all contrasts is at least `distance` standard errors: (k + 1) / (B + 1). */
  readonly tail: (distance: number) => number;
  /** The distances drawn, ascending. */
  readonly maxima: Float64Array;
}

const draws = 4000;

/**
 * `covariance` is that of the estimates, square and symmetric; what is not positive semidefinite by rounding is taken as 0. Contrasts without
 * variation take no part. Westfall and Young (1993), with the normal limit in place of resampling.
 */
export function inferSimultaneously(
  contrasts: readonly LinearContrast[],
  covariance: readonly Float64Array[],
  random: Random,
): SimultaneousContrasts {
  const errors = contrasts.map(({ terms }) => {
    let variance = 0;
    for (const [row, left] of terms)
      for (const [column, right] of terms) variance += left * right * covariance[row]![column]!;
    return Math.sqrt(Math.max(0, variance));
  });
  const varying = contrasts.flatMap(({ terms }, at) => (errors[at]! > 0 ? [{ terms, error: errors[at]! }] : []));
  const maxima = drawMaxima(varying, covariance, random);
  return {
    errors,
    maxima,
    critical: (confidence) => maxima[Math.min(draws - 1, Math.ceil(confidence * (draws + 1)) - 1)]!,
    tail: (distance) => {
      let beyond = 0;
      for (let at = draws - 1; at >= 0 && maxima[at]! >= distance; at -= 1) beyond += 1;
      return (beyond + 1) / (draws + 1);
    },
  };
}

function drawMaxima(
  contrasts: readonly { readonly terms: LinearContrast["terms"]; readonly error: number }[],
  covariance: readonly Float64Array[],
  random: Random,
): Float64Array {
  const factor = factorize(covariance);
  const maxima = new Float64Array(draws);
  const noise = new Float64Array(factor.length);
  const estimates = new Float64Array(factor.length);
  for (let draw = 0; draw < draws; draw += 1) {
    for (let at = 0; at < noise.length; at += 1) noise[at] = random.nextNormal();
    factor.forEach((row, at) => {
      let sum = 0;
      for (const [column, weight] of row) sum += weight * noise[column]!;
      estimates[at] = sum;
    });
    let most = 0;
    for (const { terms, error } of contrasts) {
      let value = 0;
      for (const [index, weight] of terms) value += weight * estimates[index]!;
      most = Math.max(most, Math.abs(value) / error);
    }
    maxima[draw] = most;
  }
  return maxima.sort();
}

/** Rows of the lower Cholesky factor without their zeros; estimates of different groups rarely hang together. */
function factorize(covariance: readonly Float64Array[]): readonly (readonly (readonly [number, number])[])[] {
  const size = covariance.length;
  const lower = covariance.map(() => new Float64Array(size));
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = covariance[row]![column]!;
      for (let at = 0; at < column; at += 1) sum -= lower[row]![at]! * lower[column]![at]!;
      if (row === column) lower[row]![row] = sum > 1e-12 * covariance[row]![row]! ? Math.sqrt(sum) : 0;
      else if (lower[column]![column]! > 0) lower[row]![column] = sum / lower[column]![column]!;
    }
  return lower.map((row) => [...row].flatMap((value, column) => (value === 0 ? [] : [[column, value] as const])));
}
