// The two-sample Kolmogorov-Smirnov test.
import { kolmogorovLimitSurvival, kolmogorovSurvival } from "./kolmogorov.ts";

export interface KolmogorovSmirnov {
  /** Largest distance of the two empirical distribution functions, in [0, 1]. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: "exact" | "asymptotic" | "limit";
}

/**
 * Distance D = sup |F_a − F_b| of two samples sorted ascending (no NaN; infinities are values like others). Ties are
 * stepped over together. 0 when a sample is empty.
 */
export function kolmogorovSmirnovDistance(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return 0;
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < n && j < m) {
    const x = a[i] as number;
    const y = b[j] as number;
    if (x <= y) while (i < n && a[i] === x) i++;
    if (y <= x) while (j < m && b[j] === y) j++;
    const distance = Math.abs(i * m - j * n);
    if (distance > largest) largest = distance;
  }
  return largest / (n * m);
}

/**
 * Exact P(D ≥ d) for sizes n and m without ties (conservative with ties): the share of lattice paths that reach the
 * boundary, as a recursion of shares with positive terms only, so the far tail is exact too. Time O(n·m·d).
 */
export function exactKolmogorovSmirnov(d: number, n: number, m: number): number {
  if (n === 0 || m === 0 || d <= 0) return 1;
  const [rows, columns] = n < m ? [m, n] : [n, m];
  const boundary = Math.round(d * rows * columns) - 0.5;
  if (boundary < 0) return 1;
  // Outside the band |i·columns − j·rows| ≤ boundary every path has touched: only the band is worked on.
  const touched = new Float64Array(columns + 1).fill(1);
  touched.fill(0, 0, Math.min(columns, Math.floor(boundary / rows)) + 1);
  for (let i = 1; i <= rows; i++) {
    const along = i * columns;
    const low = Math.max(0, Math.ceil((along - boundary) / rows));
    const high = Math.min(columns, Math.floor((along + boundary) / rows));
    let left = low === 0 ? 0 : 1;
    if (low === 0) touched[0] = 0;
    for (let j = Math.max(1, low); j <= high; j++) {
      left = ((touched[j] as number) * i + left * j) / (i + j);
      touched[j] = left;
    }
  }
  return touched[columns] as number;
}

/** As SciPy's `ks_2samp(method="asymp")`: the one-sample distribution at the rounded effective size n·m/(n+m). */
export function asymptoticKolmogorovSmirnov(d: number, n: number, m: number): number {
  if (n === 0 || m === 0) return 1;
  return kolmogorovSurvival(d, roundHalfEven((n * m) / (n + m)));
}

/** Kolmogorov's limit at √(n·m/(n+m))·d: what large samples need, and cheap. */
export function limitKolmogorovSmirnov(d: number, n: number, m: number): number {
  if (n === 0 || m === 0) return 1;
  return kolmogorovLimitSurvival(Math.sqrt((n / (n + m)) * m) * d);
}

/** The p-value SciPy's `ks_2samp` reports by default: exact up to 10,000 values a side, else asymptotic. */
export function testKolmogorovSmirnov(d: number, n: number, m: number): KolmogorovSmirnov {
  const exact = Math.max(n, m) <= 10_000;
  const pValue = exact ? exactKolmogorovSmirnov(d, n, m) : asymptoticKolmogorovSmirnov(d, n, m);
  return { statistic: d, pValue, method: exact ? "exact" : "asymptotic" };
}

/** Half-width of the uniform confidence band of D by Dvoretzky, Kiefer, Wolfowitz and Massart, both samples together. */
export function kolmogorovSmirnovRadius(n: number, m: number, confidence: number): number {
  if (n === 0 || m === 0) return 1;
  return Math.min(1, Math.sqrt((Math.log(2 / (1 - confidence)) / 2) * (1 / n + 1 / m)));
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
