// A percentile bootstrap on ten positives calls equal models identical in four samples of five. Here none of them may pass a tight gate.
import { expect, test } from "vitest";
import { judge } from "../../src/evaluation/judge.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { makePredictions, makeRequest, makeRows } from "./example-models.ts";

const gates = ["roc_auc", "recall", "precision", "f1", "average_precision", "balanced_accuracy"].map(
  (metric) => `${metric} drop <= 1pp`,
);

/** Ten positives among sixty rows; the candidate's scores differ, its decisions on one row in twenty. */
function drawFew(seed: string) {
  const random = createRandom(seed);
  const labels = Array.from({ length: 60 }, (_, row) => Number(row < 10));
  const baseline = labels.map((label) => 1 / (1 + Math.exp(1 - 2.5 * label + random.nextNormal())));
  const candidate = baseline.map((value) => {
    const moved = value + (value > 0.5 ? 0.01 : -0.01) * random.nextFloat();
    return Math.min(1, Math.max(0, random.nextFloat() < 0.05 ? 1 - value : moved));
  });
  const [before, after] = [makePredictions(baseline), makePredictions(candidate)];
  return { rows: makeRows("binary", labels), baseline: before, candidate: after };
}

test("equal models on ten positives: no tight gate passes, and no interval shrinks to nothing", () => {
  for (let round = 0; round < 40; round += 1) {
    const { verdict, unchanged, gates: judged } = judge(makeRequest(drawFew(`few ${round}`), gates));
    expect(unchanged).toBe(false);
    expect(verdict).not.toBe("pass");
    for (const { id, outcome, interval, reason } of judged) {
      expect(outcome, `${round}: ${id}: ${reason}`).not.toBe("pass");
      expect(outcome === "inconclusive" || interval![1] < -0.01, id).toBe(true);
    }
  }
});

test("decisions that agree on every row, under scores that do not: still no pass", () => {
  const { rows, baseline } = drawFew("same decisions");
  const candidate = makePredictions(baseline.values.map((value) => (value >= 0.5 ? (value + 1) / 2 : value / 2)));
  const { verdict, gates: judged } = judge(makeRequest({ rows, baseline, candidate }, gates));
  expect(verdict).toBe("inconclusive");
  for (const { outcome, difference } of judged) {
    expect(difference).toBeCloseTo(0, 12);
    expect(outcome).toBe("inconclusive");
  }
});
