// Distances of two distributions given as counts over the same categories or bins.

/** Shares of the two, and whether 0.5 was added to every cell because one was empty in only one of them. */
interface Shares {
  readonly p: readonly number[];
  readonly q: readonly number[];
}

/** A divergence that needs logarithms, and whether counts were smoothed for it. */
export interface SmoothedDistance {
  readonly value: number;
  /** A cell was empty in one of the two, so 0.5 was added to every cell of both. */
  readonly smoothed: boolean;
}

/** Σ (p − q)·ln(p/q), the population stability index. Cells empty in both are left out; 0 when a side is empty. */
export function populationStabilityIndex(reference: readonly number[], current: readonly number[]): SmoothedDistance {
  return withLogarithms(reference, current, (p, q) => (p - q) * Math.log(p / q));
}

/** Σ p·ln(p/q): Kullback-Leibler divergence of the reference from the current, natural logarithm. */
export function kullbackLeiblerDivergence(reference: readonly number[], current: readonly number[]): SmoothedDistance {
  return withLogarithms(reference, current, (p, q) => p * Math.log(p / q));
}

/** Mean of the index over `bins` cells when nothing drifted: (B − 1)·(1/n + 1/m). */
export function populationStabilityNullMean(bins: number, n: number, m: number): number {
  return n === 0 || m === 0 ? 0 : Math.max(0, bins - 1) * (1 / n + 1 / m);
}

/** Jensen-Shannon distance to base 2: the square root of the divergence, in [0, 1]. Empty cells need no smoothing. */
export function jensenShannonDistance(reference: readonly number[], current: readonly number[]): number {
  const { p, q } = toShares(reference, current);
  let divergence = 0;
  p.forEach((share, i) => {
    const other = q[i] ?? 0;
    const middle = (share + other) / 2;
    if (share > 0) divergence += 0.5 * share * Math.log2(share / middle);
    if (other > 0) divergence += 0.5 * other * Math.log2(other / middle);
  });
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

/** Hellinger distance √(½·Σ (√p − √q)²), in [0, 1]. */
export function hellingerDistance(reference: readonly number[], current: readonly number[]): number {
  const { p, q } = toShares(reference, current);
  const sum = p.reduce((total, share, i) => total + (Math.sqrt(share) - Math.sqrt(q[i] ?? 0)) ** 2, 0);
  return Math.sqrt(sum / 2);
}

/** Total variation ½·Σ |p − q|, in [0, 1]: the largest difference over all sets of categories. */
export function totalVariationDistance(reference: readonly number[], current: readonly number[]): number {
  const { p, q } = toShares(reference, current);
  return p.reduce((total, share, i) => total + Math.abs(share - (q[i] ?? 0)), 0) / 2;
}

/** L∞ distance max |p − q|. */
export function largestShareDifference(reference: readonly number[], current: readonly number[]): number {
  const { p, q } = toShares(reference, current);
  return p.reduce((most, share, i) => Math.max(most, Math.abs(share - (q[i] ?? 0))), 0);
}

/** Mean of the total variation when nothing drifted: ½·Σ √(2·p(1−p)(1/n + 1/m)/π) at the pooled shares p. */
export function totalVariationNullMean(reference: readonly number[], current: readonly number[]): number {
  const n = sum(reference);
  const m = sum(current);
  if (n === 0 || m === 0) return 0;
  let mean = 0;
  for (let i = 0; i < Math.max(reference.length, current.length); i++) {
    const pooled = ((reference[i] ?? 0) + (current[i] ?? 0)) / (n + m);
    mean += Math.sqrt((2 * pooled * (1 - pooled) * (1 / n + 1 / m)) / Math.PI) / 2;
  }
  return mean;
}

function withLogarithms(
  reference: readonly number[],
  current: readonly number[],
  term: (p: number, q: number) => number,
): SmoothedDistance {
  const pairs = Array.from({ length: Math.max(reference.length, current.length) }, (_, i) => [
    reference[i] ?? 0,
    current[i] ?? 0,
  ]).filter(([r = 0, c = 0]) => r + c > 0);
  if (sum(reference) === 0 || sum(current) === 0) return { value: 0, smoothed: false };
  const smoothed = pairs.some(([r = 0, c = 0]) => r === 0 || c === 0);
  const extra = smoothed ? 0.5 : 0;
  const { p, q } = toShares(
    pairs.map(([r = 0]) => r + extra),
    pairs.map(([, c = 0]) => c + extra),
  );
  const value = p.reduce((total, share, i) => total + term(share, q[i] ?? 0), 0);
  return { value: Math.max(0, value), smoothed };
}

/** Both empty sides give no shares at all, so every distance is 0. */
function toShares(reference: readonly number[], current: readonly number[]): Shares {
  const n = sum(reference);
  const m = sum(current);
  if (n === 0 || m === 0) return { p: [], q: [] };
  const length = Math.max(reference.length, current.length);
  return {
    p: Array.from({ length }, (_, i) => (reference[i] ?? 0) / n),
    q: Array.from({ length }, (_, i) => (current[i] ?? 0) / m),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
