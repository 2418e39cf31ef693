// Asymptotic confidence sequences (Waudby-Smith et al., arXiv 2103.06476): intervals that hold at every look.
import type { SampleMoments } from "./welch.ts";

export interface ConfidenceSequence {
  /** (mean b − mean a) / mean a. */
  readonly lift: number;
  readonly interval: readonly [number, number];
  readonly rho: number;
}

/** The tuning ρ that makes the sequence tightest at `rows` observations (eq. 155, approximately). */
export function tuneConfidenceSequence(alpha: number, rows: number): number {
  const log = -2 * Math.log(alpha);
  return Math.sqrt((log + Math.log(log + 1)) / rows);
}

/** Half-width at n observations of an estimate whose standard error is s/√n (eq. 9). */
export function confidenceSequenceRadius(s: number, n: number, alpha: number, rho: number): number {
  const scaled = n * rho * rho + 1;
  return s * (Math.sqrt(2 * scaled * Math.log(Math.sqrt(scaled) / alpha)) / (n * rho));
}

/**
 * Confidence sequence of the relative lift of b over a, by the delta method, tuned for `tunedRows` observations.
 * `variance` of the moments is that of one observation. NaN when the mean of a is 0.
 */
export function relativeLiftSequence(
  a: SampleMoments,
  b: SampleMoments,
  alpha: number,
  tunedRows = 5000,
): ConfidenceSequence {
  const n = a.count + b.count;
  const lift = (b.mean - a.mean) / a.mean;
  const variance = b.variance / (b.count * a.mean ** 2) + (a.variance * b.mean ** 2) / (a.count * a.mean ** 4);
  const rho = tuneConfidenceSequence(alpha, tunedRows);
  const half = confidenceSequenceRadius(Math.sqrt(variance * n), n, alpha, rho);
  return { lift, interval: [lift - half, lift + half], rho };
}
