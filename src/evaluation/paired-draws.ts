// Draws of both models' values under the same resamples, the quickest way that the statistic allows.
import { canDouble } from "../statistics/block-spread.ts";
import {
  drawCellShares,
  leaveOutUnits,
  resampleMeans,
  resampleRows,
  sumByUnit,
  type UnitLayout,
} from "../statistics/bootstrap.ts";
import { countEffectiveUnits } from "../statistics/effective-units.ts";
import { leaveOutOfClassifiers, type Reading, resampleClassifiers } from "../statistics/resample-classifiers.ts";
import type { SamplingPlan } from "./pair-contract.ts";
import { type CellTable, countPairedCells, type PairedCells } from "./paired-cells.ts";
import {
  type ConfusionStatistic,
  createAreaEvaluator,
  evaluateStatistic,
  type MeansStatistic,
  type Statistic,
} from "./statistic.ts";

/** Draws of both models' values under the same resamples. */
export interface PairedDraws {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
  /** Values of both with one unit left out, for the acceleration; null = none. */
  readonly leftOut: { readonly baseline: Float64Array; readonly candidate: Float64Array } | null;
  /** Independent units of equal size that the sample is worth. */
  readonly units: number;
  /** Draws of the same by blocks of twice the length; null = not blocks, or too few of them. */
  readonly double: { readonly baseline: Float64Array; readonly candidate: Float64Array } | null;
}

/** Functions of weighted means; with leave-one-out values. */
export function drawMeans(baseline: MeansStatistic, candidate: MeansStatistic, plan: SamplingPlan): () => PairedDraws {
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

/** Functions of the table of decisions of independent rows: shares of its cells from their posterior, at a cost that does not grow with the rows. */
export function drawCells(
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

/** Anything else: rows, groups or blocks are drawn, sixteen resamples at a time where all rows weigh alike and the statistic has a reading. */
export function drawRows(baseline: Statistic, candidate: Statistic, plan: SamplingPlan): () => PairedDraws {
  return () => {
    const { resamples, rows, weights, layout } = plan;
    const { blockLength } = layout;
    const alike = weights === null && blockLength === null;
    const pair = alike ? readPair(baseline, candidate) : null;
    const draw: Draw =
      pair === null
        ? evaluateResamples(baseline, candidate)
        : ({ random }) => pair.finish(resampleClassifiers(pair.readings, layout, resamples, random), resamples);
    const draws = draw(plan);
    const double =
      blockLength !== null && canDouble(blockLength, rows)
        ? draw({ ...plan, layout: { ...layout, blockLength: 2 * blockLength } })
        : null;
    // Leaving out each group shows what hangs on one of them; it costs as much as so many resamples. Of single rows it would say nothing about a median.
    const few = layout.unitOfRow !== null && layout.units <= resamples;
    const leaveOut = () =>
      pair === null
        ? leaveOutRows(layout, weights, rows, [createEvaluator(baseline), createEvaluator(candidate)])
        : pair.finish(leaveOutOfClassifiers(pair.readings, layout), layout.units);
    const leftOut = few ? leaveOut() : null;
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

type Draw = (plan: SamplingPlan) => Pick<PairedDraws, "baseline" | "candidate">;

/** More different pairs of decisions than this are cheaper counted row by row. */
const mostCells = 256;

/** What can be read from counts of rows alone, and how both models' values come from so many readings. */
interface PairReading {
  readonly readings: readonly Reading[];
  readonly finish: (read: readonly Float64Array[], times: number) => Pick<PairedDraws, "baseline" | "candidate">;
}

/** Null where the statistic needs more than counts. */
function readPair(baseline: Statistic, candidate: Statistic): PairReading | null {
  if (baseline.kind === "confusion" && candidate.kind === "confusion") return readCells(baseline, candidate);
  const [first, second] = [listReadings(baseline), listReadings(candidate)];
  if (first.length === 0 || second.length !== first.length) return null;
  return {
    // One model alone stands on both sides.
    readings: baseline === candidate ? second : [...first, ...second],
    finish: (read) => ({
      baseline: average(read.slice(0, first.length)),
      candidate: average(read.slice(-second.length)),
    }),
  };
}

function listReadings(statistic: Statistic): readonly Reading[] {
  if (statistic.kind === "area") return [{ of: "area", labels: statistic.labels, scores: statistic.scores }];
  return statistic.kind === "functional" ? (statistic.readings ?? []) : [];
}

function average(draws: readonly Float64Array[]): Float64Array {
  const [first, ...others] = draws;
  return others.length === 0
    ? first!
    : first!.map((value, at) => others.reduce((sum, other) => sum + other[at]!, value) / draws.length);
}

function readCells(baseline: ConfusionStatistic, candidate: ConfusionStatistic): PairReading | null {
  const pairs = countPairedCells(baseline, candidate);
  const cells = pairs.listCounts().length;
  if (cells > mostCells) return null;
  return {
    readings: [{ of: "cells", cellOfRow: pairs.listCellOfRow(), cells }],
    finish: ([read], times) => {
      const draws = { baseline: new Float64Array(times), candidate: new Float64Array(times) };
      const counts = new Float64Array(cells);
      for (let at = 0; at < times; at += 1) {
        for (let cell = 0; cell < cells; cell += 1) counts[cell] = read![cell * times + at]!;
        const [first, second] = pairs.split(counts);
        draws.baseline[at] = baseline.combine(first);
        draws.candidate[at] = candidate.combine(second);
      }
      return draws;
    },
  };
}

function evaluateResamples(baseline: Statistic, candidate: Statistic): Draw {
  return ({ resamples, random, rows, weights, layout }) => {
    const first = createEvaluator(baseline);
    const second = createEvaluator(candidate);
    const draws = { baseline: new Float64Array(resamples), candidate: new Float64Array(resamples) };
    resampleRows(layout, weights, rows, resamples, random, (drawn, at) => {
      draws.baseline[at] = first(drawn);
      draws.candidate[at] = second(drawn);
    });
    return draws;
  };
}

/** The statistic as a function of weights, with its sorting done once. */
export function createEvaluator(statistic: Statistic): (weights: Float64Array | null) => number {
  if (statistic.kind === "area") return createAreaEvaluator(statistic);
  return (weights) => evaluateStatistic(statistic, weights);
}
