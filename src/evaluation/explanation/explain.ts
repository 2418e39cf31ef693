// From the answers of one or two models to an explanation: importances, Shapley values, dependence, and what changed, in words.

import type { Inference } from "../../statistics/inference.ts";
import { adjustHolm } from "../../statistics/multiple-testing.ts";
import { createRandom } from "../../statistics/rng.ts";
import { UndefinedMetric } from "../metric.ts";
import { type EvaluationRows, type Predictions, selectPredictions, selectRows } from "../metric-rows.ts";
import type { ResolvedMetric } from "../resolve-metric.ts";
import { averageOutput } from "./dependence.ts";
import { describeChanges } from "./describe-changes.ts";
import type { ColumnDependence, ColumnImportance, ExplainedValue, Explanation } from "./explanation.ts";
import { type ModelAnswers, measureImportances } from "./importance.ts";
import { type Answer, readOutput } from "./perturbation.ts";
import { type ExplanationPlan, layOutSample } from "./plan-explanation.ts";
import { summarizeShapley } from "./summarize-shapley.ts";

/** A model's predictions of all evaluation rows, and its answers to the plan's perturbations in their order. */
export interface AskedModel {
  readonly predictions: Predictions;
  readonly answers: readonly Answer[];
}

export interface ExplainRequest {
  readonly rows: EvaluationRows;
  readonly plan: ExplanationPlan;
  readonly candidate: AskedModel;
  readonly baseline: AskedModel | null;
  readonly metric: ResolvedMetric;
  readonly confidence: number;
  readonly seed: string;
  /** Whether single rows may be shown. */
  readonly examples: boolean;
  /** Draws of rows per interval. Default 400. */
  readonly resamples?: number;
  /** Sentences to carry beside the plan's. */
  readonly remarks: readonly string[];
}

const usualResamples = 400;

/** Why there is no explanation, as a sentence without its period. */
export function createNoExplanation(reason: string): Explanation {
  return {
    reason,
    metric: null,
    output: null,
    rows: 0,
    shuffles: 0,
    predictions: 0,
    confidence: 0.95,
    importances: [],
    shapley: null,
    dependence: [],
    changes: [],
    remarks: [],
  };
}

/** Never throws for data: an undefined metric or an answer that is no number becomes the reason of an empty explanation. */
export function explain(request: ExplainRequest): Explanation {
  const { plan, metric, rows, candidate, baseline } = request;
  const silent = [candidate, baseline].some((model) => model?.answers.some((answer) => !isAnswered(answer)));
  if (silent) return createNoExplanation("the model gives no number for some rows with shuffled columns");
  try {
    const importances = compareImportances(request);
    const of = chooseClass(rows);
    const dependence = measureDependence(request, of);
    const draft = {
      reason: null,
      metric: metric.name,
      output: nameOutput(rows, of),
      rows: plan.sample.length,
      shuffles: plan.columns[0]?.sources.length ?? 0,
      predictions: plan.predictions,
      confidence: request.confidence,
      importances,
      shapley: plan.shapley === null ? null : summarizeShapley(request, plan.shapley, of),
      dependence,
      remarks: [...request.remarks, ...plan.remarks],
    };
    return { ...draft, changes: describeChanges(draft) };
  } catch (error) {
    if (!(error instanceof UndefinedMetric)) throw error;
    return createNoExplanation(`${metric.name} is undefined: ${error.message}`);
  }
}

function compareImportances(request: ExplainRequest): readonly ColumnImportance[] {
  const { plan, metric, confidence, candidate, baseline } = request;
  const layout = layOutSample(request.rows, plan.sample);
  const answersOf = (model: AskedModel): ModelAnswers => ({
    original: selectPredictions(model.predictions, plan.sample),
    shuffled: plan.columns.map(({ sources }, column) =>
      sources.map((_, shuffle) => model.answers[column * sources.length + shuffle]!),
    ),
  });
  const [own, other] = [answersOf(candidate), baseline === null ? null : answersOf(baseline)];
  const measured = measureImportances(
    {
      rows: selectRows(request.rows, plan.sample),
      metric,
      columns: plan.columns,
      layout,
      resamples: request.resamples ?? usualResamples,
      random: createRandom(`${request.seed}\nimportance`),
    },
    own,
    other,
  );
  const pValues = measured.map(({ difference }) => (difference === null ? null : testZero(difference)));
  const tested = pValues.filter((p) => p !== null);
  const adjusted = adjustHolm(tested);
  const found = measured.map(({ column, ...inferred }, index): ColumnImportance => {
    const used = { baseline: other === null ? null : isUsed(other, index), candidate: isUsed(own, index) };
    return {
      column,
      metric: metric.name,
      baseline: inferred.baseline && describe(inferred.baseline, used.baseline === true, confidence),
      candidate: describe(inferred.candidate, used.candidate, confidence),
      difference:
        inferred.difference && describe(inferred.difference, used.candidate || used.baseline === true, confidence),
      adjustedPValue: pValues[index] === null ? null : (adjusted[index] ?? null),
      used,
    };
  });
  return found.sort((left, right) => right.candidate.value - left.candidate.value);
}

function testZero({ pValueAbove, pValueBelow }: Inference): number {
  return Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
}

function describe(inference: Inference, used: boolean, confidence: number): ExplainedValue {
  const { estimate } = inference;
  if (!used) return { value: 0, interval: [0, 0] };
  const [low, high] = inference.interval(confidence);
  return {
    value: estimate,
    interval: low < high && Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null,
  };
}

/** Some prediction moved in some shuffle, by more than engines round when rows stand in another batch. */
function isUsed({ original, shuffled }: ModelAnswers, column: number): boolean {
  const moved = (before: Float64Array, after: Float64Array) => {
    const size = before.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    return after.some((value, row) => Math.abs(value - before[row]!) > 1e-6 * size);
  };
  return shuffled[column]!.some(
    (answer) =>
      moved(original.values, answer.values) ||
      (answer.probabilities ?? []).some((values, label) => moved(original.probabilities![label]!, values)),
  );
}

function isAnswered({ values, probabilities }: Answer): boolean {
  return values.every(Number.isFinite) && (probabilities ?? []).every((column) => column.every(Number.isFinite));
}

/** Multiclass: the most frequent class; null = the prediction is one number. */
function chooseClass({ task, labels, classes }: EvaluationRows): number | null {
  if (task !== "multiclass") return null;
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.indexOf(Math.max(...counts));
}

function nameOutput({ task, classes }: EvaluationRows, of: number | null): string {
  const name = task === "binary" ? classes[1] : of === null ? undefined : classes[of];
  return name === undefined ? "prediction" : `probability of \`${name.slice(0, 200)}\``;
}

function measureDependence(
  { plan, candidate, baseline }: ExplainRequest,
  of: number | null,
): readonly ColumnDependence[] {
  const shuffles = plan.columns.reduce((sum, { sources }) => sum + sources.length, 0);
  let at = shuffles + (plan.shapley?.perturbations.length ?? 0);
  return plan.dependence.map(({ column, points }) => ({
    column,
    points: points.map(({ value }) => {
      const average = (model: AskedModel) => averageOutput(readOutput(model.answers[at]!, of));
      const point = { value, baseline: baseline && average(baseline), candidate: average(candidate) };
      at += 1;
      return point;
    }),
  }));
}
