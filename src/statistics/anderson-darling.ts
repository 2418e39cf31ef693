// The two-sample Anderson-Darling test (Scholz & Stephens 1987, midrank version).
import { sortWithTies } from "./sort-order.ts";

export interface AndersonDarling {
  /** Standardised statistic: 0 in the mean when nothing differs. */
  readonly statistic: number;
  /** Read from the published table, so only between 0.001 and 0.25: never correct it over many columns. */
  readonly tabledPValue: number;
}

/**
 * Compares samples without NaN, ties by midranks, as SciPy's `anderson_ksamp`. All values equal or a sample empty:
 * statistic 0, p 0.25.
 */
export function testAndersonDarling(a: Float64Array, b: Float64Array): AndersonDarling {
  const n = a.length;
  const m = b.length;
  const total = n + m;
  const all = new Float64Array(total);
  all.set(a);
  all.set(b, n);
  const { order, ends } = sortWithTies(all);
  if (n === 0 || m === 0 || ends.length < 2) return { statistic: 0, tabledPValue: 0.25 };
  let [start, below, sumA, sumB] = [0, 0, 0, 0];
  for (const end of ends) {
    let tiedA = 0;
    for (let at = start; at < end; at++) if ((order[at] as number) < n) tiedA++;
    const count = end - start;
    const middle = start + count / 2;
    const inner = middle * (total - middle) - (total * count) / 4;
    const belowA = below + tiedA / 2;
    const belowB = start - below + (count - tiedA) / 2;
    sumA += (count / total) * ((total * belowA - middle * n) ** 2 / inner);
    sumB += (count / total) * ((total * belowB - middle * m) ** 2 / inner);
    below += tiedA;
    start = end;
  }
  const raw = ((total - 1) / total) * (sumA / n + sumB / m);
  const statistic = (raw - 1) / Math.sqrt(varianceOf(n, m));
  return { statistic, tabledPValue: readTable(statistic) };
}

/** Variance of the raw statistic for two samples. */
function varianceOf(n: number, m: number): number {
  const total = n + m;
  const inverse = 1 / n + 1 / m;
  let harmonic = 0;
  for (let i = 1; i < total; i++) harmonic += 1 / i;
  let g = 0;
  let partial = 0;
  for (let i = total - 1; i >= 2; i--) {
    partial += 1 / i;
    g += partial / (total - i + 1);
  }
  const h = harmonic;
  const k = 2;
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (a * total ** 3 + b * total ** 2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

/** Critical values for two samples by b0 + b1/√(k−1) + b2/(k−1), k = 2, at 25, 10, 5, 2.5, 1, 0.5 and 0.1 %. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: 2.718 is the table's value at 2.5 %, not e
const critical = [0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546] as const;
const levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001] as const;

/** ln p as a parabola in the statistic, fitted by least squares to the table and held to its ends. */
function readTable(statistic: number): number {
  if (statistic <= critical[0]) return 0.25;
  if (statistic >= critical[6]) return 0.001;
  const s = [0, 0, 0, 0, 0];
  const t = [0, 0, 0];
  critical.forEach((x, i) => {
    for (let power = 0; power < 5; power++) s[power] = (s[power] ?? 0) + x ** power;
    for (let power = 0; power < 3; power++) t[power] = (t[power] ?? 0) + x ** power * Math.log(levels[i] ?? 1);
  });
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0] = s;
  const [t0 = 0, t1 = 0, t2 = 0] = t;
  const determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2);
  const c0 = t0 * (s2 * s4 - s3 * s3) - s1 * (t1 * s4 - t2 * s3) + s2 * (t1 * s3 - t2 * s2);
  const c1 = s0 * (t1 * s4 - t2 * s3) - t0 * (s1 * s4 - s2 * s3) + s2 * (s1 * t2 - s2 * t1);
  const c2 = s0 * (s2 * t2 - s3 * t1) - s1 * (s1 * t2 - s2 * t1) + t0 * (s1 * s3 - s2 * s2);
  return Math.exp((c0 + c1 * statistic + c2 * statistic * statistic) / determinant);
}
