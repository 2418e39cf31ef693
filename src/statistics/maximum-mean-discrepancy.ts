// The maximum mean discrepancy of two samples with a Gaussian kernel.

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
