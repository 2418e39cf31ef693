// Intervals and tests from bootstrap draws: bias-corrected and accelerated (Efron 1987), widened for small samples.
import { type Inference, takeFarther } from "./inference.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { inferSkewed } from "./skewed-t.ts";
import { studentTQuantile, studentTSurvival } from "./student-t.ts";

export interface BootstrapShape {
  readonly estimate: number;
  /** Draws of the same number under resampling; those that are not finite are left out. */
  readonly draws: Float64Array;
  /** Skewness term of the BCa interval; 0 = bias correction only. */
  readonly acceleration: number;
  /** Student's degrees of freedom: of resampled rows or groups, one fewer than the equal units they are worth; at least 1 is used. */
  readonly freedom: number;
  /** False: the draws' spread is corrected for few units already (blocks). Default true. */
  readonly stretch?: boolean;
  /** Another standard error of the estimate, the jackknife's: the draws are stretched to it where they spread less. */
  readonly standardError?: number;
  /** False: take the draws as they are (a posterior). True: correct for bias. */
  readonly correctBias: boolean;
}

/** Draws kept beyond a point before the tail is continued as a normal one. */
const tailDraws = 10;

/** Inference whose interval and p-values invert each other. With fewer than 100 finite draws everything is undecided. */
export function inferFromDraws(shape: BootstrapShape): Inference {
  const { estimate, acceleration } = shape;
  const sorted = shape.draws.filter((draw) => Number.isFinite(draw)).sort();
  const spread = deviation(sorted);
  if (sorted.length < 100 || !(spread > 1e-14 * Math.max(1e-300, Math.abs(estimate))) || !Number.isFinite(estimate))
    return undecided(estimate);
  const freedom = Math.max(1, shape.freedom);
  // The bootstrap's variance is (n − 1)/n of the unbiased one, and its normal quantiles want to be Student's (Hesterberg 2015).
  const stretch = Math.max(
    shape.stretch === false ? 1 : Math.sqrt((freedom + 1) / freedom),
    (shape.standardError ?? 0) / spread,
  );
  const bias = shape.correctBias ? clamp(zOfValue(sorted, spread, estimate), -1, 1) : 0;
  const adjust = (z: number): number => bias + (bias + z) / Math.max(0.05, 1 - acceleration * (bias + z));
  const unadjust = (w: number): number => {
    const u = w - bias;
    return u / Math.max(0.05, 1 + acceleration * u) - bias;
  };
  const quantile = (probability: number): number =>
    valueOfZ(sorted, spread, adjust(studentTQuantile(probability, freedom) * stretch));
  const score = (limit: number, side: "at-most" | "at-least"): number =>
    unadjust(zOfValue(sorted, spread, limit, side)) / stretch;
  const drawn: Inference = {
    estimate,
    standardError: spread * stretch,
    interval: (confidence) => [quantile((1 - confidence) / 2), quantile((1 + confidence) / 2)],
    pValueAbove: (limit) => studentTSurvival(-score(limit, "at-most"), freedom),
    pValueBelow: (limit) => studentTSurvival(score(limit, "at-least"), freedom),
  };
  if (!shape.correctBias) return drawn;
  // Corrections that are estimated from draws may not make the interval narrower than Student's, nor forget the skewness of a small sample.
  return takeFarther(
    drawn,
    inferSkewed(estimate, drawn.standardError, freedom, 0),
    inferSkewed(estimate, drawn.standardError, freedom, acceleration),
  );
}

/** Nothing varies, or nothing can be computed: no interval that excludes anything, no test that succeeds. */
function undecided(estimate: number): Inference {
  return {
    estimate,
    standardError: 0,
    interval: () => [estimate, estimate],
    pValueAbove: () => 1,
    pValueBelow: () => 1,
  };
}

/** The normal score of a value among the draws; beyond the last `tailDraws` draws it goes on linearly by the draws' deviation. */
function zOfValue(
  sorted: Float64Array,
  spread: number,
  value: number,
  side: "middle" | "at-most" | "at-least" = "middle",
): number {
  const count = sorted.length;
  const low = sorted[tailDraws - 1]!;
  const high = sorted[count - tailDraws]!;
  if (value < low) return normalQuantile(tailDraws / (count + 1)) + (value - low) / spread;
  if (value > high) return normalQuantile(1 - tailDraws / (count + 1)) + (value - high) / spread;
  const below = lowerBound(sorted, value);
  const through = upperBound(sorted, value);
  const rank = side === "middle" ? (below + through + 1) / 2 : side === "at-most" ? through + 0.5 : below + 0.5;
  return normalQuantile(clamp(rank / (count + 1), 0.5 / (count + 1), 1 - 0.5 / (count + 1)));
}

function valueOfZ(sorted: Float64Array, spread: number, z: number): number {
  const count = sorted.length;
  const edge = normalQuantile(tailDraws / (count + 1));
  if (z < edge) return sorted[tailDraws - 1]! + (z - edge) * spread;
  if (z > -edge) return sorted[count - tailDraws]! + (z + edge) * spread;
  const position = clamp(normalCdf(z) * (count + 1) - 1, 0, count - 1);
  const before = Math.floor(position);
  const after = Math.min(count - 1, before + 1);
  return sorted[before]! + (position - before) * (sorted[after]! - sorted[before]!);
}

function lowerBound(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function upperBound(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function deviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value;
  mean /= values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** What leaving out each unit in turn shows of an estimate. */
export interface Jackknife {
  /** Of BCa; 0 when the values do not vary. */
  readonly acceleration: number;
  /** √((n − 1)/n · Σ (value − mean)²), which does not shrink where one large unit decides; 0 when a value is not finite. */
  readonly standardError: number;
}

/** `leftOut`: the estimate without each of the n units. */
export function measureJackknife(leftOut: Float64Array): Jackknife {
  let mean = 0;
  for (const value of leftOut) mean += value;
  mean /= leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    const distance = mean - value;
    squares += distance ** 2;
    cubes += distance ** 3;
  }
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  const standardError = Math.sqrt((squares * (leftOut.length - 1)) / leftOut.length);
  return {
    acceleration: Number.isFinite(acceleration) ? clamp(acceleration, -0.2, 0.2) : 0,
    standardError: Number.isFinite(standardError) ? standardError : 0,
  };
}
