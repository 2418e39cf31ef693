// Principal components of the reference, and how badly a row fits them.
import { decomposeSymmetric } from "../statistics/symmetric-eigen.ts";
import type { Feature } from "./joint-features.ts";

export interface Reconstruction {
  readonly components: number;
  /** Features that were looked at. */
  readonly features: number;
  /** Root of the mean squared difference between a row and its projection. */
  readonly measure: (features: readonly Feature[], rows: number) => Float64Array;
}

const mostFeatures = 100;
const keptVariance = 0.65;

/** Learns the components that keep 65 % of the variance of `rows` reference rows; null with less than two features. */
export function learnReconstruction(features: readonly Feature[], rows: number): Reconstruction | null {
  const count = Math.min(mostFeatures, features.length);
  if (count < 2 || rows < 2) return null;
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * features.length) / count));
  const means = chosen.map((at) => sum(features[at]?.values as Float64Array) / rows);
  const covariance = new Float64Array(count * count);
  chosen.forEach((left, i) => {
    chosen.slice(0, i + 1).forEach((right, j) => {
      const [a, b] = [features[left]?.values as Float64Array, features[right]?.values as Float64Array];
      let products = 0;
      for (let row = 0; row < rows; row++) {
        products += ((a[row] as number) - (means[i] as number)) * ((b[row] as number) - (means[j] as number));
      }
      covariance[i * count + j] = products / rows;
      covariance[j * count + i] = products / rows;
    });
  });
  const { values, vectors } = decomposeSymmetric(covariance, count);
  const total = values.reduce((all, value) => all + Math.max(0, value), 0);
  if (!(total > 0)) return null;
  let kept = 0;
  let components = 0;
  while (components < count - 1 && kept < keptVariance * total) kept += Math.max(0, values[components++] ?? 0);
  const axes = vectors.slice(0, components);
  return {
    components,
    features: count,
    measure: (others, otherRows) =>
      Float64Array.from({ length: otherRows }, (_, row) => {
        const centred = chosen.map((at, i) => (others[at]?.values[row] ?? 0) - (means[i] as number));
        let rest = centred.reduce((all, value) => all + value * value, 0);
        for (const axis of axes) rest -= centred.reduce((all, value, i) => all + value * (axis[i] as number), 0) ** 2;
        return Math.sqrt(Math.max(0, rest) / count);
      }),
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
