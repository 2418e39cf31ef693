// The t test for differences from cross-validation or repeated splits, whose training sets overlap.
import { type Inference, inferNormal } from "./inference.ts";
import { studentTCdf, studentTQuantile, studentTSurvival, studentTTwoSided } from "./student-t.ts";

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

/** The same as interval and one-sided tests against any limit. No variation decides nothing; NaN with fewer than two differences. */
export function inferCorrectedResampledT(differences: readonly number[], testShare: number): Inference {
  const { mean, standardError } = testCorrectedResampledT(differences, testShare);
  if (!(standardError > 0)) return inferNormal(mean, standardError);
  const freedom = differences.length - 1;
  return {
    estimate: mean,
    standardError,
    interval: (confidence) => {
      const half = studentTQuantile((1 + confidence) / 2, freedom) * standardError;
      return [mean - half, mean + half];
    },
    pValueAbove: (limit) => studentTSurvival((mean - limit) / standardError, freedom),
    pValueBelow: (limit) => studentTCdf((mean - limit) / standardError, freedom),
  };
}
