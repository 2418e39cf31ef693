// How often equal models are called different where rows hang together: in time, in groups of unequal size, or by folds of cross-validation.
import { parseGate } from "../src/evaluation/gate-grammar.ts";
import { judge } from "../src/evaluation/judge.ts";
import type { EvaluationRows, Predictions } from "../src/evaluation/metric-rows.ts";
import { layOutTime } from "../src/evaluation/time-blocks.ts";
import { inferCorrectedResampledT } from "../src/statistics/corrected-resampled-t.ts";
import { createRandom, type Random } from "../src/statistics/rng.ts";
import type { Tally } from "./spread.ts";

/** Equal models, whose losses depend on each other. */
export type DependentScenario =
  | { readonly kind: "time"; readonly rows: number /** Of neighbours. */; readonly correlation: number }
  | { readonly kind: "groups"; readonly groups: number; readonly sizes: "equal" | "unequal" | "one large" }
  | { readonly kind: "folds"; readonly folds: number; readonly repeats: number };

/** Runs whose p-value is at most 0.05, and runs in which a gate of no loss at all passes. */
export function tallyDependent(scenario: DependentScenario, _seed: string, from: number, to: number): Tally {
  const tally = { called: 0, passes: 0 };
  for (let run = from; run < to; run += 1) {
    const random = createRandom(`${JSON.stringify(scenario)} ${run}`);
    if (scenario.kind === "folds") {
      const { pValueAbove, pValueBelow } = compareFolds(scenario.folds, scenario.repeats, random);
      tally.called += Number(2 * Math.min(pValueAbove(0), pValueBelow(0)) <= 0.05);
      continue;
    }
    const [layout, differences] =
      scenario.kind === "time" ? drawSeries(scenario, random) : drawGroups(scenario, random);
    const { metrics, gates } = judgeLosses(layout, differences, String(run));
    tally.called += Number(metrics[0]!.pValue! <= 0.05);
    tally.passes += Number(gates[0]!.outcome === "pass");
  }
  return tally;
}

type Layout = Pick<EvaluationRows, "clusters" | "blockLength">;

function judgeLosses(layout: Layout, differences: Float64Array, seed: string) {
  const rows = differences.length;
  const predict = (values: Float64Array): Predictions => ({ values, probabilities: null, columns: new Map() });
  return judge({
    rows: {
      task: "regression",
      rows,
      labels: new Float64Array(rows),
      classes: [],
      threshold: 0.5,
      weights: null,
      columns: new Map(),
      ...layout,
    },
    // Errors far from 0, so that the mean absolute error changes by what is added.
    baseline: predict(new Float64Array(rows).fill(100)),
    candidate: predict(differences.map((difference) => 100 + difference)),
    metrics: [{ kind: "built-in", id: "mean_absolute_error", params: {} }],
    gates: [parseGate("mean_absolute_error rise <= 0")],
    slices: [],
    confidence: 0.95,
    seed,
    resamples: 1000,
  });
}

/** An autoregressive series. */
function drawSeries(
  { rows, correlation }: Extract<DependentScenario, { kind: "time" }>,
  random: Random,
): readonly [Layout, Float64Array] {
  const own = Math.sqrt(1 - correlation ** 2);
  let state = random.nextNormal();
  const values = Float64Array.from({ length: rows }, () => {
    state = correlation * state + own * random.nextNormal();
    return state;
  });
  const settings = { task: "regression", time: null, blockLength: "auto", group: null } as const;
  const { blockLength } = layOutTime({ rows, columns: new Map() }, settings, "simulated");
  return [{ clusters: null, blockLength }, values];
}

/** Half of the variance is the group's. */
function drawGroups(
  { groups, sizes }: Extract<DependentScenario, { kind: "groups" }>,
  random: Random,
): readonly [Layout, Float64Array] {
  const usual = 10;
  const clusters: number[] = [];
  const values: number[] = [];
  for (let group = 0; group < groups; group += 1) {
    const unequal = Math.max(1, Math.round(usual * Math.exp(random.nextNormal() - 0.5)));
    const large = group === 0 ? usual * (groups - 1) : usual;
    const rows = { equal: usual, unequal, "one large": large }[sizes];
    const common = random.nextNormal();
    for (let row = 0; row < rows; row += 1) {
      clusters.push(group);
      values.push(Math.SQRT1_2 * (common + random.nextNormal()));
    }
  }
  return [{ clusters: Int32Array.from(clusters), blockLength: null }, Float64Array.from(values)];
}

/** Cross-validation of two learners that are equally wrong: a slope each on a number that says nothing of the label. */
function compareFolds(folds: number, repeats: number, random: Random) {
  const rows = 20 * folds;
  const numbers = Array.from({ length: rows }, () => [random.nextNormal(), random.nextNormal()] as const);
  const labels = Array.from({ length: rows }, () => random.nextNormal());
  const differences: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const order = labels.map((_, row) => row);
    for (let at = rows - 1; at > 0; at -= 1) {
      const other = random.nextInteger(at + 1);
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    for (let fold = 0; fold < folds; fold += 1) {
      const tested = order.filter((_, at) => at % folds === fold);
      const trained = order.filter((_, at) => at % folds !== fold);
      const [first, second] = [0, 1].map((column) => {
        const slope =
          trained.reduce((sum, row) => sum + numbers[row]![column]! * labels[row]!, 0) /
          trained.reduce((sum, row) => sum + numbers[row]![column]! ** 2, 0);
        return tested.reduce((sum, row) => sum + (labels[row]! - slope * numbers[row]![column]!) ** 2, 0);
      });
      differences.push((second! - first!) / tested.length);
    }
  }
  return inferCorrectedResampledT(differences, 1 / (folds - 1));
}

export const dependentScenarios: readonly (readonly [string, DependentScenario])[] = [
  ...[0, 0.5, 0.8].flatMap((correlation) =>
    [200, 500, 2000].map(
      (rows) =>
        [`time, ${rows} rows, neighbours correlated ${correlation}`, { kind: "time", rows, correlation }] as const,
    ),
  ),
  ...(["equal", "unequal", "one large"] as const).flatMap((sizes) =>
    [10, 20, 40].map((groups) => [`${groups} groups, ${sizes}`, { kind: "groups", groups, sizes }] as const),
  ),
  ["10 folds", { kind: "folds", folds: 10, repeats: 1 }],
  ["5 folds, 3 times", { kind: "folds", folds: 5, repeats: 3 }],
];
