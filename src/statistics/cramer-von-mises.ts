// The two-sample Cramér-von Mises test.
import { midranks } from "./ranks.ts";

export interface CramerVonMises {
  readonly statistic: number;
  readonly pValue: number;
  readonly method: "exact" | "asymptotic";
}

/**
 * Anderson's (1962) T of two samples, with midranks for ties. `method` "exact" enumerates (small samples without ties),
 * default: exact when both have at most 20 values, as SciPy. Empty samples: statistic 0, p 1.
 */
export function testCramerVonMises(
  a: Float64Array,
  b: Float64Array,
  method: "exact" | "asymptotic" = Math.max(a.length, b.length) <= 20 ? "exact" : "asymptotic",
): CramerVonMises {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return { statistic: 0, pValue: 1, method };
  const sortedA = a.slice().sort();
  const sortedB = b.slice().sort();
  const both = new Float64Array(n + m);
  both.set(sortedA);
  both.set(sortedB, n);
  const ranks = midranks(both);
  let u = 0;
  for (let i = 0; i < n; i++) u += n * ((ranks[i] ?? 0) - i - 1) ** 2;
  for (let j = 0; j < m; j++) u += m * ((ranks[n + j] ?? 0) - j - 1) ** 2;
  const k = n * m;
  const total = n + m;
  const statistic = u / (k * total) - (4 * k - 1) / (6 * total);
  const pValue = method === "exact" ? exactPValue(statistic, n, m) : asymptoticPValue(statistic, n, m);
  return { statistic, pValue, method };
}

/** P(ω² > x) of the limit distribution, by Smirnov's alternating integrals (exact in the far tail). */
export function cramerVonMisesLimitSurvival(x: number): number {
  if (x <= 0.018) return 1;
  let sum = 0;
  for (let k = 1; k <= 400; k++) {
    const term = smirnovIntegral(x, k);
    sum += k % 2 === 1 ? term : -term;
    if (term < sum * 1e-17) break;
  }
  return Math.min(1, sum);
}

/**
 * (2/π)·∫ e^(−x·u²/2) / √(−u·sin u) du over ((2k−1)π, 2kπ), by Gauss-Chebyshev: the integrand has the inverse square
 * roots of its weight at both ends.
 */
function smirnovIntegral(x: number, k: number): number {
  const nodes = 64;
  const centre = (2 * k - 0.5) * Math.PI;
  let sum = 0;
  for (let i = 1; i <= nodes; i++) {
    const angle = ((2 * i - 1) * Math.PI) / (2 * nodes);
    const u = centre + (Math.PI / 2) * Math.cos(angle);
    const weight = (Math.PI / 2) * Math.sin(angle);
    sum += (weight * Math.exp((-x * u * u) / 2)) / Math.sqrt(-u * Math.sin(u));
  }
  return (2 / Math.PI) * (Math.PI / nodes) * sum;
}

function asymptoticPValue(statistic: number, n: number, m: number): number {
  const total = n + m;
  const k = n * m;
  const mean = (1 + 1 / total) / 6;
  const variance = ((total + 1) * (4 * k * total - 3 * (n * n + m * m) - 2 * k)) / (45 * total * total * 4 * k);
  return cramerVonMisesLimitSurvival(1 / 6 + (statistic - mean) / Math.sqrt(45 * variance));
}

/**
 * P(T ≥ statistic) when all arrangements of the ranks are equally likely: the distribution of
 * Σ over the merged order of (i·m − j·n)² by counting paths (Xiao, Gordon & Yakovlev 2007). Time and memory grow with
 * n·m·lcm(n, m)²: for small samples only.
 */
function exactPValue(statistic: number, n: number, m: number): number {
  const common = (n * m) / greatestCommonDivisor(n, m);
  const stepA = common / n;
  const stepB = common / m;
  const threshold = (statistic * (n + m) ** 2 * common * common) / (n * m);
  let row: Map<number, number>[] = [];
  for (let i = 0; i <= n; i++) {
    const next: Map<number, number>[] = [];
    for (let j = 0; j <= m; j++) {
      const counts = new Map<number, number>();
      const distance = (stepA * i - stepB * j) ** 2;
      const take = (from: Map<number, number> | undefined): void => {
        for (const [value, count] of from ?? []) {
          counts.set(value + distance, (counts.get(value + distance) ?? 0) + count);
        }
      };
      if (i === 0 && j === 0) counts.set(0, 1);
      if (i > 0) take(row[j]);
      if (j > 0) take(next[j - 1]);
      next.push(counts);
    }
    row = next;
  }
  let reached = 0;
  let all = 0;
  for (const [value, count] of row[m] ?? []) {
    all += count;
    if (value >= threshold - 1e-6 * Math.max(1, threshold)) reached += count;
  }
  return reached / all;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
