// The beta distribution: regularised incomplete beta function and its inverse.
import { deviancePart, stirlingError } from "./gamma.ts";
import { findRoot } from "./root.ts";

/**
 * Regularised incomplete beta I_x(a, b) = P(Beta(a, b) ≤ x), a, b > 0, 0 ≤ x ≤ 1; NaN outside.
 * `complement` is 1 − x; give it when it is known more exactly than by subtraction (far upper tail).
 */
export function regularizedBeta(x: number, a: number, b: number, complement: number = 1 - x): number {
  if (!(a > 0 && b > 0 && x >= 0 && complement >= 0)) return Number.NaN;
  if (x === 0) return 0;
  if (complement === 0) return 1;
  if (x <= (a + 1) / (a + b + 2)) return (betaPrefix(x, complement, a, b) * betaFraction(x, a, b)) / a;
  return 1 - (betaPrefix(complement, x, b, a) * betaFraction(complement, b, a)) / b;
}

/** The x with I_x(a, b) = `probability`, 0 ≤ probability ≤ 1. */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (!(probability >= 0 && probability <= 1 && a > 0 && b > 0)) return Number.NaN;
  if (probability === 0) return 0;
  if (probability === 1) return 1;
  return findRoot((x) => regularizedBeta(x, a, b) - probability, 0, 1);
}

/** x^a · (1−x)^b / B(a, b), by Loader's saddle point form; parameters below 1 are raised by B(a+1, b) = B(a, b)·a/(a+b) first. */
function betaPrefix(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  if (a < 1) return (betaPrefix(x, y, a + 1, b) * a) / (n * x);
  if (b < 1) return (betaPrefix(x, y, a, b + 1) * b) / (n * y);
  const deviance = deviancePart(a, n * x) + deviancePart(b, n * y);
  const stirling = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return Math.exp(stirling - deviance) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/** Continued fraction of the incomplete beta function by the modified Lentz method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 1_000_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return fraction;
}
