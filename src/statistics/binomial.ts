// The binomial distribution and intervals for a share.
import { betaQuantile, regularizedBeta } from "./beta.ts";
import { deviancePart, stirlingError } from "./gamma.ts";
import { normalQuantile } from "./normal.ts";
import { findRoot } from "./root.ts";

/** P(X = successes) for X ~ Binomial(trials, probability), by Loader's saddle point form. */
export function binomialMass(successes: number, trials: number, probability: number): number {
  if (successes < 0 || successes > trials) return 0;
  if (probability === 0) return successes === 0 ? 1 : 0;
  if (probability === 1) return successes === trials ? 1 : 0;
  if (successes === 0) return Math.exp(trials * Math.log1p(-probability));
  const failures = trials - successes;
  if (failures === 0) return Math.exp(trials * Math.log(probability));
  const deviance = deviancePart(successes, trials * probability) + deviancePart(failures, trials * (1 - probability));
  const stirling = stirlingError(trials) - stirlingError(successes) - stirlingError(failures);
  return Math.exp(stirling - deviance) * Math.sqrt(trials / (2 * Math.PI * successes * failures));
}

/** P(X ≤ successes). */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  const k = Math.floor(successes);
  if (k < 0) return 0;
  if (k >= trials) return 1;
  return regularizedBeta(1 - probability, trials - k, k + 1, probability);
}

/** P(X > successes). */
export function binomialSurvival(successes: number, trials: number, probability: number): number {
  const k = Math.floor(successes);
  if (k < 0) return 1;
  if (k >= trials) return 0;
  return regularizedBeta(probability, k + 1, trials - k, 1 - probability);
}

/** Wilson's score interval for a share, without continuity correction; [0, 1] when there are no trials. */
export function wilsonInterval(successes: number, trials: number, confidence: number): readonly [number, number] {
  return trials === 0 ? [0, 1] : wilsonEnds(successes / trials, trials, normalQuantile(0.5 + confidence / 2));
}

/** The same for a share of so many trials (> 0, also fractions of one), by the number of standard errors `z` ≥ 0. */
export function wilsonEnds(share: number, trials: number, z: number): readonly [number, number] {
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [share === 0 ? 0 : Math.max(0, centre - half), share === 1 ? 1 : Math.min(1, centre + half)];
}

/** Clopper and Pearson's exact interval for a share; [0, 1] when there are no trials. */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  confidence: number,
): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const tail = (1 - confidence) / 2;
  const low = successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1);
  const high = successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes);
  return [low, high];
}

/** P(X > successes) + P(X = successes) / 2: the mid-p value against "the share is at most `share`". Outside (0, 1) the share is taken as its end. */
export function midPTail(successes: number, trials: number, share: number): number {
  const probability = Math.min(1, Math.max(0, share));
  return binomialSurvival(successes, trials, probability) + binomialMass(successes, trials, probability) / 2;
}

/** Interval of the shares that the mid-p test does not reject in either direction; [0, 1] when there are no trials. */
export function midPInterval(successes: number, trials: number, confidence: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const tail = (1 - confidence) / 2;
  const low = (hits: number): number =>
    hits === 0 ? 0 : findRoot((share) => midPTail(hits, trials, share) - tail, 0, hits / trials);
  return [low(successes), 1 - low(trials - successes)];
}
