// Welch's comparison of two means.
import { studentTQuantile, studentTTwoSided } from "./student-t.ts";

/** Count, mean and unbiased variance (divided by n − 1) of one sample. */
export interface SampleMoments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

export interface WelchTest {
  /** Mean of the second minus mean of the first. */
  readonly difference: number;
  readonly standardError: number;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  readonly interval: readonly [number, number];
}

/** Moments from sums, as warehouses give them. NaN variance below two values. */
export function momentsFromSums(count: number, sum: number, sumOfSquares: number): SampleMoments {
  const mean = sum / count;
  return { count, mean, variance: count < 2 ? Number.NaN : (sumOfSquares - sum * mean) / (count - 1) };
}

/**
 * Two-sided Welch t test and interval of the difference of means, Satterthwaite's degrees of freedom. Without variance
 * in both samples the p-value is 1 for equal means and 0 for different ones; NaN when a sample has less than two values.
 */
export function testWelch(a: SampleMoments, b: SampleMoments, confidence: number): WelchTest {
  const difference = b.mean - a.mean;
  const shareA = a.variance / a.count;
  const shareB = b.variance / b.count;
  const standardError = Math.sqrt(shareA + shareB);
  if (standardError === 0) {
    const statistic = difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
    const certain = { difference, standardError, statistic, degreesOfFreedom: a.count + b.count - 2 };
    return { ...certain, pValue: difference === 0 ? 1 : 0, interval: [difference, difference] };
  }
  const degreesOfFreedom = (shareA + shareB) ** 2 / (shareA ** 2 / (a.count - 1) + shareB ** 2 / (b.count - 1));
  const statistic = difference / standardError;
  const half = studentTQuantile(0.5 + confidence / 2, degreesOfFreedom) * standardError;
  return {
    difference,
    standardError,
    statistic,
    degreesOfFreedom,
    pValue: studentTTwoSided(statistic, degreesOfFreedom),
    interval: [difference - half, difference + half],
  };
}
