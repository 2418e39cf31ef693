// The Mann-Whitney U test.
import { normalSurvival } from "./normal.ts";
import { midranks, tieCorrection } from "./ranks.ts";

export interface MannWhitney {
  /** U of the first sample. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: "exact" | "asymptotic";
}

/**
 * Two-sided Mann-Whitney test of samples without NaN. Exact when a sample has at most 8 values and there are no ties,
 * else the normal limit with continuity and tie corrections, as SciPy's `mannwhitneyu`. p 1 when a sample is empty or all
 * values are equal.
 */
export function testMannWhitney(a: Float64Array, b: Float64Array): MannWhitney {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return { statistic: 0, pValue: 1, method: "exact" };
  const all = new Float64Array(n + m);
  all.set(a);
  all.set(b, n);
  const ranks = midranks(all);
  let rankSum = 0;
  for (let i = 0; i < n; i++) rankSum += ranks[i] as number;
  const statistic = rankSum - (n * (n + 1)) / 2;
  const ties = tieCorrection(all);
  const larger = Math.max(statistic, n * m - statistic);
  if (ties === 0 && Math.min(n, m) <= 8) {
    return { statistic, pValue: Math.min(1, 2 * exactSurvival(larger, n, m)), method: "exact" };
  }
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  if (!(deviation > 0)) return { statistic, pValue: 1, method: "asymptotic" };
  const z = (larger - (n * m) / 2 - 0.5) / deviation;
  return { statistic, pValue: Math.min(1, 2 * normalSurvival(z)), method: "asymptotic" };
}

/** P(U ≥ u) by the coefficients of the Gaussian binomial, as shares. */
function exactSurvival(u: number, n: number, m: number): number {
  const most = n * m;
  let counts = new Float64Array(most + 1);
  counts[0] = 1;
  for (let k = 1; k <= n; k++) {
    counts = multiplyByOneMinus(counts, m + k);
    counts = divideByOneMinus(counts, k);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  let reached = 0;
  for (let value = Math.ceil(u); value <= most; value++) reached += counts[value] as number;
  return reached / total;
}

/** Polynomial times (1 − x^power), cut at its length. */
function multiplyByOneMinus(polynomial: Float64Array, power: number): Float64Array<ArrayBuffer> {
  const result = Float64Array.from(polynomial);
  for (let i = polynomial.length - 1; i >= power; i--) {
    result[i] = (polynomial[i] as number) - (polynomial[i - power] as number);
  }
  return result;
}

/** Polynomial divided by (1 − x^power). */
function divideByOneMinus(polynomial: Float64Array, power: number): Float64Array<ArrayBuffer> {
  const result = Float64Array.from(polynomial);
  for (let i = power; i < result.length; i++) result[i] = (result[i] as number) + (result[i - power] as number);
  return result;
}
