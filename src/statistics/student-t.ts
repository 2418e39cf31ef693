// Student's t distribution; degrees of freedom may be any positive real number (Welch).
import { regularizedBeta } from "./beta.ts";
import { normalQuantile, normalSurvival } from "./normal.ts";
import { findRoot } from "./root.ts";

/** P(T > t) with `degreesOfFreedom` > 0 (Infinity: normal); exact in the far tail. */
export function studentTSurvival(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t) || !(degreesOfFreedom > 0)) return Number.NaN;
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalSurvival(t);
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t === Number.NEGATIVE_INFINITY) return 1;
  const square = t * t;
  const near = degreesOfFreedom / (degreesOfFreedom + square);
  const far = square / (degreesOfFreedom + square);
  const tail = 0.5 * regularizedBeta(near, degreesOfFreedom / 2, 0.5, far);
  return t >= 0 ? tail : 1 - tail;
}

/** P(T ≤ t). */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  return studentTSurvival(-t, degreesOfFreedom);
}

/** Two-sided p-value P(|T| ≥ |t|). */
export function studentTTwoSided(t: number, degreesOfFreedom: number): number {
  return Math.min(1, 2 * studentTSurvival(Math.abs(t), degreesOfFreedom));
}

/** The t with P(T ≤ t) = `probability`; ±Infinity at 1 and 0, NaN outside [0, 1]. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability >= 0 && probability <= 1 && degreesOfFreedom > 0)) return Number.NaN;
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  if (probability === 0.5) return 0;
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalQuantile(probability);
  const tail = probability < 0.5 ? probability : 1 - probability;
  let high = Math.max(1, -normalQuantile(tail));
  while (studentTSurvival(high, degreesOfFreedom) > tail) high *= 2;
  const target = Math.log(tail);
  const t = findRoot((value) => Math.log(studentTSurvival(value, degreesOfFreedom)) - target, 0, high);
  return probability < 0.5 ? -t : t;
}
