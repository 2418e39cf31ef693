// Adjusted p-values of a family of tests, in the order the raw ones were given.

/** Holm's step-down adjusted p-values: controls the chance of any false rejection. */
export function adjustHolm(pValues: readonly number[]): number[] {
  const count = pValues.length;
  const order = ascendingOrder(pValues);
  const adjusted = new Array<number>(count).fill(1);
  let running = 0;
  order.forEach((index, rank) => {
    running = Math.max(running, Math.min(1, (count - rank) * pValueAt(pValues, index)));
    adjusted[index] = running;
  });
  return adjusted;
}

/** Benjamini and Hochberg's step-up adjusted p-values: controls the expected share of false rejections. */
export function adjustBenjaminiHochberg(pValues: readonly number[]): number[] {
  const count = pValues.length;
  const order = ascendingOrder(pValues);
  const adjusted = new Array<number>(count).fill(1);
  let running = 1;
  for (let rank = count - 1; rank >= 0; rank--) {
    const index = order[rank] ?? 0;
    running = Math.min(running, (count / (rank + 1)) * pValueAt(pValues, index));
    adjusted[index] = running;
  }
  return adjusted;
}

/** Benjamini and Yekutieli's adjusted p-values: the same under any dependence between the tests. */
export function adjustBenjaminiYekutieli(pValues: readonly number[]): number[] {
  let harmonic = 0;
  for (let k = 1; k <= pValues.length; k++) harmonic += 1 / k;
  return adjustBenjaminiHochberg(pValues).map((p) => Math.min(1, p * harmonic));
}

function ascendingOrder(pValues: readonly number[]): number[] {
  return pValues.map((_, index) => index).sort((a, b) => pValueAt(pValues, a) - pValueAt(pValues, b) || a - b);
}

/** A p-value that could not be computed counts as 1: it can never make another one significant. */
function pValueAt(pValues: readonly number[], index: number): number {
  const p = pValues[index] ?? 1;
  return Number.isNaN(p) ? 1 : p;
}
