// Baseline and candidate under one metric on the same rows: every contrast candidate − k·baseline with its inference, by the best test there is.
import { inferAreaContrast, inferDelong } from "../statistics/area-inference.ts";
import { canDouble, countBlockFreedom, spreadBlockDraws } from "../statistics/block-spread.ts";
import {
  drawCellShares,
  leaveOutUnits,
  resampleMeans,
  resampleRows,
  sumByUnit,
  type UnitLayout,
} from "../statistics/bootstrap.ts";
import { inferFromDraws, measureJackknife } from "../statistics/bootstrap-interval.ts";
import { measureDelong } from "../statistics/delong.ts";
import { countEffectiveUnits } from "../statistics/effective-units.ts";
import type { Inference } from "../statistics/inference.ts";
import { testMcnemar } from "../statistics/mcnemar.ts";
import { inferPairedDifference, inferShare } from "../statistics/paired-proportions.ts";
import { describeTooFew, fewestRowsPerClass, type PairedEstimate, type SamplingPlan } from "./pair-contract.ts";
import { type CellTable, countPairedCells, type PairedCells } from "./paired-cells.ts";
import { compareSpreads } from "./paired-spreads.ts";
import {
  type AreaStatistic,
  type ConfusionStatistic,
  createAreaEvaluator,
  evaluateStatistic,
  type MeansStatistic,
  type Statistic,
} from "./statistic.ts";

/** Both statistics must come from the same metric on the same rows. Contrasts are cached, so equal questions get equal answers. */
export function estimatePair(baseline: Statistic, candidate: Statistic, plan: SamplingPlan): PairedEstimate {
  const values = {
    baseline: evaluateStatistic(baseline, plan.weights),
    candidate: evaluateStatistic(candidate, plan.weights),
  };
  if (candidate.kind === "spread")
    return { ...values, ...compareSpreads(baseline.kind === "spread" ? baseline : candidate, candidate, plan) };
  const independent = plan.weights === null && plan.layout.unitOfRow === null && plan.layout.blockLength === null;
  if (independent && baseline.kind === "area" && candidate.kind === "area")
    return { ...values, ...compareAreas(baseline, candidate) };
  if (independent && baseline.kind === "confusion" && candidate.kind === "confusion")
    return { ...values, ...compareConfusions(baseline, candidate, values, plan) };
  if (plan.layout.blockLength === null && baseline.kind === "means" && candidate.kind === "means")
    return { ...values, ...compareByDraws(values, drawMeans(baseline, candidate, plan), plan) };
  return { ...values, ...compareByDraws(values, drawRows(baseline, candidate, plan), plan) };
}

type Tests = Omit<PairedEstimate, "baseline" | "candidate">;
type Values = Pick<PairedEstimate, "baseline" | "candidate">;

function compareAreas(baseline: AreaStatistic, candidate: AreaStatistic): Tests {
  const covariance = measureDelong(baseline.labels, baseline.scores, candidate.scores);
  const { positives, negatives } = covariance;
  const contrast = (factor: number): Inference => inferAreaContrast(covariance, factor);
  return {
    contrast,
    zeroTest: () => {
      const { estimate, standardError, pValueAbove, pValueBelow } = inferDelong(covariance, 1);
      const pValue = Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
      return { test: "delong", statistic: standardError > 0 ? estimate / standardError : null, pValue };
    },
    tooFew:
      Math.min(positives, negatives) < fewestRowsPerClass
        ? `only ${positives} positive and ${negatives} negative rows (at least ${fewestRowsPerClass} of each are needed)`
        : null,
  };
}

function compareConfusions(
  baseline: ConfusionStatistic,
  candidate: ConfusionStatistic,
  values: Values,
  plan: SamplingPlan,
): Tests {
  const { proportion } = baseline;
  const cells = countPairedCells(baseline, candidate);
  const general = remember(
    (): Tests => compareByDraws(values, drawCells(cells, baseline, candidate, plan), plan, true),
  );
  if (proportion === null) return general();
  const counts = cells.countDiscordant(proportion.label);
  return {
    contrast: (factor) => {
      if (factor === 1) return inferPairedDifference(counts);
      return factor === 0 ? inferShare(counts.hits, counts.rows) : general().contrast(factor);
    },
    zeroTest: () => {
      const { statistic, midPValue } = testMcnemar(counts.losses, counts.gains);
      return { test: "mcnemar", statistic, pValue: midPValue };
    },
    tooFew: null,
  };
}

/** Draws of both models' values under the same resamples. */
interface PairedDraws {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
  /** Values of both with one unit left out, for the acceleration; null = none. */
  readonly leftOut: { readonly baseline: Float64Array; readonly candidate: Float64Array } | null;
  /** Independent units of equal size that the sample is worth. */
  readonly units: number;
  /** Draws of the same by blocks of twice the length; null = not blocks, or too few of them. */
  readonly double: { readonly baseline: Float64Array; readonly candidate: Float64Array } | null;
}

function compareByDraws(values: Values, draw: () => PairedDraws, plan: SamplingPlan, posterior = false): Tests {
  const draws = remember(draw);
  const inferences = new Map<number, Inference>();
  const contrast = (factor: number): Inference => {
    const known = inferences.get(factor);
    if (known) return known;
    const { leftOut, units, double, ...drawn } = draws();
    const take = ({ baseline, candidate }: Pick<PairedDraws, "baseline" | "candidate">) =>
      candidate.map((value, at) => value - factor * baseline[at]!);
    const jackknife = leftOut === null ? null : measureJackknife(take(leftOut));
    const { blockLength } = plan.layout;
    const single = take(drawn);
    const made = inferFromDraws({
      estimate: values.candidate - factor * values.baseline,
      draws: blockLength === null ? single : spreadBlockDraws(single, double && take(double), plan.rows, blockLength),
      acceleration: jackknife?.acceleration ?? 0,
      standardError: jackknife?.standardError ?? 0,
      freedom: blockLength === null ? units - 1 : countBlockFreedom(plan.rows, blockLength),
      stretch: blockLength === null,
      correctBias: !posterior,
    });
    inferences.set(factor, made);
    return made;
  };
  const { layout, rows, weights } = plan;
  const name = layout.blockLength === null ? (layout.unitOfRow === null ? "rows" : "groups") : "blocks";
  return {
    contrast,
    zeroTest: () => {
      const { pValueAbove, pValueBelow, estimate, standardError } = contrast(1);
      const test = { rows: "paired-bootstrap", groups: "cluster-bootstrap", blocks: "block-bootstrap" }[name];
      if (standardError === 0) return { test, statistic: null, pValue: 1 };
      const pValue = Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
      return { test, statistic: estimate / standardError, pValue };
    },
    tooFew: describeTooFew(
      countEffectiveUnits(layout, weights, rows),
      layout.blockLength === null ? layout.units : null,
      name,
    ),
  };
}

function drawMeans(baseline: MeansStatistic, candidate: MeansStatistic, plan: SamplingPlan): () => PairedDraws {
  return () => {
    const { resamples, random, rows, weights, layout } = plan;
    const split = baseline.parts.length;
    const sums = sumByUnit([...baseline.parts, ...candidate.parts], weights, rows, layout, random);
    const evaluate =
      (into: { baseline: Float64Array; candidate: Float64Array }) => (means: Float64Array, at: number) => {
        into.baseline[at] = baseline.combine(means.subarray(0, split));
        into.candidate[at] = candidate.combine(means.subarray(split));
      };
    const draws = { baseline: new Float64Array(resamples), candidate: new Float64Array(resamples) };
    const leftOut = { baseline: new Float64Array(sums.units), candidate: new Float64Array(sums.units) };
    leaveOutUnits(sums, evaluate(leftOut));
    resampleMeans(sums, resamples, random, evaluate(draws));
    const units =
      layout.unitOfRow === null && weights === null ? sums.units : countEffectiveUnits(layout, weights, rows);
    return { ...draws, leftOut, units, double: null };
  };
}

function drawCells(
  cells: PairedCells,
  baseline: ConfusionStatistic,
  candidate: ConfusionStatistic,
  plan: SamplingPlan,
): () => PairedDraws {
  return () => {
    const { parameters, rows }: CellTable = cells.listWithPrior();
    const { resamples, random } = plan;
    const draws = { baseline: new Float64Array(resamples), candidate: new Float64Array(resamples) };
    const evaluate = (shares: Float64Array) => {
      const [first, second] = cells.split(shares);
      return [baseline.combine(first), candidate.combine(second)] as const;
    };
    // The prior must not move the estimate: draws are moved back by what it does to the plug-in value.
    const smooth = evaluate(parameters.map((value) => value / rows));
    const plain = evaluate(cells.listCounts());
    const [moveBaseline, moveCandidate] = [plain[0] - smooth[0], plain[1] - smooth[1]];
    drawCellShares(parameters, resamples, random, (shares, at) => {
      const [first, second] = evaluate(shares);
      draws.baseline[at] = first + moveBaseline;
      draws.candidate[at] = second + moveCandidate;
    });
    return { ...draws, leftOut: null, units: plan.rows, double: null };
  };
}

function drawRows(baseline: Statistic, candidate: Statistic, plan: SamplingPlan): () => PairedDraws {
  return () => {
    const { resamples, random, rows, weights, layout } = plan;
    const first = createEvaluator(baseline);
    const second = createEvaluator(candidate);
    const drawBy = (units: UnitLayout) => {
      const draws = { baseline: new Float64Array(resamples), candidate: new Float64Array(resamples) };
      resampleRows(units, weights, rows, resamples, random, (drawn, at) => {
        draws.baseline[at] = first(drawn);
        draws.candidate[at] = second(drawn);
      });
      return draws;
    };
    const { blockLength } = layout;
    const draws = drawBy(layout);
    const double =
      blockLength !== null && canDouble(blockLength, rows) ? drawBy({ ...layout, blockLength: 2 * blockLength }) : null;
    // Leaving out each group shows what hangs on one of them; it costs as much as so many resamples. Of single rows it would say nothing about a median.
    const few = layout.unitOfRow !== null && layout.units <= resamples;
    const leftOut = few ? leaveOutRows(layout, weights, rows, [first, second]) : null;
    return { ...draws, leftOut, units: countEffectiveUnits(layout, weights, rows), double };
  };
}

function leaveOutRows(
  layout: UnitLayout,
  weights: Float64Array | null,
  rows: number,
  [first, second]: readonly [Evaluate, Evaluate],
): { readonly baseline: Float64Array; readonly candidate: Float64Array } {
  const leftOut = { baseline: new Float64Array(layout.units), candidate: new Float64Array(layout.units) };
  const kept = new Float64Array(rows);
  for (let unit = 0; unit < layout.units; unit += 1) {
    for (let row = 0; row < rows; row += 1)
      kept[row] = (layout.unitOfRow?.[row] ?? row) === unit ? 0 : (weights?.[row] ?? 1);
    leftOut.baseline[unit] = first(kept);
    leftOut.candidate[unit] = second(kept);
  }
  return leftOut;
}

type Evaluate = ReturnType<typeof createEvaluator>;

/** The statistic as a function of weights, with its sorting done once. */
export function createEvaluator(statistic: Statistic): (weights: Float64Array | null) => number {
  if (statistic.kind === "area") return createAreaEvaluator(statistic);
  return (weights) => evaluateStatistic(statistic, weights);
}

function remember<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
