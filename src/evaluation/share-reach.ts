// How far the rates of groups may lie from what was seen: Wilson's ends, by as many independent rows as the rate varies like.
import { wilsonEnds } from "../statistics/binomial.ts";
import type { Reach, Reaches } from "../statistics/joined-reach.ts";
import { smoothShare } from "./share-covariance.ts";
import type { SpreadStatistic } from "./statistic.ts";

/**
 * Of all shares (of −log share for ratios) in the order of `covariance`, which `measureShareCovariance` made of the same statistics. Rows without weight or group
 * count as themselves: p(1 − p) / variance is their number and the two rows that the covariance adds.
 */
export function reachShares(
  statistics: readonly SpreadStatistic[],
  covariance: readonly Float64Array[],
  usualWeight: number,
): Reaches {
  const shares = statistics.flatMap(({ shares, form }) => shares.map((share) => ({ ...share, form })));
  const known = shares.map(({ hits, trials, form }, at) => {
    const rate = smoothShare(hits, trials, usualWeight);
    const variance = covariance[at]![at]! * (form === "ratio" ? rate * rate : 1);
    return { share: hits / trials, form, rows: Math.max(1, (rate * (1 - rate)) / variance - 2) };
  });
  return (z) =>
    known.map(({ share, form, rows }): Reach => {
      const [low, high] = wilsonEnds(share, rows, z);
      return form === "ratio" ? [Math.log(high / share), Math.log(share / low)] : [share - low, high - share];
    });
}
