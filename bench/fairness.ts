// How often the intervals of fairness metrics hold the truth: seeded decisions of two models whose rates in each group are known.
import type { EvaluationRows, Predictions } from "../src/evaluation/metric-rows.ts";
import { joinPredictions } from "../src/evaluation/metric-rows.ts";
import { estimatePair } from "../src/evaluation/paired-estimate.ts";
import { resolveMetric } from "../src/evaluation/resolve-metric.ts";
import { createRandom } from "../src/statistics/rng.ts";
import type { Tally } from "./spread.ts";

/** Of one group: rows, share of positives, and [recall, false-positive rate] of both models. */
export interface FairGroup {
  readonly rows: number;
  readonly positives: number;
  readonly baseline: readonly [number, number];
  readonly candidate: readonly [number, number];
}

export interface FairScenario {
  readonly metric: "demographic_parity_difference" | "equalized_odds_difference" | "demographic_parity_ratio";
  readonly groups: readonly FairGroup[];
  /** Share of rows on which both models decide by the same luck. */
  readonly together: number;
  readonly rounds: number;
}

export interface FairCoverage {
  /** Share of 95 % intervals that hold the true change, and the true value of the candidate. */
  readonly change: number;
  readonly value: number;
  /** Share of rounds whose change is wrongly called larger or smaller than the truth at 2.5 % each. */
  readonly wrong: number;
  /** Mean width of the interval of the change. */
  readonly width: number;
}

/** The same scenario gives the same answer. Rounds in which a group has no rows to take a rate over are left out. */
export function coverFairness(scenario: FairScenario): FairCoverage {
  return readFairness(tallyFairness(scenario, "", 0, scenario.rounds));
}

export function readFairness(tally: Tally): FairCoverage {
  const share = (name: string): number => (tally[name] ?? 0) / tally["rounds"]!;
  return {
    change: share("change"),
    value: share("value"),
    wrong: share("wrong"),
    width: share("widthInMillionths") / 1e6,
  };
}

export function tallyFairness(scenario: FairScenario, _seed: string, first: number, end: number): Tally {
  const { metric: id, groups } = scenario;
  const truth = { baseline: measureTruth(id, groups, "baseline"), candidate: measureTruth(id, groups, "candidate") };
  const change = truth.candidate - truth.baseline;
  const metric = resolveMetric(
    id,
    new Map<string, string | number>([
      ["by", "group"],
      ["min", 1],
    ]),
    [],
  )!;
  const counts = { change: 0, value: 0, wrong: 0, widthInMillionths: 0, rounds: 0 };
  for (let round = first; round < end; round += 1) {
    const { rows, baseline, candidate } = drawDecisions(scenario, `${id} ${round}`);
    const plan = {
      rows: rows.rows,
      weights: null,
      layout: { units: rows.rows, unitOfRow: null, blockLength: null },
      resamples: 2000,
      random: createRandom(`max-t ${round}`),
    };
    const [first, second] = [baseline, candidate].map((one) => metric.measure(joinPredictions(rows, one)));
    const estimate = estimatePair(first!, second!, plan);
    const inference = estimate.contrast(1);
    const [low, high] = inference.interval(0.95);
    const [from, to] = estimate.contrast(0).interval(0.95);
    if (!Number.isFinite(low + high)) continue;
    counts.rounds += 1;
    counts.change += Number(low <= change && change <= high);
    counts.value += Number(from <= truth.candidate && truth.candidate <= to);
    counts.wrong += Number(Math.min(inference.pValueAbove(change), inference.pValueBelow(change)) < 0.025);
    counts.widthInMillionths += Math.round(1e6 * (high - low));
  }
  return counts;
}

function measureTruth(
  id: FairScenario["metric"],
  groups: readonly FairGroup[],
  model: "baseline" | "candidate",
): number {
  const ratesOf = (group: FairGroup): readonly number[] => {
    const [recall, falsePositives] = group[model];
    if (id === "equalized_odds_difference") return [recall, falsePositives];
    return [group.positives * recall + (1 - group.positives) * falsePositives];
  };
  const byRate = ratesOf(groups[0]!).map((_, rate) => groups.map((group) => ratesOf(group)[rate]!));
  if (id === "demographic_parity_ratio") return Math.min(...byRate[0]!) / Math.max(...byRate[0]!);
  return Math.max(...byRate.map((rates) => Math.max(...rates) - Math.min(...rates)));
}

function drawDecisions(
  { groups, together }: FairScenario,
  seed: string,
): { readonly rows: EvaluationRows; readonly baseline: Predictions; readonly candidate: Predictions } {
  const random = createRandom(seed);
  const labels: number[] = [];
  const names: string[] = [];
  const decisions: { baseline: number[]; candidate: number[] } = { baseline: [], candidate: [] };
  groups.forEach((group, at) => {
    for (let row = 0; row < group.rows; row += 1) {
      const label = random.nextFloat() < group.positives ? 1 : 0;
      const luck = random.nextFloat();
      const own = random.nextFloat() < together ? luck : random.nextFloat();
      labels.push(label);
      names.push(`g${at}`);
      decisions.baseline.push(luck < group.baseline[1 - label]! ? 0.9 : 0.1);
      decisions.candidate.push(own < group.candidate[1 - label]! ? 0.9 : 0.1);
    }
  });
  const rows: EvaluationRows = {
    task: "binary",
    rows: labels.length,
    labels: Float64Array.from(labels),
    classes: ["0", "1"],
    threshold: 0.5,
    weights: null,
    clusters: null,
    blockLength: null,
    columns: new Map([["group", { name: "group", type: "categorical", values: names }]]),
  };
  const make = (values: readonly number[]): Predictions => ({
    values: Float64Array.from(values),
    probabilities: null,
    columns: new Map(),
  });
  return { rows, baseline: make(decisions.baseline), candidate: make(decisions.candidate) };
}

const level = (rows: number, recall: number, falsePositives: number, shift = 0): FairGroup => ({
  rows,
  positives: 0.4,
  baseline: [recall, falsePositives],
  candidate: [recall + shift, falsePositives + shift],
});

/** Ties everywhere, one group that loses, small groups, many groups, models that hardly differ. */
export const fairScenarios: readonly (Omit<FairScenario, "rounds"> & { readonly name: string })[] = (
  ["demographic_parity_difference", "equalized_odds_difference", "demographic_parity_ratio"] as const
).flatMap((metric) => [
  { name: "two equal groups of 200", metric, together: 0.8, groups: [level(200, 0.8, 0.2), level(200, 0.8, 0.2)] },
  {
    name: "five equal groups of 60",
    metric,
    together: 0.5,
    groups: Array.from({ length: 5 }, () => level(60, 0.7, 0.3)),
  },
  {
    name: "one of three loses 20 points",
    metric,
    together: 0.8,
    groups: [level(300, 0.8, 0.3), level(300, 0.8, 0.3), level(150, 0.8, 0.3, -0.2)],
  },
  { name: "the gap closes", metric, together: 0.8, groups: [level(400, 0.8, 0.4), level(200, 0.6, 0.25, 0.12)] },
  {
    name: "50 rows beside 1,000, alike but for 5 %",
    metric,
    together: 0.95,
    groups: [level(1000, 0.8, 0.2), level(50, 0.7, 0.3)],
  },
]);
