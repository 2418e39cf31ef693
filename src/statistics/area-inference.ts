// What is known about areas under ROC curves: one alone, or candidate − k · baseline on the same rows.
import type { AreaCovariance } from "./delong.ts";
import { type Inference, inferNormal, takeFarther } from "./inference.ts";
import { correlate, joinReach } from "./joined-reach.ts";
import { normalQuantile, normalSurvival } from "./normal.ts";
import { findRoot } from "./root.ts";
import { studentTQuantile, studentTSurvival } from "./student-t.ts";

/** Rows of the smaller class × distance of the area from its nearer end: as many rows are out of order. With fewer, theory for many is too sure. */
const fewestMisranked = 3;
/** From this many on a difference is DeLong's alone; between the two it goes over from one to the other. */
const enoughMisranked = 6;
/** The same below which the score interval is asked for in a difference as well. */
const fewestInDifference = 1;
/** Rows of the smaller class below which no gate passes anyway: differences are then DeLong's as they are. */
const fewestRows = 20;

interface Area {
  readonly area: number;
  readonly standardError: number;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * DeLong's error on the logit scale (Pepe 2003) with Student's t of the smaller class. Near 0 or 1, where few rows are out of order, at each end the farther of
 * that and Newcombe's score interval; at 0 or 1 itself the latter alone, and the standard error is 0. Without two rows of each class nothing varies.
 */
export function inferArea(one: Area): Inference {
  if (Number.isNaN(one.standardError) || Number.isNaN(one.area)) return inferNormal(one.area, 0);
  if (!shows(one)) return inferByScore(one);
  return countMisranked(one) < fewestMisranked ? takeFarther(inferByLogit(one), inferByScore(one)) : inferByLogit(one);
}

/**
 * candidate − factor · baseline by DeLong's covariance; factor 0 is the candidate alone. Where one of the two areas is near its end, at each end it goes out from
 * that towards the farther of that and Zou and Donner's (2008) interval from the two areas' own ones: estimate ± z · error then lets too large a loss pass (8 to 20 % instead of 2.5 %).
 */
export function inferAreaContrast(covariance: AreaCovariance, factor: number): Inference {
  const { areas, variances, positives, negatives } = covariance;
  const [before, after] = [0, 1].map(
    (model): Area => ({
      area: areas[model]!,
      standardError: Math.sqrt(variances[model]!),
      positives,
      negatives,
    }),
  ) as [Area, Area];
  if (factor === 0) return inferArea(after);
  const plain = inferDelong(covariance, factor);
  const misranked = Math.min(countMisranked(before), countMisranked(after));
  const nearness = Math.min(1, (enoughMisranked - misranked) / (enoughMisranked - fewestMisranked));
  if (plain.standardError === 0 || nearness <= 0 || Math.min(positives, negatives) < fewestRows) return plain;
  return takeFarther(plain, inferFromOwn(before, after, covariance.covariance, factor, nearness));
}

/** candidate − factor · baseline: estimate ± z · DeLong's error. Nothing varies without two rows of each class. */
export function inferDelong({ areas, variances, covariance }: AreaCovariance, factor: number): Inference {
  const variance = variances[1] + factor * factor * variances[0] - 2 * factor * covariance;
  // What cancels to rounding is no variance.
  const real = variance > 1e-14 * (variances[0] + variances[1]) ? variance : 0;
  return inferNormal(areas[1] - factor * areas[0], Math.sqrt(real));
}

function shows({ area, standardError }: Area): boolean {
  return standardError > 0 && area > 0 && area < 1;
}

function countMisranked({ area, positives, negatives }: Area): number {
  return Math.min(positives, negatives) * Math.min(area, 1 - area);
}

/** On its own scale an area near 1 has intervals that are too short and reach beyond 1. */
function inferByLogit({ area, standardError, positives, negatives }: Area): Inference {
  const freedom = Math.max(1, Math.min(positives, negatives) - 1);
  const centre = Math.log(area / (1 - area));
  const spread = standardError / (area * (1 - area));
  const back = (logit: number): number => 1 / (1 + Math.exp(-logit));
  const score = (limit: number): number => {
    if (limit <= 0) return Number.POSITIVE_INFINITY;
    return limit >= 1 ? Number.NEGATIVE_INFINITY : (centre - Math.log(limit / (1 - limit))) / spread;
  };
  return {
    estimate: area,
    standardError,
    interval: (confidence) => {
      const half = studentTQuantile((1 + confidence) / 2, freedom) * spread;
      return [back(centre - half), back(centre + half)];
    },
    pValueAbove: (limit) => studentTSurvival(score(limit), freedom),
    pValueBelow: (limit) => studentTSurvival(-score(limit), freedom),
  };
}

/** Newcombe's (2006, method 5) score interval: all areas whose own Hanley and McNeil variance, by mean class size, does not exclude the estimate. */
function inferByScore({ area, standardError, positives, negatives }: Area): Inference {
  const size = (positives + negatives) / 2 - 1;
  const errorAt = (limit: number): number =>
    Math.sqrt(
      (limit * (1 - limit) * (1 + (size * (1 - limit)) / (2 - limit) + (size * limit) / (1 + limit))) /
        (positives * negatives),
    );
  const score = (limit: number): number => {
    if (limit === area) return 0;
    if (limit <= 0) return Number.POSITIVE_INFINITY;
    return limit >= 1 ? Number.NEGATIVE_INFINITY : (area - limit) / errorAt(limit);
  };
  return {
    estimate: area,
    standardError,
    interval: (confidence) => {
      const z = normalQuantile((1 + confidence) / 2);
      const reach = (limit: number): number => Math.abs(area - limit) - z * errorAt(limit);
      const edge = 1e-12;
      return [
        area <= edge ? 0 : findRoot(reach, edge, Math.min(area, 1 - edge)),
        area >= 1 - edge ? 1 : findRoot(reach, Math.max(area, edge), 1 - edge),
      ];
    },
    pValueAbove: (limit) => normalSurvival(score(limit)),
    pValueBelow: (limit) => normalSurvival(-score(limit)),
  };
}

/** Farthest that p-values of the following are looked for, in standard errors. */
const farthest = 8;

/**
 * The variance of each end is recovered from the ends of the two areas' own intervals that lie that way; `nearness` in (0, 1] is the share of that in each
 * distance, the rest is z · error.
 */
function inferFromOwn(before: Area, after: Area, covariance: number, factor: number, nearness: number): Inference {
  const [first, second] = [before, after].map((one) =>
    countMisranked(one) < fewestInDifference ? inferArea(one) : inferByLogit(one),
  ) as [Inference, Inference];
  const correlation = correlate(covariance, before.standardError ** 2, after.standardError ** 2);
  const estimate = after.area - factor * before.area;
  const standardError = Math.sqrt(
    Math.max(0, after.standardError ** 2 + (factor * before.standardError) ** 2 - 2 * factor * covariance),
  );
  const interval = (confidence: number): readonly [number, number] => {
    const [firstLow, firstHigh] = first.interval(confidence);
    const [secondLow, secondHigh] = second.interval(confidence);
    const [below, above] = joinReach(
      [after.area - secondLow, secondHigh - after.area],
      [factor * (before.area - firstLow), factor * (firstHigh - before.area)],
      correlation,
    );
    const rest = (1 - nearness) * normalQuantile((1 + confidence) / 2) * standardError;
    return [estimate - nearness * below - rest, estimate + nearness * above + rest];
  };
  const endAt = (z: number, end: 0 | 1): number => interval(1 - 2 * normalSurvival(z))[end];
  /** The level at which this end of the interval meets the limit. */
  const meet = (limit: number, end: 0 | 1): number => {
    const side = end === 0 ? 1 : -1;
    if (side * (estimate - limit) <= 0) return 0.5;
    if (side * (endAt(farthest, end) - limit) >= 0) return normalSurvival(farthest);
    return normalSurvival(findRoot((z) => endAt(z, end) - limit, 1e-9, farthest));
  };
  return {
    estimate,
    standardError,
    interval,
    pValueAbove: (limit) => meet(limit, 0),
    pValueBelow: (limit) => meet(limit, 1),
  };
}
