// Rows of users, without drift: how often tests that take them as independent are wrong, and those that move users whole.
import { pairColumns } from "../src/monitoring/column-pair.ts";
import { decideDrift } from "../src/monitoring/drift-policy.ts";
import { testGroups } from "../src/monitoring/group-tests.ts";
import { testJointly } from "../src/monitoring/multivariate.ts";
import { listJointPValues } from "../src/monitoring/multivariate-report.ts";
import { profileColumn } from "../src/monitoring/profile-table.ts";
import { createRandom, type Random } from "../src/statistics/rng.ts";
import type { Column, Table } from "../src/tables/table.ts";
import type { Tally } from "./spread.ts";

export interface UserScenario {
  readonly runs: number;
  /** On each side; other users on the other side. */
  readonly users: number;
  readonly rowsPerUser: number;
  /** Half numbers (a user's mean and a third of its deviation inside), half categories (a user keeps nine rows of ten). */
  readonly columns: number;
}

interface Rows {
  readonly table: Table;
  readonly keys: readonly string[];
}

/** Share of tests of the rows as a whole with p ≤ 0.05, taking users whole. */
export function simulateJoint(scenario: UserScenario, seed: string): number {
  const { low = 0, tests = 0 } = tallyJoint(scenario, seed, 0, scenario.runs);
  return low / tests;
}

/** Tests of the rows as a whole, and those with p ≤ 0.05, taking users whole. */
export function tallyJoint(scenario: UserScenario, seed: string, from: number, to: number): Tally {
  let low = 0;
  let tests = 0;
  for (let run = from; run < to; run++) {
    const random = createRandom(`${seed} ${run}`);
    const [reference, current] = [drawUsers("r", scenario, random), drawUsers("c", scenario, random)];
    const keys = { reference: reference.keys, current: current.keys };
    const test = testJointly({ reference: reference.table, current: current.table, keys }, 400, `${seed} ${run}`);
    for (const p of test ? listJointPValues(test) : []) {
      tests++;
      if (p <= 0.05) low++;
    }
  }
  return { low, tests };
}

/** Share of runs in which the policy calls any column drifted, taking users whole or rows as independent. */
export function simulateUsers(
  scenario: UserScenario,
  seed: string,
): { readonly grouped: number; readonly independent: number } {
  const { runs = 0, grouped = 0, independent = 0 } = tallyUsers(scenario, seed, 0, scenario.runs);
  return { grouped: grouped / runs, independent: independent / runs };
}

/** Runs in which the policy calls any column drifted, taking users whole or rows as independent. */
export function tallyUsers(scenario: UserScenario, seed: string, from: number, to: number): Tally {
  const alarms = { runs: to - from, grouped: 0, independent: 0 };
  for (let run = from; run < to; run++) {
    const random = createRandom(`${seed} ${run}`);
    const [reference, current] = [drawUsers("r", scenario, random), drawUsers("c", scenario, random)];
    const names = [...reference.table.columns.keys()];
    const side = ({ table, keys }: Rows, name: string) => ({
      column: table.columns.get(name) as Column,
      units: Int32Array.from(keys, (key) => Number(key.slice(2))),
      unitCount: scenario.users,
    });
    const pairs = names.map((name) =>
      pairColumns(profileColumn(side(reference, name).column), profileColumn(side(current, name).column)),
    );
    const groups = new Map(
      pairs.map((pair) => [
        pair.name,
        testGroups(side(reference, pair.name), side(current, pair.name), pair.ordered, 2000, random),
      ]),
    );
    const flags = (settings: Parameters<typeof decideDrift>[1]): number =>
      Number(decideDrift(pairs, { ...settings, measures: "none" }).columns.some(({ outcome }) => outcome === "drift"));
    alarms.grouped += flags({ groups });
    alarms.independent += flags({});
  }
  return alarms;
}

function drawUsers(side: string, { users, rowsPerUser, columns }: UserScenario, random: Random): Rows {
  const rows = users * rowsPerUser;
  const user = (row: number): number => Math.floor(row / rowsPerUser);
  const made = Array.from({ length: columns }, (_, i): Column => {
    if (i % 2 === 0) {
      const means = Array.from({ length: users }, () => random.nextNormal());
      const within = rowsPerUser === 1 ? 0 : 0.33;
      const values = Float64Array.from(
        { length: rows },
        (_, row) => (means[user(row)] ?? 0) + within * random.nextNormal(),
      );
      return { name: `n${i}`, type: "numeric", values };
    }
    const draw = (): string => String(Math.floor(8 * random.nextFloat() ** 2));
    const kept = Array.from({ length: users }, draw);
    const values = Array.from({ length: rows }, (_, row) =>
      random.nextFloat() < 0.9 ? (kept[user(row)] ?? "") : draw(),
    );
    return { name: `s${i}`, type: "categorical", values };
  });
  return {
    table: { rows, columns: new Map(made.map((column) => [column.name, column])) },
    keys: Array.from({ length: rows }, (_, row) => `${side} ${user(row)}`),
  };
}
