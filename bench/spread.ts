// Seeded simulations over threads: every run has randomness of its own, so what comes out does not depend on who did which.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type Simulations, tallyPart } from "./simulations.ts";

/** How often what happened; tallies of parts add up to that of the whole. */
export type Tally = Readonly<Record<string, number>>;

/** Tallies runs `from` up to but without `to`; a run draws from `seed` and its own number alone. Counts are integers, so that the order of adding does not matter. */
export type Simulation<Scenario> = (scenario: Scenario, seed: string, from: number, to: number) => Tally;

export interface Order {
  readonly simulation: keyof Simulations;
  readonly scenario: unknown;
  readonly seed: string;
}

export interface Part {
  readonly from: number;
  readonly to: number;
}

/** As `scripts/build.mjs` names it, beside the benchmark. */
const workerFile = "simulation.mjs";
/** Runs handed out at a time. */
const partRuns = 10;

/** The tally of `runs` runs on so many threads (default: as many as the machine has). The scenario travels as plain data. */
export async function spreadRuns<Name extends keyof Simulations>(
  simulation: Name,
  scenario: Parameters<Simulations[Name]>[0],
  seed: string,
  runs: number,
  threads = availableParallelism(),
): Promise<Tally> {
  const order: Order = { simulation, scenario, seed };
  const parts = Array.from({ length: Math.ceil(runs / partRuns) }, (_, i): Part => {
    return { from: i * partRuns, to: Math.min(runs, (i + 1) * partRuns) };
  });
  if (threads <= 1) return addTallies(parts.map((part) => tallyPart(order, part)));
  const tallies: Tally[] = [];
  await Promise.all(
    Array.from({ length: Math.min(threads, parts.length) }, async () => {
      const worker = new Worker(join(import.meta.dirname, workerFile), { workerData: order });
      try {
        for (let part = parts.shift(); part; part = parts.shift()) tallies.push(await ask(worker, part));
      } finally {
        await worker.terminate();
      }
    }),
  );
  return addTallies(tallies);
}

/** Sums by name; a name that one lacks counts 0 there. */
export function addTallies(tallies: readonly Tally[]): Tally {
  const sums: Record<string, number> = {};
  for (const tally of tallies)
    for (const [name, count] of Object.entries(tally)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function ask(worker: Worker, part: Part): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (tally: Tally) => {
      worker.off("error", reject);
      resolve(tally);
    });
    worker.postMessage(part);
  });
}
