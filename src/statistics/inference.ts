// What is known about one number from a sample: estimate, interval, and one-sided tests against any limit.
import { normalCdf, normalQuantile, normalSurvival } from "./normal.ts";

export interface Inference {
  readonly estimate: number;
  /** 0 = the sample shows no variation at all, so nothing can be concluded from it. */
  readonly standardError: number;
  /** Two-sided interval, each tail holding (1 − confidence) / 2. */
  readonly interval: (confidence: number) => readonly [number, number];
  /** p-value against "the number is ≤ limit". */
  readonly pValueAbove: (limit: number) => number;
  /** p-value against "the number is ≥ limit". */
  readonly pValueBelow: (limit: number) => number;
}

/** Normal theory: estimate ± z · standardError. */
export function inferNormal(estimate: number, standardError: number): Inference {
  return {
    estimate,
    standardError,
    interval: (confidence) => {
      const half = normalQuantile((1 + confidence) / 2) * standardError;
      return [estimate - half, estimate + half];
    },
    pValueAbove: (limit) => (standardError === 0 ? 1 : normalSurvival((estimate - limit) / standardError)),
    pValueBelow: (limit) => (standardError === 0 ? 1 : normalCdf((estimate - limit) / standardError)),
  };
}
