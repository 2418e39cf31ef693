// Kolmogorov's distribution: the limit, and the exact distribution of the one-sample statistic that SciPy's asymptotic
// two-sample p-value is read from.
import { binomialMass } from "./binomial.ts";
import { stirlingError } from "./gamma.ts";
import { powerOfMatrix } from "./matrix-power.ts";

const piSquared = Math.PI ** 2;

/** P(K > x) of Kolmogorov's limit distribution, K = lim √n·Dₙ; exact in the far tail. */
export function kolmogorovLimitSurvival(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0.04) return 1;
  if (x < 0.6) {
    let sum = 0;
    for (let k = 1; k <= 20; k++) sum += Math.exp((-((2 * k - 1) ** 2) * piSquared) / (8 * x * x));
    return Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / x) * sum);
  }
  let sum = 0;
  for (let k = 20; k >= 1; k--) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, 2 * sum);
}

/**
 * P(Dₙ > d) for the two-sided one-sample statistic of `n` ≥ 1 values: exact (Durbin's matrix, or twice Smirnov's
 * one-sided sum where the two sides do not meet), by Pelz and Good's expansion where that is as good (n > 140).
 * The regions are those of Simard & L'Ecuyer (2011).
 */
export function kolmogorovSurvival(d: number, n: number): number {
  if (!(n >= 1) || Number.isNaN(d)) return Number.NaN;
  if (d >= 1) return 0;
  const t = n * d;
  if (t <= 0.5) return 1;
  if (t <= 1) return 1 - Math.exp(logFactorialShare(n) + n * Math.log(2 * t - 1));
  if (t >= n - 1) return 2 * Math.exp(n * Math.log1p(-d));
  if (d >= 0.5 || t * d >= (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * smirnovSurvival(d, n));
  if (n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4)) return clip(1 - durbinCdf(d, n));
  return clip(1 - pelzGoodCdf(d, n));
}

/** P(Dₙ⁺ ≥ d), one-sided (Smirnov 1944): d·Σ C(n,j)·(d+j/n)^(j−1)·(1−d−j/n)^(n−j), as binomial masses. */
export function smirnovSurvival(d: number, n: number): number {
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  let sum = 0;
  for (let j = Math.floor(n * (1 - d)); j >= 0; j--) {
    const p = d + j / n;
    if (p < 1) sum += binomialMass(j, n, p) / p;
    else if (j === n) sum += 1;
  }
  return Math.min(1, d * sum);
}

/** ln(n!/nⁿ). */
function logFactorialShare(n: number): number {
  return 0.5 * Math.log(2 * Math.PI * n) - n + stirlingError(n);
}

/** Durbin's matrix formula for P(Dₙ < d), in the form of Marsaglia, Tsang & Wang (2003). */
function durbinCdf(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) matrix[i * size + j] = i - j + 1 < 0 ? 0 : 1;
  }
  const add = (i: number, j: number, value: number): void => {
    matrix[i * size + j] = (matrix[i * size + j] ?? 0) + value;
  };
  for (let i = 0; i < size; i++) {
    add(i, 0, -(h ** (i + 1)));
    add(size - 1, i, -(h ** (size - i)));
  }
  add(size - 1, 0, 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= Math.min(i, size - 1); j++) {
      for (let g = 2; g <= i - j + 1; g++) matrix[i * size + j] = (matrix[i * size + j] ?? 0) / g;
    }
  }
  const { values, exponent } = powerOfMatrix(matrix, size, n);
  const middle = values[(k - 1) * size + k - 1] ?? 0;
  return Math.exp(Math.log(middle) + exponent * Math.LN2 + logFactorialShare(n));
}

/** Pelz & Good (1976): K0 + K1/√n + K2/n + K3/n^1.5 at z = d·√n, each by its theta series for small z. */
function pelzGoodCdf(d: number, n: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const sums = [0, 0, 0, 0];
  const last = Math.ceil((16 * z) / Math.PI) + 2;
  const add = (index: number, value: number): void => {
    sums[index] = (sums[index] ?? 0) + value;
  };
  const p2 = piSquared;
  for (let k = last; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2;
    const weight = Math.sqrt(2 * Math.PI) * Math.exp((-m2 * p2) / (8 * z2));
    add(0, weight / z);
    add(1, (weight * (-z2 + (p2 / 4) * m2)) / (6 * z4));
    const second = 6 * z6 + 2 * z4 + (((2 * z4 - 5 * z2) * p2) / 4) * m2 + ((p2 * p2 * (1 - 2 * z2)) / 16) * m2 * m2;
    add(2, (weight * second) / (72 * z6 * z));
    const third =
      -30 * z6 -
      90 * z4 * z4 +
      ((p2 * (135 * z4 - 96 * z6)) / 4) * m2 +
      ((p2 * p2 * (-60 * z2 + 212 * z4)) / 16) * m2 * m2 +
      ((p2 ** 3 * (5 - 30 * z2)) / 64) * m2 ** 3;
    add(3, (weight * third) / (6480 * z6 * z4));
    const k2 = k * k;
    const other = Math.sqrt(2 * Math.PI) * p2 * k2 * Math.exp((-k2 * p2) / (2 * z2));
    add(2, -other / (36 * z2 * z));
    add(3, (other * (3 * z2 - p2 * k2)) / (216 * z6));
  }
  return sums.reduce((total, value, order) => total + value / n ** (order / 2), 0);
}

function clip(p: number): number {
  return Math.min(1, Math.max(0, p));
}
