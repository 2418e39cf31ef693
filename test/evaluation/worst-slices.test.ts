// Seeded simulation of the search for bad slices: how often it cries wolf, and how often it finds what was planted.
import { describe, expect, test } from "vitest";
import { judge } from "../../src/evaluation/judge.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";
import { makePredictions, makeRequest, makeRows } from "./example-models.ts";

const rows = 4000;
const planted = "region=r3";

/**
 * Four columns, 135 slices. The baseline is right on 85 % of the rows everywhere. The candidate keeps nine decisions of ten and takes the others anew;
 * it is worse by `loss` everywhere, and by `hurt` in one region of ten.
 */
function drawModels(seed: string, loss: number, hurt: number) {
  const random = createRandom(seed);
  const pick = (values: readonly string[]) =>
    Array.from({ length: rows }, () => values[random.nextInteger(values.length)]!);
  const region = pick(Array.from({ length: 10 }, (_, at) => `r${at}`));
  const age = Float64Array.from({ length: rows }, () => 18 + random.nextInteger(60));
  const columns: readonly Column[] = [
    { name: "region", type: "categorical", values: region },
    { name: "plan", type: "categorical", values: pick(["basic", "pro", "max"]) },
    { name: "device", type: "categorical", values: pick(["phone", "desk"]) },
    { name: "age", type: "numeric", values: age },
  ];
  const labels = Array.from({ length: rows }, () => random.nextInteger(2));
  const decide = (label: number, right: number) => (random.nextFloat() < right ? label : 1 - label);
  const baseline = labels.map((label) => decide(label, 0.85));
  const candidate = labels.map((label, row) => {
    const decided = random.nextFloat() < 0.9 ? baseline[row]! : decide(label, 0.85);
    // What is right turns wrong as often as it takes to lose so much accuracy.
    const lost = (`region=${region[row]}` === planted ? hurt : loss) / 0.85;
    return decided === label && random.nextFloat() < lost ? 1 - label : decided;
  });
  const state = (decisions: readonly number[]) => makePredictions(decisions.map((one) => 0.25 + one / 2));
  return {
    rows: { ...makeRows("binary", labels), columns: new Map(columns.map((column) => [column.name, column])) },
    baseline: state(baseline),
    candidate: state(candidate),
  };
}

function judgeWorst(seed: string, loss: number, hurt: number) {
  const metrics = [{ kind: "built-in", id: "accuracy", params: {} } as const];
  return judge(makeRequest(drawModels(seed, loss, hurt), ["accuracy[worst] drop <= 1pp"], { metrics, seed }));
}

const show = (text: string) => process.stdout.write(`worst slices: ${text}\n`);

describe("the search for the worst slices, 4,000 rows, 135 slices", () => {
  test.each([
    ["equal models", 0],
    ["a loss at the margin in every slice", 0.01],
  ])("%s: flags one in at most 5 %%", (name, loss) => {
    const rounds = 20;
    const flagged = Array.from({ length: rounds }, (_, round) => judgeWorst(`${name} ${round}`, loss, loss)).filter(
      ({ verdict }) => verdict === "fail",
    ).length;
    show(`${name}: ${flagged} of ${rounds} flagged`);
    expect(flagged / rounds).toBeLessThanOrEqual(0.05);
  });

  test("15 points lost in a tenth of the rows are found in at least 80 %", () => {
    const rounds = 20;
    const found = Array.from({ length: rounds }, (_, round) => judgeWorst(`planted ${round}`, 0, 0.15)).filter(
      ({ gates }) => gates.some(({ outcome, slice }) => outcome === "fail" && slice?.includes(planted)),
    ).length;
    show(`planted: found in ${found} of ${rounds}`);
    expect(found / rounds).toBeGreaterThanOrEqual(0.8);
  });
});
