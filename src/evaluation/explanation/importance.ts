// Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): what a metric loses when one column is shuffled, with its interval.
import { resampleRows, type UnitLayout } from "../../statistics/bootstrap.ts";
import { inferFromDraws } from "../../statistics/bootstrap-interval.ts";
import { countEffectiveUnits } from "../../statistics/effective-units.ts";
import type { Inference } from "../../statistics/inference.ts";
import type { Random } from "../../statistics/rng.ts";
import { UndefinedMetric } from "../metric.ts";
import { type EvaluationRows, joinPredictions, type Predictions } from "../metric-rows.ts";
import { createEvaluator } from "../paired-draws.ts";
import type { ResolvedMetric } from "../resolve-metric.ts";
import type { Answer } from "./perturbation.ts";

/** A column's shuffles: `sources[k][i]` is the row (0 … rows − 1) whose cell row i got in shuffle k. */
export interface ShuffledColumn {
  readonly column: string;
  readonly sources: readonly Int32Array[];
}

/** One model on the same rows: unchanged, and `shuffled[column][k]`. */
export interface ModelAnswers {
  readonly original: Predictions;
  readonly shuffled: readonly (readonly Answer[])[];
}

export interface MeasuredImportance {
  readonly column: string;
  /** Null where there is no baseline or the metric is undefined for it. */
  readonly baseline: Inference | null;
  readonly candidate: Inference;
  readonly difference: Inference | null;
}

export interface ImportancePlan {
  readonly rows: EvaluationRows;
  readonly metric: ResolvedMetric;
  readonly columns: readonly ShuffledColumn[];
  readonly layout: UnitLayout;
  readonly resamples: number;
  readonly random: Random;
}

/**
 * One entry per column, in order. Rows are resampled (whole groups, blocks), for both models alike. A shuffled row belongs to the row it
 * stands in and the row its cell is from, so it counts by the product of both draws (the pigeonhole bootstrap, Owen 2007); what that counts more than
 * once is taken out again. Counting it by its own row alone can be too narrow. Throws UndefinedMetric where the candidate has no value.
 */
export function measureImportances(
  plan: ImportancePlan,
  candidate: ModelAnswers,
  baseline: ModelAnswers | null,
): readonly MeasuredImportance[] {
  const { columns, layout, resamples, random, rows } = plan;
  const models = [candidate, ...(baseline === null ? [] : [baseline])].map((answers) => prepareModel(plan, answers));
  const draws = models.map(() => columns.map(({ sources }) => sources.map(() => new Float64Array(resamples))));
  resampleRows(layout, null, rows.rows, resamples, random, (counts, at) => {
    models.forEach((model, index) => {
      model(counts).forEach((losses, column) => {
        losses.forEach((loss, shuffle) => {
          draws[index]![column]![shuffle]![at] = loss;
        });
      });
    });
  });
  const estimates = models.map((model) => model(null));
  const freedom = countEffectiveUnits(layout, rows.weights, rows.rows) - 1;
  const infer = (shuffles: readonly number[], drawn: readonly Float64Array[]) =>
    inferFromDraws({
      estimate: mean(shuffles),
      draws: rows.task === "ranking" ? averageDraws(drawn) : averageOverShuffles(shuffles, drawn),
      acceleration: 0,
      freedom,
      correctBias: true,
    });
  return columns.map(({ column }, index) => {
    const [own, other] = [estimates[0]![index]!, estimates[1]?.[index]];
    const ownDraws = draws[0]![index]!;
    const otherDraws = draws[1]?.[index];
    const both = other !== undefined && otherDraws !== undefined;
    return {
      column,
      candidate: infer(own, ownDraws),
      baseline: both ? infer(other, otherDraws) : null,
      difference: both
        ? infer(
            own.map((value, shuffle) => value - other[shuffle]!),
            ownDraws.map((drawn, shuffle) => drawn.map((value, at) => value - otherDraws[shuffle]![at]!)),
          )
        : null,
    };
  });
}

/** By column the loss in each shuffle under given counts of rows; null = every row once. */
function prepareModel(
  { rows, metric, columns }: ImportancePlan,
  answers: ModelAnswers,
): (counts: Float64Array | null) => readonly (readonly number[])[] {
  const evaluate = (answer: Answer) =>
    createEvaluator(metric.measure(joinPredictions(rows, { ...answer, columns: answers.original.columns })));
  const sign = metric.direction === "higher" ? 1 : -1;
  const original = evaluate(answers.original);
  const shuffled = answers.shuffled.map((shuffles) => shuffles.map(evaluate));
  if (Number.isNaN(original(rows.weights))) throw new UndefinedMetric(metric.undefinedWhen);
  const base = rows.weights;
  const own = new Float64Array(rows.rows);
  const paired = new Float64Array(rows.rows);
  // A ranking is measured by whole queries, whose rows must weigh alike.
  const pairs = rows.task !== "ranking";
  return (counts) => {
    if (counts === null) {
      const value = original(base);
      return shuffled.map((each) => each.map((evaluator) => sign * (value - evaluator(base))));
    }
    for (let row = 0; row < own.length; row += 1) own[row] = counts[row]! * (base === null ? 1 : base[row]!);
    const value = pairs ? Number.NaN : original(own);
    return shuffled.map((each, column) =>
      each.map((evaluator, shuffle) => {
        if (!pairs) return sign * (value - evaluator(own));
        const source = columns[column]!.sources[shuffle]!;
        for (let row = 0; row < own.length; row += 1) paired[row] = own[row]! * counts[source[row]!]!;
        // The original under the same weights: what both share then cancels row by row.
        return sign * (original(paired) - evaluator(paired));
      }),
    );
  };
}

function averageDraws(drawn: readonly Float64Array[]): Float64Array {
  return drawn[0]!.map((_, at) => mean(drawn.map((values) => values[at]!)));
}

/**
 * Draws of the mean over K shuffles with the variance that it has. With effects a of the row, b of the source and e of the two together, a product of draws
 * counts a² and b² 1 + 2/K times and e² three times for once. Draws of single shuffles vary about their mean by B = 2a² + 2b² + 3e², the shuffles themselves by
 * S² = e² (every row stands and is taken from once), so (B − S²)/K is too much. Of e² alone a third of the variance is right: never less is kept.
 */
function averageOverShuffles(losses: readonly number[], drawn: readonly Float64Array[]): Float64Array {
  const draws = averageDraws(drawn);
  const shuffles = losses.length;
  const total = variance(draws);
  if (shuffles < 2 || !(total > 0)) return draws;
  const between =
    drawn.reduce((sum, values) => sum + variance(values.map((value, at) => value - draws[at]!)), 0) / (shuffles - 1);
  const noise = Math.min(variance(losses), between / 3);
  const factor = Math.sqrt(Math.max(1 / 3, 1 - (between - noise) / shuffles / total));
  const centre = meanOfFinite(draws);
  return draws.map((draw) => centre + factor * (draw - centre));
}

/** Of the finite values; 0 with fewer than two. */
function variance(values: ArrayLike<number>): number {
  const centre = meanOfFinite(values);
  let [sum, count] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    if (!Number.isFinite(values[at]!)) continue;
    sum += (values[at]! - centre) ** 2;
    count += 1;
  }
  return count < 2 ? 0 : sum / (count - 1);
}

function meanOfFinite(values: ArrayLike<number>): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    if (!Number.isFinite(values[at]!)) continue;
    sum += values[at]!;
    count += 1;
  }
  return sum / count;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
