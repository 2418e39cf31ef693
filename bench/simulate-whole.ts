// Whole runs as `drift --multivariate` makes them, without drift: how often columns and rows together call any.
import { compareProfiles } from "../src/monitoring/compare-profiles.ts";
import { testJointly } from "../src/monitoring/multivariate.ts";
import { profileTable } from "../src/monitoring/profile-table.ts";
import { createRandom, type Random } from "../src/statistics/rng.ts";
import type { Column, Table } from "../src/tables/table.ts";
import type { Tally } from "./spread.ts";

export interface WholeScenario {
  readonly referenceRows: number;
  readonly currentRows: number;
  /** N(0, 1), every two of them correlated by 0.3. */
  readonly numeric: number;
  /** Categories that go with the first of the numbers; Zipf over twenty. */
  readonly categorical: number;
  /** Exchanges of the tests of the rows as a whole. */
  readonly permutations: number;
}

/** Runs whose verdict is drift with the rows as a whole, without them, and runs in which the rows as a whole are called drifted. */
export function tallyWholeRuns(scenario: WholeScenario, seed: string, from: number, to: number): Tally {
  const tally = { runs: to - from, together: 0, columns: 0, joint: 0 };
  for (let run = from; run < to; run++) {
    const random = createRandom(`${seed} ${run}`);
    const reference = drawRows(scenario, scenario.referenceRows, random);
    const current = drawRows(scenario, scenario.currentRows, random);
    const profiles = [profileTable(reference), profileTable(current)] as const;
    const multivariate = testJointly({ reference, current, keys: null }, scenario.permutations, `${seed} ${run}`);
    const together = compareProfiles(...profiles, { measures: "none", multivariate });
    tally.together += Number(together.verdict === "drift");
    tally.joint += Number(together.multivariate?.outcome === "drift");
    tally.columns += Number(compareProfiles(...profiles, { measures: "none" }).verdict === "drift");
  }
  return tally;
}

function drawRows({ numeric, categorical }: WholeScenario, rows: number, random: Random): Table {
  const common = Float64Array.from({ length: rows }, () => random.nextNormal());
  const columns: Column[] = Array.from({ length: numeric }, (_, i) => ({
    name: `n${i}`,
    type: "numeric",
    values: common.map((shared) => Math.sqrt(0.3) * shared + Math.sqrt(0.7) * random.nextNormal()),
  }));
  for (let i = 0; i < categorical; i++) {
    const values = Array.from(common, (shared) => {
      // Zipf by inversion of its smooth form; a third of the rows follow the common part's rank.
      const u = random.nextFloat() < 1 / 3 ? 1 / (1 + Math.exp(-1.7 * shared)) : random.nextFloat();
      return `k${Math.floor(21 ** u)}`;
    });
    columns.push({ name: `s${i}`, type: "categorical", values });
  }
  return { rows, columns: new Map(columns.map((column) => [column.name, column])) };
}
