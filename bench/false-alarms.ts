// How often the drift policy is wrong where the truth is known, beside what is promised.
import { listQuietScenarios, rateDrift } from "./simulate-drift.ts";
import type { WholeScenario } from "./simulate-whole.ts";
import { spreadRuns, type Tally } from "./spread.ts";

type Print = (line: string) => void;

export interface SimulationSizes {
  /** Simulated runs per line (2,000 when it counts). */
  readonly runs: number;
  /** Undefined: as many as the machine has. The numbers do not depend on it. */
  readonly threads: number | undefined;
}

/** One line per setting, as it is done; the bounds are those that are promised. */
export async function benchFalseAlarms(print: Print, { runs, threads }: SimulationSizes): Promise<void> {
  print(`${runs} seeded runs per line`);
  for (const scenario of listQuietScenarios(runs, null)) {
    const rates = rateDrift(await spreadRuns("drift", scenario, scenario.name, runs, threads));
    const stable = scenario.referenceRows === 2000 && scenario.currentRows === 2000 ? " (≥ 90)" : "";
    print(
      `no drift, ${scenario.name}: ${percent(rates.falseRuns)} of the runs flag anything (≤ 7), ${percent(rates.stableColumns)} of the columns are stable${stable}`,
    );
  }
  const base = { name: "", runs, texts: 0, zipf: [] } as const;
  const half = { columns: 5, deviations: 0.5 };
  const moved = { ...base, cells: null, referenceRows: 1000, currentRows: 500, numeric: 45, shifted: half };
  const found = rateDrift(await spreadRuns("drift", moved, "found", runs, threads));
  print(`0.5 standard deviations at 1000/500: ${percent(found.found ?? 0)} of the drifted columns found (≥ 95)`);
  const all = { columns: 50, deviations: 0.02 };
  const trivial = { ...base, cells: 600, referenceRows: 50_000, currentRows: 50_000, numeric: 0, shifted: all };
  const flagged = rateDrift(await spreadRuns("drift", trivial, "trivial", runs, threads));
  print(`0.02 standard deviations at 50000/50000: ${percent(flagged.found ?? 0)} of the columns flagged (0)`);
}

/** Rows of users without drift, and how often the tests of the rows as a whole are wrong. */
export async function benchDependence(print: Print, { runs, threads }: SimulationSizes): Promise<void> {
  const scenario = { runs, users: 100, rowsPerUser: 20, columns: 50 };
  const alarms = await spreadRuns("users", scenario, "users", runs, threads);
  print(
    `no drift, 50 columns, 100/100 users of 20 rows each: ${percent(share(alarms, "grouped", "runs"))} of the runs flag anything with users taken whole (≤ 7), ${percent(share(alarms, "independent", "runs"))} with rows taken as independent`,
  );
  for (const [words, users, rowsPerUser] of [
    ["1000/1000 rows", 1000, 1],
    ["100/100 users of 20 rows each", 100, 20],
  ] as const) {
    const joint = { runs, users, rowsPerUser, columns: 10 };
    const low = await spreadRuns("joint", joint, "joint", runs, threads);
    print(
      `no drift, rows as a whole, ${words}: ${percent(share(low, "low", "tests"))} of the tests have p ≤ 0.05 (≤ 5)`,
    );
  }
}

const wholeKinds = [
  { name: "10 numeric, 10 categorical", numeric: 10, categorical: 10 },
  { name: "20 numeric", numeric: 20, categorical: 0 },
  { name: "25 numeric, 25 categorical", numeric: 25, categorical: 25 },
] as const;

/** Whole runs with the tests of the rows as a whole in the family; the fewer columns, the more those two tests weigh. */
export async function benchMultivariate(print: Print, { runs, threads }: SimulationSizes): Promise<void> {
  for (const [referenceRows, currentRows] of [
    [2000, 200],
    [2000, 2000],
  ] as const)
    for (const { name, ...columns } of wholeKinds) {
      const scenario: WholeScenario = { referenceRows, currentRows, ...columns, permutations: 2000 };
      const tally = await spreadRuns("whole", scenario, name, runs, threads);
      const rate = (of: string): string => percent(share(tally, of, "runs"));
      print(
        `no drift, with --multivariate, ${name}, ${referenceRows}/${currentRows}: ${rate("together")} of the runs flag anything (≤ 7), ${rate("columns")} without it; the rows as a whole in ${rate("joint")}`,
      );
    }
}

function share(tally: Tally, part: string, whole: string): number {
  return (tally[part] ?? 0) / (tally[whole] ?? Number.NaN);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
