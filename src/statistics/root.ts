// The root of a continuous function between two points of opposite sign.

/**
 * Finds x in [low, high] with f(x) = 0 by Brent's method, to rounding. The ends must have opposite signs or be zero;
 * otherwise NaN. NaN values of f end the search with NaN.
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa * fb < 0)) return Number.NaN;
  let c = a;
  let fc = fa;
  let step = b - a;
  let before = step;
  for (let round = 0; round < 300; round++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const tolerance = 2 * Number.EPSILON * Math.abs(b);
    const half = (c - b) / 2;
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    const proposal = interpolate({ a, b, c, fa, fb, fc });
    const useful =
      Math.abs(before) >= tolerance &&
      Math.abs(fa) > Math.abs(fb) &&
      Math.abs(proposal) < Math.min(Math.abs(0.75 * 2 * half), Math.abs(before / 2)) &&
      Math.sign(proposal) === Math.sign(half);
    before = useful ? step : half;
    step = useful ? proposal : half;
    a = b;
    fa = fb;
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * Math.max(tolerance, Number.MIN_VALUE);
    fb = f(b);
    if (Number.isNaN(fb)) return Number.NaN;
    if (Math.sign(fb) === Math.sign(fc)) {
      c = a;
      fc = fa;
      step = b - a;
      before = step;
    }
  }
  return b;
}

interface Bracket {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly fa: number;
  readonly fb: number;
  readonly fc: number;
}

/** Step from b proposed by the secant (two points) or inverse quadratic interpolation (three points). */
function interpolate({ a, b, c, fa, fb, fc }: Bracket): number {
  const s = fb / fa;
  if (a === c) return ((c - b) * s) / (1 - s) === 0 ? 0 : -((b - c) * s) / (1 - s);
  const q = fa / fc;
  const r = fb / fc;
  const numerator = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
  const denominator = (q - 1) * (r - 1) * (s - 1);
  return -numerator / denominator;
}
