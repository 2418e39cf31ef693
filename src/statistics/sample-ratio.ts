// Sample ratio mismatch: whether the sizes of the arms of an experiment fit the intended split.
import { chiSquareSurvival } from "./chi-square.ts";

/**
 * Chi-square p-value of `counts` against `weights` (any positive scale). Arms of weight 0 are left out and do not count
 * as degrees of freedom. 1 when fewer than two arms are kept or nothing was counted.
 */
export function testSampleRatio(counts: readonly number[], weights: readonly number[]): number {
  const kept = counts.flatMap((count, i) => ((weights[i] ?? 0) > 0 ? [{ count, weight: weights[i] ?? 0 }] : []));
  const total = kept.reduce((sum, arm) => sum + arm.count, 0);
  const weight = kept.reduce((sum, arm) => sum + arm.weight, 0);
  if (kept.length < 2 || total === 0) return 1;
  const statistic = kept.reduce((sum, arm) => {
    const expected = (total * arm.weight) / weight;
    return sum + (arm.count - expected) ** 2 / expected;
  }, 0);
  return chiSquareSurvival(statistic, kept.length - 1);
}
