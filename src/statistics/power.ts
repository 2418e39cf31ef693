// What a sample of this size can show: detectable losses, passable margins, rows needed.
import { normalQuantile } from "./normal.ts";

/** The chance with which a loss is to be seen, or an equal model to pass. */
export const usualPower = 0.8;

/** Distance beyond a limit at which a one-sided test at `alpha` succeeds with `power`: (z₁₋α + z_power) · SE. */
export function measureDetectableDistance(standardError: number, alpha: number, power: number = usualPower): number {
  return (normalQuantile(1 - alpha) + normalQuantile(power)) * standardError;
}

/**
 * Rows at which an effect `distance` away from the limit is decided with `power` by a one-sided test at `alpha`, when `rows` rows have given
 * `standardError`; the error falls with the root of the rows. Infinity when the distance is 0; at least 1.
 */
export function estimateRowsNeeded(
  rows: number,
  standardError: number,
  distance: number,
  alpha: number,
  power: number = usualPower,
): number {
  const ratio = measureDetectableDistance(standardError, alpha, power) / Math.abs(distance);
  return Math.max(1, Math.ceil(rows * ratio * ratio));
}
