// Prints how often intervals of fairness, of importance, and of rows that hang together are right, simulated on all cores.
import { fairScenarios, readFairness } from "./fairness.ts";
import type { SimulationSizes } from "./false-alarms.ts";
import { dependentScenarios } from "./simulate-dependent.ts";
import { importanceNames, importanceScenarios, measurePopulation } from "./simulate-importance.ts";
import { spreadRuns } from "./spread.ts";

/** Prints the coverage of every scenario; at least 93 % is promised. */
export async function benchFairness(
  print: (line: string) => void,
  { runs: rounds, threads }: SimulationSizes,
): Promise<void> {
  for (const { name, ...scenario } of fairScenarios) {
    const tally = await spreadRuns("fairness", { ...scenario, rounds }, "", rounds, threads);
    const { change, value, wrong, width } = readFairness(tally);
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    print(
      `${scenario.metric}, ${name}: the change's 95 % interval covers ${percent(change)} (width ${width.toFixed(3)}, false calls ${percent(wrong)}), the value's ${percent(value)}`,
    );
  }
}

/** `runs` seeded samples per scenario; the truth is taken from 200,000 rows. */
export async function benchExplanation(
  print: (line: string) => void,
  { runs, threads }: SimulationSizes,
): Promise<void> {
  print(
    `coverage of 95 % intervals of importance over ${runs} samples: strong column, weak column, change of the strong one`,
  );
  for (const scenario of importanceScenarios) {
    const truth = measurePopulation(scenario);
    const tally = await spreadRuns("importances", { scenario, truth }, "", runs, threads);
    const shown = importanceNames.map((which) => `${((100 * (tally[which] ?? 0)) / runs).toFixed(1)} %`);
    print(`${scenario.metric}, ${scenario.rows} rows: ${shown.join(", ")}`);
  }
}

/** One line per scenario: false calls of a two-sided 5 % test, and of a gate exactly at its margin. */
export async function benchDependentRows(
  print: (line: string) => void,
  { runs, threads }: SimulationSizes,
): Promise<void> {
  print(
    `${runs} seeded runs per line: equal models called different (nominally 5 %), gate at its margin passed (2.5 %)`,
  );
  for (const [name, scenario] of dependentScenarios) {
    const { called, passes } = await spreadRuns("dependent", scenario, "", runs, threads);
    const percent = (count = 0): string => `${((100 * count) / runs).toFixed(1).padStart(5)} %`;
    print(`  ${name.padEnd(48)}${percent(called)}${scenario.kind === "folds" ? "" : percent(passes)}`);
  }
}
