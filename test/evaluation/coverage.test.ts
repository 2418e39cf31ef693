// Seeded simulation of how often 95 % intervals hold what is true; bounds widened by two standard errors. `npm run bench` runs 2,000 pairs.
import { describe, expect, test } from "vitest";
import { calibrate, coverValues } from "../../bench/calibration.ts";
import { shareScenario, shareValueScenario, sliceScenario, valueScenario } from "../../bench/calibration-scenarios.ts";

const pairs = 100;
const slack = (share: number) => 2 * Math.sqrt((share * (1 - share)) / pairs);

function expectCover(covers: ReadonlyMap<string, number>, atMost: (id: string) => number) {
  for (const [id, share] of covers) {
    expect(share, id).toBeGreaterThan(0.93 - slack(0.93));
    if (atMost(id) < 1) expect(share, id).toBeLessThan(atMost(id) + slack(atMost(id)));
  }
}

const smooth = ["roc_auc", "log_loss", "brier_score"];
const ofSmooth = (id: string) => (smooth.includes(id.replace(/ (?:drop|rise)$/u, "")) ? 0.97 : 1);

describe("with at least fifty rows per class, and on slices of a tenth of them", () => {
  test.each([0, 0.03])(
    "intervals of changes cover a true loss of %d of AUC",
    (areaLoss) => {
      const { covers } = calibrate(sliceScenario({ rows: 500, correlation: 0.8, pairs }, areaLoss));
      expect(covers.size).toBe(10);
      expectCover(covers, ofSmooth);
    },
    240_000,
  );

  test("intervals of a model's own values cover the truth", () => {
    const covers = coverValues(valueScenario({ rows: 500, correlation: 0.8, pairs }));
    expect(covers.size).toBe(15);
    expectCover(covers, ofSmooth);
  }, 240_000);
});

describe("shares near 1, on a hundred rows", () => {
  test.each([0.8, 0.95])("intervals of changes cover equality, correlation %d", (correlation) => {
    expectCover(calibrate(shareScenario({ rows: 100, correlation, pairs })).covers, () => 1);
  });
  test("intervals of a model's own values cover the truth", () => {
    expectCover(coverValues(shareValueScenario({ rows: 100, correlation: 0.8, pairs })), () => 1);
  });
});
