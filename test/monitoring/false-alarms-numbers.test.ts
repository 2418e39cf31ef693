// How often the drift policy calls drift that is not there: columns of numbers, alone and mixed. In full (2,000 runs, no ties) in `npm run bench`.
import { describe, expect, it } from "vitest";
import {
  drawCounts,
  drawPair,
  listQuietScenarios,
  normalSource,
  simulateDrift,
  tallyDrift,
} from "../../bench/simulate-drift.ts";
import { addTallies, spreadRuns } from "../../bench/spread.ts";
import { pairColumns } from "../../src/monitoring/column-pair.ts";
import { decideDrift } from "../../src/monitoring/drift-policy.ts";
import type { ColumnProfile } from "../../src/monitoring/profile.ts";
import { profileColumn } from "../../src/monitoring/profile-table.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const runs = 200;
/** 7 % plus two standard errors of a share of 7 % in so many runs. */
const bound = 0.07 + 2 * Math.sqrt((0.07 * 0.93) / runs);

describe("without drift", () => {
  it.each(listQuietScenarios(runs, 200).filter(({ numeric }) => numeric > 0))(
    "$name: few runs flag anything",
    (scenario) => {
      const rates = simulateDrift(scenario, scenario.name);
      expect(rates.falseRuns).toBeLessThanOrEqual(bound);
      if (scenario.currentRows >= 2000) expect(rates.stableColumns).toBeGreaterThanOrEqual(0.9);
    },
    120_000,
  );
});

describe("with drift", () => {
  const base = { name: "", texts: 0, zipf: [], cells: 200 } as const;

  it("half a standard deviation at 1000/500 is found in at least 95 % of the columns", () => {
    const shifted = { columns: 5, deviations: 0.5 };
    const rates = simulateDrift(
      { ...base, runs: 20, referenceRows: 1000, currentRows: 500, numeric: 45, shifted },
      "found",
    );
    expect(rates.found).toBeGreaterThanOrEqual(0.95);
  });

  it("a trivial shift at 50,000/50,000 is never called drift", () => {
    const shifted = { columns: 50, deviations: 0.02 };
    const rates = simulateDrift(
      { ...base, runs: 20, referenceRows: 50_000, currentRows: 50_000, numeric: 0, shifted },
      "trivial",
    );
    expect(rates.found).toBe(0);
  });
});

describe("the simulation", () => {
  const rows = { referenceRows: 300, currentRows: 200 };

  it("draws what profiling the drawn values gives", () => {
    const seed = "the same stream";
    const random = createRandom(seed);
    const values = (count: number) => Float64Array.from({ length: count }, () => random.nextNormal());
    const [reference, current] = [values(rows.referenceRows), values(rows.currentRows)];
    const profile = (numbers: Float64Array) => profileColumn({ name: "x", type: "numeric", values: numbers });
    const pair = drawPair("x", normalSource(0, 0), normalSource(0, 0), { ...rows, cells: null }, createRandom(seed));
    // All but the picture, which is of the places of values: the simulation draws ranks.
    const decide = (sides: readonly [ColumnProfile, ColumnProfile]) => {
      const { distribution, ...decided } = decideDrift([pairColumns(...sides)], { measures: "none" }).columns[0] ?? {};
      expect(distribution).toBeDefined();
      return decided;
    };
    expect(decide(pair)).toEqual(decide([profile(reference), profile(current)]));
  });

  it("gives the same counts however its runs are dealt out", async () => {
    const sizes = { referenceRows: 300, currentRows: 200, cells: 50, runs: 23 };
    const scenario = { ...sizes, name: "", numeric: 5, texts: 0, zipf: [], shifted: { columns: 5, deviations: 0.3 } };
    const whole = tallyDrift(scenario, "dealt", 0, 23);
    const parts = [0, 5, 11].map((from, i) => tallyDrift(scenario, "dealt", from, [5, 11, 23][i] ?? 0));
    expect(addTallies(parts)).toEqual(whole);
    expect(await spreadRuns("drift", scenario, "dealt", 23, 1)).toEqual(whole);
    expect(tallyDrift(scenario, "another", 0, 23)).not.toEqual(whole);
  });

  it("draws counts with the mean and variance of a multinomial", () => {
    const random = createRandom("counts");
    const shares = Float64Array.of(0.7, 0.25, 0.05);
    const drawn = Array.from({ length: 4000 }, () => drawCounts(shares, 1000, random));
    shares.forEach((share, i) => {
      const counts = drawn.map((counts) => counts[i] ?? 0);
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
      expect(Math.abs(mean - 1000 * share)).toBeLessThan(4 * Math.sqrt((1000 * share * (1 - share)) / 4000));
      expect(variance / (1000 * share * (1 - share))).toBeCloseTo(1, 0);
    });
    expect(drawn.every((counts) => counts.reduce((sum, count) => sum + count, 0) === 1000)).toBe(true);
  });
});
