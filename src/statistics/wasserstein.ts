// Distances of two samples that use how far values moved: Wasserstein-1, energy, and the Cramér distance between them.

/**
 * ∫ |F_a − F_b| over the line for samples sorted ascending, finite values only. 0 when a sample is empty.
 * Equal to SciPy's `wasserstein_distance`.
 */
export function wassersteinDistance(a: Float64Array, b: Float64Array): number {
  return integrateDifference(a, b, (difference) => Math.abs(difference));
}

/**
 * The Kolmogorov-Smirnov and the Wasserstein-1 distance of samples sorted ascending, finite values only, in one walk along
 * both. 0 when a sample is empty.
 */
export function compareSorted(
  a: Float64Array,
  b: Float64Array,
): { readonly kolmogorovSmirnov: number; readonly wasserstein: number } {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return { kolmogorovSmirnov: 0, wasserstein: 0 };
  let [i, j, largest, area] = [0, 0, 0, 0];
  let at = Math.min(a[0] as number, b[0] as number);
  while (i < n && j < m) {
    const x = a[i] as number;
    const y = b[j] as number;
    const next = x <= y ? x : y;
    const gap = Math.abs(i * m - j * n);
    if (gap > largest) largest = gap;
    area += (next - at) * gap;
    at = next;
    if (x === next) while (i < n && a[i] === next) i++;
    if (y === next) while (j < m && b[j] === next) j++;
  }
  largest = Math.max(largest, Math.abs(i * m - j * n));
  for (; i < n; i++) {
    area += ((a[i] as number) - at) * Math.abs(i * m - j * n);
    at = a[i] as number;
  }
  for (; j < m; j++) {
    area += ((b[j] as number) - at) * Math.abs(i * m - j * n);
    at = b[j] as number;
  }
  return { kolmogorovSmirnov: largest / (n * m), wasserstein: area / (n * m) };
}

/** SciPy's `energy_distance`: √(2·∫ (F_a − F_b)²) for samples sorted ascending. */
export function energyDistance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(2 * integrateDifference(a, b, (difference) => difference * difference));
}

/** Population standard deviation (divided by n), by two passes; 0 for an empty sample. */
export function populationDeviation(values: Float64Array): number {
  const count = values.length;
  if (count === 0) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i] as number;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(squares / count);
}

function integrateDifference(a: Float64Array, b: Float64Array, weigh: (difference: number) => number): number {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return 0;
  let i = 0;
  let j = 0;
  let sum = 0;
  let at = Math.min(a[0] as number, b[0] as number);
  while (i < n || j < m) {
    const next = i < n && (j >= m || (a[i] as number) <= (b[j] as number)) ? (a[i] as number) : (b[j] as number);
    if (next > at) {
      sum += (next - at) * weigh(i / n - j / m);
      at = next;
    }
    while (i < n && a[i] === next) i++;
    while (j < m && b[j] === next) j++;
  }
  return sum;
}
