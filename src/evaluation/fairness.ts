// How groups of people fare: rates of each group, the six measures of difference between them, and every pair with intervals that hold at once.

import { reachPairs } from "../statistics/joined-reach.ts";
import { normalQuantile } from "../statistics/normal.ts";
import { inferShare } from "../statistics/paired-proportions.ts";
import { createRandom } from "../statistics/rng.ts";
import { inferSimultaneously } from "../statistics/simultaneous-contrasts.ts";
import type { Fairness, FairnessGroup, FairnessMeasure, FairnessPair, GroupRates, RateEstimate } from "./comparison.ts";
import {
  countGroups,
  describeInsufficient,
  falsePositiveRate,
  findGroups,
  mostGroups,
  positivePredictiveValue,
  type Rate,
  type RowGroups,
  selectionRate,
  spreadGroups,
  truePositiveRate,
} from "./group-rates.ts";
import type { EvaluateRequest, FairnessChoice, JudgeRequest } from "./judge-request.ts";
import { UndefinedMetric } from "./metric.ts";
import { joinPredictions, type MetricRows } from "./metric-rows.ts";
import { resolveMetric } from "./resolve-metric.ts";
import { layOutUnits, type Sample } from "./sample.ts";
import { measureShareCovariance, measureUsualWeight } from "./share-covariance.ts";
import { reachShares } from "./share-reach.ts";
import type { SpreadStatistic } from "./statistic.ts";

const rates = {
  selectionRate,
  truePositiveRate,
  falsePositiveRate,
  precision: positivePredictiveValue,
} as const satisfies Record<keyof GroupRates, Rate>;
const rateNames = Object.keys(rates) as readonly (keyof GroupRates)[];

const measureIds = [
  "demographic_parity_difference",
  "demographic_parity_ratio",
  "disparate_impact",
  "equal_opportunity_difference",
  "equalized_odds_difference",
  "predictive_parity_difference",
] as const;

/** Pairs listed per attribute: the largest differences first. */
const mostPairs = 200;

type Request = EvaluateRequest & { readonly baseline: JudgeRequest["baseline"] };

/** One entry per choice. `whole` are all rows with both models, so that gates and this list give the same numbers. Never throws for data. */
export function describeFairness(request: Request, whole: Sample): readonly Fairness[] {
  const { fairness = [], rows, baseline } = request;
  if (fairness.length === 0) return [];
  const candidate = joinPredictions(rows, request.candidate);
  const before = baseline === null ? null : joinPredictions(rows, baseline);
  return fairness.map((choice) => describeChoice(choice, candidate, before, request, whole));
}

function describeChoice(
  choice: FairnessChoice,
  candidate: MetricRows,
  before: MetricRows | null,
  request: Request,
  whole: Sample,
): Fairness {
  const { confidence, seed } = request;
  const by = choice.columns.join("+");
  const base = { by: choice.columns, confidence, minRows: choice.minRows };
  const nothing = (reason: string): Fairness => ({
    ...base,
    privileged: null,
    groups: [],
    measures: [],
    pairs: [],
    reason,
  });
  if (candidate.task !== "binary")
    return nothing(`rates of groups are for binary tasks, the task is ${candidate.task}`);
  try {
    const groups = findGroups(candidate, choice.columns);
    if (groups.names.length > mostGroups)
      return nothing(`${by} has ${groups.names.length} groups, at most ${mostGroups} can be compared`);
    const listed = listGroups(candidate, before, groups, by, choice.minRows, confidence);
    const largest = listed.reduce<FairnessGroup | null>(
      (most, one) => (most && most.rows >= one.rows ? most : one),
      null,
    );
    const privileged = choice.privileged ?? largest?.group ?? null;
    return {
      ...base,
      privileged,
      groups: listed,
      measures: measureIds.map((id) => measureSpread(id, by, choice.minRows, privileged, whole, confidence)),
      pairs: listPairs(candidate, groups, choice.minRows, confidence, `${seed}\n${by}`),
      reason: groups.names.length < 2 ? `${by} has fewer than two groups` : null,
    };
  } catch (error) {
    if (!(error instanceof UndefinedMetric)) throw error;
    return nothing(error.message);
  }
}

function listGroups(
  candidate: MetricRows,
  before: MetricRows | null,
  groups: RowGroups,
  by: string,
  minRows: number,
  confidence: number,
): readonly FairnessGroup[] {
  const now = estimateRates(candidate, groups, by, minRows, confidence);
  const past = before === null ? null : estimateRates(before, groups, by, minRows, confidence);
  return groups.names.map((group, at) => {
    const known = now[at]!;
    const needed = [known.selectionRate, known.truePositiveRate, known.falsePositiveRate];
    return {
      group,
      rows: known.selectionRate.rows,
      positives: known.truePositiveRate.rows,
      outcome: needed.every(({ value }) => value !== null) ? "measured" : "insufficient",
      ...known,
      baseline: past?.[at] ?? null,
    };
  });
}

function estimateRates(
  rows: MetricRows,
  groups: RowGroups,
  by: string,
  minRows: number,
  confidence: number,
): readonly GroupRates[] {
  const plain = rows.weights === null && layOutUnits(rows).unitOfRow === null;
  const columns = rateNames.map((name) => {
    const counts = countGroups(rows, groups, rates[name]);
    const reaches = plain
      ? null
      : measureReaches(spreadGroups(rows, groups, [rates[name]], "difference"), rows).reaches;
    const reach = reaches?.(normalQuantile((1 + confidence) / 2)) ?? null;
    return counts.map(({ group, rows: seen, hits, trials }, at): RateEstimate => {
      if (seen < minRows || trials === 0)
        return {
          rows: seen,
          value: null,
          interval: null,
          reason: describeInsufficient(by, group, seen, rates[name], minRows),
        };
      const value = hits / trials;
      if (reach === null)
        return { rows: seen, value, interval: inferShare(hits, trials).interval(confidence), reason: null };
      const [below, above] = reach[at]!;
      return { rows: seen, value, interval: [value - below, value + above], reason: null };
    });
  });
  return groups.names.map((_, at) => {
    const [selected, recall, falsePositives, precision] = columns.map((column) => column[at]!);
    return {
      selectionRate: selected!,
      truePositiveRate: recall!,
      falsePositiveRate: falsePositives!,
      precision: precision!,
    };
  });
}

function measureReaches(statistic: SpreadStatistic, rows: MetricRows) {
  const plan = { rows: rows.rows, weights: rows.weights, layout: layOutUnits(rows) };
  const covariance = measureShareCovariance([statistic], plan);
  return { covariance, reaches: reachShares([statistic], covariance, measureUsualWeight(plan)) };
}

function measureSpread(
  id: (typeof measureIds)[number],
  by: string,
  min: number,
  privileged: string | null,
  whole: Sample,
  confidence: number,
): FairnessMeasure {
  const parameters = new Map<string, string | number>([
    ["by", by],
    ["min", min],
  ]);
  if (id === "disparate_impact") parameters.set("privileged", privileged ?? "");
  const metric = resolveMetric(id, parameters, [])!;
  const { baseline, candidate, estimate, reason } = whole.measure(metric);
  const empty = { interval: null, difference: null, differenceInterval: null, pValue: null };
  const base = { metric: id, direction: metric.direction, value: candidate, baseline };
  if (estimate === null || candidate === null) return { ...base, ...empty, reason };
  const interval = finite(estimate.contrast(0).interval(confidence));
  if (baseline === null || !whole.hasBaseline) return { ...base, ...empty, interval, reason: estimate.tooFew };
  const unchanged = whole.identical;
  return {
    ...base,
    interval,
    difference: candidate - baseline,
    differenceInterval: unchanged ? [0, 0] : finite(estimate.contrast(1).interval(confidence)),
    pValue: unchanged ? 1 : estimate.zeroTest().pValue,
    reason: estimate.tooFew,
  };
}

function finite(interval: readonly [number, number]): readonly [number, number] | null {
  return interval.every(Number.isFinite) ? interval : null;
}

/** Every pair of groups that have rows enough for the rate. */
function listPairs(
  rows: MetricRows,
  groups: RowGroups,
  minRows: number,
  confidence: number,
  seed: string,
): readonly FairnessPair[] {
  const pairs = rateNames.flatMap((rate) => {
    const kept = keepGroups(
      groups,
      countGroups(rows, groups, rates[rate]).map(({ rows: seen }) => seen >= minRows),
    );
    if (kept.names.length < 2) return [];
    const statistic = spreadGroups(rows, kept, [rates[rate]], "difference");
    const contrasts = statistic.contrasts.filter(({ first, second }) => first < second);
    const { covariance, reaches } = measureReaches(statistic, rows);
    const { critical } = inferSimultaneously(
      contrasts.map(({ first, second, value }) => ({
        terms: [
          [first, 1],
          [second, -1],
        ],
        value,
      })),
      covariance,
      createRandom(`${seed}\n${rate}`),
    );
    const distance = critical(confidence);
    const reach = reachPairs(reaches, covariance);
    return contrasts.map(({ first, second, value }): FairnessPair => {
      const [below, above] = reach({ first, second }, distance);
      return {
        rate,
        first: kept.names[first]!,
        second: kept.names[second]!,
        difference: value,
        interval: [Math.max(-1, value - below), Math.min(1, value + above)],
      };
    });
  });
  if (pairs.length <= mostPairs) return pairs;
  return pairs.sort((left, right) => Math.abs(right.difference) - Math.abs(left.difference)).slice(0, mostPairs);
}

function keepGroups({ names, groupOfRow }: RowGroups, keep: readonly boolean[]): RowGroups {
  const numbers: number[] = [];
  const kept = names.filter((_, at) => {
    numbers.push(keep[at] === true ? numbers.filter((number) => number >= 0).length : -1);
    return keep[at];
  });
  return { names: kept, groupOfRow: groupOfRow.map((group) => (group < 0 ? -1 : numbers[group]!)) };
}
