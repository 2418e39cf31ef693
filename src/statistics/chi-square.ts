// The chi-square distribution.
import { regularizedGammaP, regularizedGammaQ } from "./gamma.ts";
import { normalQuantile } from "./normal.ts";
import { findRoot } from "./root.ts";

/** P(X ≤ x) with `degreesOfFreedom` > 0; 0 below 0. */
export function chiSquareCdf(x: number, degreesOfFreedom: number): number {
  return x <= 0 ? 0 : regularizedGammaP(degreesOfFreedom / 2, x / 2);
}

/** P(X > x), the p-value of a chi-square statistic; exact in the far tail; 1 at or below 0. */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return x <= 0 ? 1 : regularizedGammaQ(degreesOfFreedom / 2, x / 2);
}

/** The x with P(X ≤ x) = `probability`. */
export function chiSquareQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability >= 0 && probability <= 1 && degreesOfFreedom > 0)) return Number.NaN;
  if (probability === 0) return 0;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  const c = 2 / (9 * degreesOfFreedom);
  let high = degreesOfFreedom * Math.max(1, 1 - c + normalQuantile(probability) * Math.sqrt(c)) ** 3 + 1;
  while (chiSquareCdf(high, degreesOfFreedom) < probability) high *= 2;
  const upper = probability > 0.5;
  return findRoot(
    (x) =>
      upper
        ? 1 - probability - chiSquareSurvival(x, degreesOfFreedom)
        : chiSquareCdf(x, degreesOfFreedom) - probability,
    0,
    high,
  );
}
