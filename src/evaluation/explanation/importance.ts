// Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): what a metric loses when one column is shuffled, with its interval.
import { resampleRows, type UnitLayout } from "../../statistics/bootstrap.ts";
import { inferFromDraws } from "../../statistics/bootstrap-interval.ts";
import type { Inference } from "../../statistics/inference.ts";
import type { Random } from "../../statistics/rng.ts";
import { UndefinedMetric } from "../metric.ts";
import { type EvaluationRows, joinPredictions, type Predictions } from "../metric-rows.ts";
import { createEvaluator } from "../paired-estimate.ts";
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
 * stands in and the row its cell is from, so it counts by the product of both draws (the pigeonhole bootstrap, Owen 2007): on
 * the wide side; counting it by its own row alone can be too narrow. Throws UndefinedMetric where the candidate has no value.
 */
export function measureImportances(
  plan: ImportancePlan,
  candidate: ModelAnswers,
  baseline: ModelAnswers | null,
): readonly MeasuredImportance[] {
  const { columns, layout, resamples, random, rows } = plan;
  const models = [candidate, ...(baseline === null ? [] : [baseline])].map((answers) => prepareModel(plan, answers));
  const draws = models.map(() => columns.map(() => new Float64Array(resamples)));
  resampleRows(layout, null, rows.rows, resamples, random, (counts, at) => {
    models.forEach((model, index) => {
      const losses = model(counts);
      losses.forEach((loss, column) => {
        draws[index]![column]![at] = loss;
      });
    });
  });
  const estimates = models.map((model) => model(null));
  const units = layout.blockLength === null ? layout.units : Math.ceil(rows.rows / layout.blockLength);
  const infer = (estimate: number, drawn: Float64Array) =>
    inferFromDraws({ estimate, draws: drawn, acceleration: 0, units, correctBias: true });
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
            own - other,
            ownDraws.map((value, at) => value - otherDraws[at]!),
          )
        : null,
    };
  });
}

/** The losses of all columns under given counts of rows; null = every row once. */
function prepareModel(
  { rows, metric, columns }: ImportancePlan,
  answers: ModelAnswers,
): (counts: Float64Array | null) => readonly number[] {
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
      return shuffled.map((each) => sign * (value - mean(each.map((evaluator) => evaluator(base)))));
    }
    for (let row = 0; row < own.length; row += 1) own[row] = counts[row]! * (base === null ? 1 : base[row]!);
    const value = original(own);
    return shuffled.map((each, column) => {
      const values = each.map((evaluator, shuffle) => {
        if (!pairs) return evaluator(own);
        const source = columns[column]!.sources[shuffle]!;
        for (let row = 0; row < own.length; row += 1) paired[row] = own[row]! * counts[source[row]!]!;
        return evaluator(paired);
      });
      return sign * (value - mean(values));
    });
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
