// Shapley values of both models, column by column, with the check that they add up.
import type { AskedModel, ExplainRequest } from "./explain.ts";
import type { ShapleyExample, ShapleySummary } from "./explanation.ts";
import { readOutput } from "./perturbation.ts";
import { measureAdditivity, type ShapleyPlan, type ShapleyValues, sumShapley } from "./shapley.ts";

const shownExamples = 3;

interface Parted {
  readonly values: ShapleyValues;
  /** What the model said of the explained rows when it was judged: the other side of the check. */
  readonly predictions: Float64Array;
  readonly largestError: number;
}

/** `of`: class whose probability is taken apart, null = the prediction itself. */
export function summarizeShapley(request: ExplainRequest, plan: ShapleyPlan, of: number | null): ShapleySummary {
  const candidate = takeApart(request, plan, request.candidate, of);
  const baseline = request.baseline && takeApart(request, plan, request.baseline, of);
  const size = Math.max(
    1,
    ...[candidate, baseline].flatMap(
      (each) => each?.predictions.map(Math.abs).reduce((a, b) => Math.max(a, b), 0) ?? [],
    ),
  );
  return {
    rows: plan.explained.length,
    background: plan.background.length,
    base: { baseline: baseline?.values.base ?? null, candidate: candidate.values.base },
    largestError: { baseline: baseline && finite(baseline.largestError), candidate: finite(candidate.largestError) },
    // Engines compute in single precision, and sums over other batches round differently.
    addsUp: [candidate, baseline].every((each) => each === null || each.largestError <= 1e-5 * size),
    columns: plan.players
      .map(({ name }, player) => ({
        column: name,
        baseline: baseline && averageSize(baseline.values.parts[player]!),
        candidate: averageSize(candidate.values.parts[player]!),
      }))
      .sort((left, right) => right.candidate - left.candidate),
    examples: request.examples ? chooseExamples(plan, candidate, baseline) : [],
  };
}

function takeApart({ plan: whole }: ExplainRequest, plan: ShapleyPlan, model: AskedModel, of: number | null): Parted {
  const from = whole.columns.reduce((sum, { sources }) => sum + sources.length, 0);
  const outputs = plan.perturbations.map((_, at) => readOutput(model.answers[from + at]!, of));
  const all = readOutput(model.predictions, of);
  const predictions = Float64Array.from(plan.explained, (row) => all[row]!);
  const values = sumShapley(plan, outputs);
  return { values, predictions, largestError: measureAdditivity(values, predictions) };
}

/** The rows whose prediction moved most; without a baseline those farthest from the base. */
function chooseExamples(plan: ShapleyPlan, candidate: Parted, baseline: Parted | null): readonly ShapleyExample[] {
  const before = (row: number) => baseline?.predictions[row] ?? candidate.values.base;
  const distance = (row: number) => Math.abs(candidate.predictions[row]! - before(row));
  return [...plan.explained.keys()]
    .sort((left, right) => distance(right) - distance(left))
    .slice(0, shownExamples)
    .map((row) => ({
      row: plan.explained[row]! + 1,
      prediction: candidate.predictions[row]!,
      baselinePrediction: baseline?.predictions[row] ?? null,
      parts: plan.players
        .map(({ name }, player) => ({ column: name, value: candidate.values.parts[player]![row]! }))
        .sort((left, right) => Math.abs(right.value) - Math.abs(left.value))
        .slice(0, 20),
    }));
}

function averageSize(parts: Float64Array): number {
  return parts.reduce((sum, part) => sum + Math.abs(part), 0) / parts.length;
}

function finite(error: number): number {
  return Math.min(error, Number.MAX_VALUE);
}
