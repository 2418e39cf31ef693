// Thresholds learned from a column's own past: how far apart windows without trouble usually are.
import { studentTQuantile } from "../statistics/student-t.ts";

/** Reference windows needed before anything is learned. */
export const fewestLearningWindows = 8;

/**
 * Upper prediction bound of the effect of one more ordinary window: mean + t·sd·√(1 + 1/w) at 97.5 %. `effects` are those
 * of each reference window against all the others (leave one out), at least eight; null with fewer.
 */
export function learnThreshold(effects: readonly number[]): number | null {
  const count = effects.length;
  if (count < fewestLearningWindows) return null;
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / count;
  const variance = effects.reduce((sum, effect) => sum + (effect - mean) ** 2, 0) / (count - 1);
  return mean + studentTQuantile(0.975, count - 1) * Math.sqrt(variance * (1 + 1 / count));
}
