// Seeded simulation: bounds are those promised, widened by two standard errors of the share of 300 pairs.
import { beforeAll, describe, expect, test } from "vitest";
import { type Calibration, calibrate } from "../../bench/calibration.ts";

const pairs = 300;
const slack = (share: number) => 2 * Math.sqrt((share * (1 - share)) / pairs);
const base = { pairs, rows: 500, correlation: 0.8, resamples: 1000, areaLoss: 0 };
const gate = (area: string, rest: string, last: readonly string[]) => [
  `roc_auc drop <= ${area}`,
  `accuracy drop <= ${rest}`,
  `recall drop <= ${rest}`,
  `f1 drop <= ${rest}`,
  ...last,
  "roc_auc >= 0.7",
  "accuracy >= 0.6",
];
// The last two of six margins: losses resampled by rows where their intervals are looked at, shares where one gate alone decides.
const narrow = (area: string) => gate(area, "3pp", ["log_loss rise <= 0.03", "brier_score rise <= 3pp"]);
const wide = (area: string) => gate(area, "30pp", ["specificity drop <= 30pp", "precision drop <= 40pp"]);

describe("equal models", () => {
  let result: Calibration;
  beforeAll(() => {
    result = calibrate({ ...base, gates: narrow("3pp") });
  }, 240_000);
  test("the verdict is fail in at most 5 %", () => {
    expect(result.verdicts.fail).toBeLessThanOrEqual(0.05 + slack(0.05));
  });
  test("intervals cover 93 to 97 %", () => {
    for (const [id, share] of result.holdsZero) {
      if (id.includes(">=")) continue;
      expect(share, id).toBeGreaterThan(0.93 - slack(0.93));
      expect(share, id).toBeLessThan(0.97 + slack(0.97));
    }
  });
  test("pass a margin of the printed passable margin in at least 78 %", () => {
    for (const [id, share] of result.passesPassable) {
      if (id.includes(">=")) continue;
      expect(share, id).toBeGreaterThan(0.78 - slack(0.78));
    }
  });
});

test("one gate exactly at its margin, the others far inside: pass in at most 3.3 %", () => {
  const result = calibrate({ ...base, areaLoss: 0.02, gates: wide("2pp") });
  expect(result.verdicts.pass).toBeLessThanOrEqual(0.033 + slack(0.033));
}, 240_000);

test("a loss of margin + 2 · (smallest detectable − margin): that gate fails in at least 95 %, the verdict never passes", () => {
  const gates = wide("2pp");
  const pilot = calibrate({ ...base, pairs: 20, gates });
  const detectable = pilot.smallestDetectableEffect.get("roc_auc drop")!;
  const result = calibrate({ ...base, areaLoss: 0.02 + 2 * (detectable - 0.02), gates });
  expect(result.outcomes.get("roc_auc drop")!.fail).toBeGreaterThanOrEqual(0.95 - slack(0.95));
  expect(result.verdicts.pass).toBe(0);
}, 240_000);
