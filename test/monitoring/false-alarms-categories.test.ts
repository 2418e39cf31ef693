// How often the drift policy calls drift that is not there: columns of categories. In full (2,000 runs, no ties) in `npm run bench`.
import { describe, expect, it } from "vitest";
import { listQuietScenarios, simulateDrift } from "../../bench/simulate-drift.ts";

const runs = 200;
/** 7 % plus two standard errors of a share of 7 % in so many runs. */
const bound = 0.07 + 2 * Math.sqrt((0.07 * 0.93) / runs);

describe("without drift", () => {
  it.each(listQuietScenarios(runs, 200).filter(({ numeric, texts }) => numeric === 0 && texts === 0))(
    "$name: few runs flag anything",
    (scenario) => {
      const rates = simulateDrift(scenario, scenario.name);
      expect(rates.falseRuns).toBeLessThanOrEqual(bound);
      if (scenario.currentRows >= 2000) expect(rates.stableColumns).toBeGreaterThanOrEqual(0.9);
    },
    120_000,
  );
});
