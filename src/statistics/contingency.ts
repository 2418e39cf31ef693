// Tests on tables of counts: homogeneity (chi-square and G) and Fisher's exact test.
import { chiSquareSurvival } from "./chi-square.ts";
import { deviancePart, stirlingError } from "./gamma.ts";

export interface ContingencyTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly degreesOfFreedom: number;
}

/**
 * Pearson's chi-square test that two samples of counts over the same categories have one distribution; no continuity
 * correction; categories empty in both are left out. An empty sample or a single category: statistic 0, p 1.
 */
export function testHomogeneity(a: readonly number[], b: readonly number[]): ContingencyTest {
  return testCounts(a, b, (observed, expected) => (observed - expected) ** 2 / expected);
}

/** The likelihood-ratio (G) test of the same hypothesis. */
export function testLikelihoodRatio(a: readonly number[], b: readonly number[]): ContingencyTest {
  return testCounts(a, b, (observed, expected) =>
    observed === 0 ? 2 * expected : 2 * deviancePart(observed, expected),
  );
}

/** Cramér's V of the 2 × k table, in [0, 1]. */
export function cramerV(a: readonly number[], b: readonly number[]): number {
  const total = sum(a) + sum(b);
  return total === 0 ? 0 : Math.sqrt(testHomogeneity(a, b).statistic / total);
}

/**
 * Fisher's exact test of the table [[a, b], [c, d]], two-sided: the sum of all tables with the same margins that are not
 * more likely than this one (tolerance 1e-14 relative, as SciPy). p 1 when a margin is 0.
 */
export function testFisher(a: number, b: number, c: number, d: number): number {
  const row = a + b;
  const column = a + c;
  const total = a + b + c + d;
  const low = Math.max(0, column - (total - row));
  const high = Math.min(row, column);
  if (low === high) return 1;
  const limit = hypergeometricMass(a, row, column, total) * (1 + 1e-14);
  let p = 0;
  for (let k = low; k <= high; k++) {
    const mass = hypergeometricMass(k, row, column, total);
    if (mass <= limit) p += mass;
  }
  return Math.min(1, p);
}

/** P(k marked among `drawn` of `total`, `marked` of which are marked). */
export function hypergeometricMass(k: number, drawn: number, marked: number, total: number): number {
  return Math.exp(logChoose(marked, k) + logChoose(total - marked, drawn - k) - logChoose(total, drawn));
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  if (k === 0 || k === n) return 0;
  const rest = n - k;
  const shape = stirlingError(n) - stirlingError(k) - stirlingError(rest);
  return shape - k * Math.log(k / n) - rest * Math.log(rest / n) + 0.5 * Math.log(n / (2 * Math.PI * k * rest));
}

function testCounts(
  a: readonly number[],
  b: readonly number[],
  term: (observed: number, expected: number) => number,
): ContingencyTest {
  const n = sum(a);
  const m = sum(b);
  let statistic = 0;
  let categories = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const pooled = (a[i] ?? 0) + (b[i] ?? 0);
    if (pooled === 0 || n === 0 || m === 0) continue;
    categories++;
    statistic += term(a[i] ?? 0, (pooled * n) / (n + m)) + term(b[i] ?? 0, (pooled * m) / (n + m));
  }
  const degreesOfFreedom = Math.max(0, categories - 1);
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquareSurvival(statistic, degreesOfFreedom);
  return { statistic, pValue, degreesOfFreedom };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
