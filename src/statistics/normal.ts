// The standard normal distribution, exact to rounding in both tails.

const sqrt2 = Math.SQRT2;
const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);
const oneOverSqrtTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** Density of N(0,1) at `x`. */
export function normalDensity(x: number): number {
  return oneOverSqrtTwoPi * Math.exp(-0.5 * x * x);
}

/** P(Z ≤ x) for Z ~ N(0,1); relative accuracy ~1e-15 also in the lower tail. NaN stays NaN. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / sqrt2);
}

/** P(Z > x) for Z ~ N(0,1); relative accuracy ~1e-15 also in the upper tail (0 beyond x ≈ 38.5). NaN stays NaN. */
export function normalSurvival(x: number): number {
  return 0.5 * erfc(x / sqrt2);
}

/**
 * The z with P(Z ≤ z) = `probability`; ±Infinity at 1 and 0, NaN outside [0, 1]. Rational starting value
 * (Abramowitz & Stegun 26.2.23), then Halley steps on the smaller tail until rounding.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN;
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  if (probability === 0.5) return 0;
  const tail = probability < 0.5 ? probability : 1 - probability;
  const z = upperQuantile(tail);
  return probability < 0.5 ? -z : z;
}

/** Complementary error function 1 − erf(x), without cancellation for large x. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0) return 2 - erfc(-x);
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
}

/** The z > 0 with P(Z > z) = tail, for 0 < tail ≤ 0.5. */
function upperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 6; step++) {
    const density = normalDensity(z);
    if (density === 0) break;
    const error = (normalSurvival(z) - tail) / density;
    const change = error / (1 - 0.5 * z * error);
    z += change;
    if (Math.abs(change) <= 1e-16 * Math.max(1, z)) break;
  }
  return z;
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2^k x^(2k+1) / (1·3·…·(2k+1)): all terms positive, so no cancellation. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k < 200; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return twoOverSqrtPi * Math.exp(-x * x) * sum;
}

/** Laplace's continued fraction of erfc for x ≥ 2, evaluated from the end. */
function erfcFraction(x: number): number {
  const depth = Math.ceil(12 + 240 / (x * x));
  let fraction = 0;
  for (let k = depth; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}
