// Seeded simulation: bounds are those promised, widened by two standard errors of a share of as many pairs. `npm run bench` runs 2,000.
import { beforeAll, describe, expect, test } from "vitest";
import { type Calibration, calibrate } from "../../bench/calibration.ts";
import { equalScenario, lossScenario, marginScenario } from "../../bench/calibration-scenarios.ts";

const settings = [
  { rows: 500, correlation: 0.8, pairs: 300, resampledPairs: 300 },
  { rows: 500, correlation: 0.95, pairs: 300, resampledPairs: 300 },
  // Resampling takes as much longer as there are more rows.
  { rows: 5000, correlation: 0.8, pairs: 100, resampledPairs: 40 },
  { rows: 5000, correlation: 0.95, pairs: 100, resampledPairs: 40 },
];

describe.each(settings)("$rows rows, correlation $correlation", ({ rows, correlation, pairs, resampledPairs }) => {
  const slack = (share: number, of = pairs) => 2 * Math.sqrt((share * (1 - share)) / of);

  describe("equal models", () => {
    let result: Calibration;
    beforeAll(() => {
      result = calibrate(equalScenario({ rows, correlation, pairs: resampledPairs }));
    }, 240_000);
    test("the verdict is fail in at most 5 %", () => {
      expect(result.verdicts.fail).toBeLessThanOrEqual(0.05 + slack(0.05, resampledPairs));
    });
    test("intervals of all six changes cover 93 to 97 %", () => {
      expect(result.covers.size).toBe(6);
      for (const [id, share] of result.covers) {
        expect(share, id).toBeGreaterThan(0.93 - slack(0.93, resampledPairs));
        expect(share, id).toBeLessThan(0.97 + slack(0.97, resampledPairs));
      }
    });
    test("pass a margin of the printed passable margin in at least 78 %", () => {
      for (const [id, share] of result.passesPassable)
        expect(share, id).toBeGreaterThan(0.78 - slack(0.78, resampledPairs));
    });
  });

  test("one gate exactly at its margin, the others far inside: pass in at most 3.3 %", () => {
    const result = calibrate(marginScenario({ rows, correlation, pairs }));
    expect(result.verdicts.pass).toBeLessThanOrEqual(0.033 + slack(0.033));
  }, 240_000);

  test("a loss of margin + 2 · (smallest detectable − margin): that gate fails in at least 95 %, the verdict almost never passes", () => {
    const result = calibrate(lossScenario({ rows, correlation, pairs }));
    expect(result.outcomes.get("roc_auc drop")!.fail).toBeGreaterThanOrEqual(0.95 - slack(0.95));
    expect(result.verdicts.pass).toBeLessThanOrEqual(0.001 + slack(0.001));
  }, 240_000);
});
