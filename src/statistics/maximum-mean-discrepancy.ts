// The maximum mean discrepancy of two samples with a Gaussian kernel.
import type { Random } from "./rng.ts";

/** Rows of equal length; a sample of one column has rows of length 1. */
export type Points = readonly (readonly number[])[];

/** exp(−|x − y|² / (2σ²)). */
function kernel(x: readonly number[], y: readonly number[], sigma: number): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += ((x[i] ?? 0) - (y[i] ?? 0)) ** 2;
  return Math.exp(-square / (2 * sigma * sigma));
}

/** Biased MMD² (self pairs count; never negative). NaN when a sample is empty. */
export function biasedDiscrepancy(a: Points, b: Points, sigma: number): number {
  return meanKernel(a, a, sigma, false) + meanKernel(b, b, sigma, false) - 2 * meanKernel(a, b, sigma, false);
}

/** Unbiased MMD² (without self pairs; may be negative). NaN when a sample has less than two rows. */
export function unbiasedDiscrepancy(a: Points, b: Points, sigma: number): number {
  return meanKernel(a, a, sigma, true) + meanKernel(b, b, sigma, true) - 2 * meanKernel(a, b, sigma, false);
}

/** p-value of a permutation test, counting the observed statistic itself: (k + 1) / (B + 1), never 0. */
export function permutationPValue(observed: number, permuted: readonly number[]): number {
  return (permuted.filter((value) => value >= observed).length + 1) / (permuted.length + 1);
}

export interface DiscrepancyTest {
  /** Unbiased MMD². */
  readonly statistic: number;
  readonly pValue: number;
  /** Width of the kernel: the median distance between two rows of either sample (1 when that is 0). */
  readonly sigma: number;
}

/**
 * Permutation test of the unbiased MMD² with a Gaussian kernel at the median distance, p = (k + 1) / (B + 1). Time grows
 * with the square of the rows and with `permutations`; both samples need at least two rows.
 */
export function testDiscrepancy(a: Points, b: Points, permutations: number, random: Random): DiscrepancyTest {
  const rows = [...a, ...b];
  const count = rows.length;
  const squares = new Float64Array(count * count);
  const distances: number[] = [];
  rows.forEach((x, i) => {
    for (let j = 0; j < i; j++) {
      const y = rows[j] as readonly number[];
      let square = 0;
      for (let k = 0; k < x.length; k++) square += ((x[k] as number) - (y[k] as number)) ** 2;
      squares[i * count + j] = square;
      squares[j * count + i] = square;
      distances.push(square);
    }
  });
  const median = Float64Array.from(distances).sort()[distances.length >> 1] ?? 0;
  const sigma = median > 0 ? Math.sqrt(median) : 1;
  const kernels = squares.map((square) => Math.exp(-square / (2 * sigma * sigma)));
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const statistic = measureSplit(kernels, order, a.length);
  const permuted = Array.from({ length: permutations }, () => {
    for (let i = count - 1; i > 0; i--) {
      const at = random.nextInteger(i + 1);
      const kept = order[i] as number;
      order[i] = order[at] as number;
      order[at] = kept;
    }
    return measureSplit(kernels, order, a.length);
  });
  return { statistic, pValue: permutationPValue(statistic, permuted), sigma };
}

/** Unbiased MMD² when the first `size` of `order` are one sample and the others the other. */
function measureSplit(kernels: Float64Array, order: Int32Array, size: number): number {
  const count = order.length;
  let [first, second, between] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const row = (order[i] as number) * count;
    for (let j = 0; j < i; j++) {
      const value = kernels[row + (order[j] as number)] as number;
      if (i < size) first += value;
      else if (j >= size) second += value;
      else between += value;
    }
  }
  const other = count - size;
  return (2 * first) / (size * (size - 1)) + (2 * second) / (other * (other - 1)) - (2 * between) / (size * other);
}

function meanKernel(a: Points, b: Points, sigma: number, withoutSelf: boolean): number {
  let sum = 0;
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      if (!withoutSelf || i !== j) sum += kernel(x, y, sigma);
    });
  });
  const pairs = withoutSelf ? a.length * (a.length - 1) : a.length * b.length;
  return pairs === 0 ? Number.NaN : sum / pairs;
}
