// The t test for differences from cross-validation or repeated splits, whose training sets overlap.
import { studentTTwoSided } from "./student-t.ts";

/**
 * Nadeau and Bengio's (2003) corrected resampled t test of mean difference 0: variance × (1/k + test/train). Two-sided, k − 1 degrees of freedom.
 * `testShare` = rows tested / rows trained per split. NaN with fewer than two differences or without variation.
 */
export function testCorrectedResampledT(
  differences: readonly number[],
  testShare: number,
): { readonly mean: number; readonly standardError: number; readonly t: number; readonly pValue: number } {
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const standardError = Math.sqrt(variance * (1 / count + testShare));
  const t = standardError > 0 ? mean / standardError : Number.NaN;
  return { mean, standardError, t, pValue: studentTTwoSided(t, count - 1) };
}
