// Poisson counts as what 16 random bits can decide, and rarely something else: together exact.

export interface PoissonMixture {
  /** For each count from 0: how many of the 65,536 values of 16 bits mean it. Larger counts come from the rest alone. */
  readonly shares: readonly number[];
  /** Chance that a count is drawn from `rest` instead. */
  readonly restChance: number;
  /** Chances of 0, 1, … in the rest. */
  readonly rest: readonly number[];
}

const values = 65536;

/**
 * p = (1 − restChance) · shares / 65,536 + restChance · rest, for a Poisson distribution with this mean ≤ 1, cut off after `most`. `counts`: of how many
 * counts 16 bits decide.
 */
export function splitPoisson(mean: number, counts: number, most: number): PoissonMixture {
  const chances = listPoisson(mean, most);
  const decided = chances.slice(0, counts).reduce((sum, chance) => sum + chance, 0);
  const shares = chances.slice(0, counts).map((chance) => Math.floor((values * chance) / decided));
  shares[0] = shares[0]! + values - shares.reduce((sum, share) => sum + share, 0);
  // As little as leaves no count with less than nothing for the rest.
  const restChance = Math.max(
    0,
    ...shares.map((share, count) => (share > 0 ? 1 - (values * chances[count]!) / share : 0)),
  );
  const rest = chances.map((chance, count) =>
    restChance > 0 ? Math.max(0, chance - ((1 - restChance) * (shares[count] ?? 0)) / values) / restChance : 0,
  );
  return { shares, restChance, rest };
}

function listPoisson(mean: number, most: number): readonly number[] {
  let chance = Math.exp(-mean);
  return Array.from({ length: most + 1 }, (_, count) => {
    if (count > 0) chance *= mean / count;
    return chance;
  });
}
