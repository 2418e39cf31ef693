// What an estimate of two models on the same rows is made from and can be asked.
import type { UnitLayout } from "../statistics/bootstrap.ts";
import type { Inference } from "../statistics/inference.ts";
import type { Random } from "../statistics/rng.ts";

/** How the rows of an estimate hang together and how much work may be spent. */
export interface SamplingPlan {
  readonly rows: number;
  readonly weights: Float64Array | null;
  readonly layout: UnitLayout;
  readonly resamples: number;
  readonly random: Random;
}

export interface ZeroTest {
  readonly test: string;
  readonly statistic: number | null;
  readonly pValue: number;
}

export interface PairedEstimate {
  readonly baseline: number;
  readonly candidate: number;
  /** Inference on candidate − factor · baseline. */
  readonly contrast: (factor: number) => Inference;
  /** Tests difference 0. */
  readonly zeroTest: () => ZeroTest;
  /** Rows (or units) too few to trust any interval: the reason, else null. */
  readonly tooFew: string | null;
}

/** Fewest rows of a class for DeLong's normal theory, and fewest independent units for a bootstrap, that may let a gate pass. */
export const fewestRowsPerClass = 20;
export const fewestUnits = 20;

/** Why so many independent units may not let a gate pass, or null; `units` null = all are alike. `effective`: units of equal size that they are worth. */
export function describeTooFew(effective: number, units: number | null, name: string): string | null {
  if (effective >= fewestUnits) return null;
  const worth = Math.floor(effective);
  const unequal = units !== null && worth < units;
  const seen = unequal ? `${units} ${name} of very different size, worth ${worth} equal ones` : `only ${worth} ${name}`;
  return `${seen} (at least ${fewestUnits} are needed)`;
}
