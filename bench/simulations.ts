// The simulations that benchmarks spread over threads, by name: one line each.
import { tallyJudged, tallyValues } from "./calibration.ts";
import { tallyFairness } from "./fairness.ts";
import { tallyDependent } from "./simulate-dependent.ts";
import { tallyDrift } from "./simulate-drift.ts";
import { tallyImportances } from "./simulate-importance.ts";
import { tallyJoint, tallyUsers } from "./simulate-joint.ts";
import { tallyWholeRuns } from "./simulate-whole.ts";
import type { Order, Part, Simulation, Tally } from "./spread.ts";

export const simulations = {
  drift: tallyDrift,
  users: tallyUsers,
  joint: tallyJoint,
  whole: tallyWholeRuns,
  judged: tallyJudged,
  values: tallyValues,
  fairness: tallyFairness,
  importances: tallyImportances,
  dependent: tallyDependent,
} as const;

export type Simulations = typeof simulations;

/** Runs one part of what was ordered, in this thread. */
export function tallyPart({ simulation, scenario, seed }: Order, { from, to }: Part): Tally {
  const run = simulations[simulation] as Simulation<unknown>;
  return run(scenario, seed, from, to);
}
