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

/** At each end the farther of several inferences on the same number, and the larger p-value: where one of them is too sure, another is not. */
export function takeFarther(first: Inference, ...others: readonly Inference[]): Inference {
  const all = [first, ...others];
  return {
    ...first,
    interval: (confidence) => {
      const ends = all.map(({ interval }) => interval(confidence));
      return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
    },
    pValueAbove: (limit) => Math.max(...all.map(({ pValueAbove }) => pValueAbove(limit))),
    pValueBelow: (limit) => Math.max(...all.map(({ pValueBelow }) => pValueBelow(limit))),
  };
}
