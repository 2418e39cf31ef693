// Small seeded models to judge in tests.
import type { Task } from "../../src/evaluation/comparison.ts";
import { parseGate } from "../../src/evaluation/gate-grammar.ts";
import type { JudgeRequest, MetricChoice } from "../../src/evaluation/judge-request.ts";
import type { EvaluationRows, Predictions } from "../../src/evaluation/metric-rows.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";

export function makeRows(task: Task, labels: readonly number[], columns: readonly Column[] = []): EvaluationRows {
  return {
    task,
    rows: labels.length,
    labels: Float64Array.from(labels),
    classes: task === "binary" ? ["0", "1"] : [],
    threshold: 0.5,
    weights: null,
    clusters: null,
    blockLength: null,
    columns: new Map(columns.map((column) => [column.name, column])),
  };
}

export function makePredictions(values: readonly number[] | Float64Array): Predictions {
  return { values: Float64Array.from(values), probabilities: null, columns: new Map() };
}

/** Two scorers of the same strength whose errors correlate by `correlation`; the candidate is weaker by `loss` standard deviations. */
export function makePair(seed: string, rows: number, correlation: number, loss = 0) {
  const random = createRandom(seed);
  const labels: number[] = [];
  const baseline: number[] = [];
  const candidate: number[] = [];
  const strength = 1.5;
  const toProbability = (x: number) => 1 / (1 + Math.exp(-(strength * x - strength ** 2 / 2 + Math.log(0.4 / 0.6))));
  for (let row = 0; row < rows; row += 1) {
    const label = random.nextFloat() < 0.4 ? 1 : 0;
    const shared = Math.sqrt(correlation) * random.nextNormal();
    const own = () => shared + Math.sqrt(1 - correlation) * random.nextNormal();
    labels.push(label);
    baseline.push(toProbability(own() + strength * label));
    candidate.push(toProbability(own() + (strength - loss) * label));
  }
  return {
    rows: makeRows("binary", labels),
    baseline: makePredictions(baseline),
    candidate: makePredictions(candidate),
  };
}

export function makeRequest(
  models: { readonly rows: EvaluationRows; readonly baseline: Predictions | null; readonly candidate: Predictions },
  gates: readonly string[],
  more: Partial<JudgeRequest> = {},
): JudgeRequest {
  const first: MetricChoice = {
    kind: "built-in",
    id: models.rows.task === "binary" ? "roc_auc" : models.rows.task === "score" ? "mean_score" : "mean_absolute_error",
    params: {},
  };
  return {
    ...models,
    metrics: [first],
    gates: gates.map((gate) => parseGate(gate)),
    slices: [],
    confidence: 0.95,
    seed: "seed",
    resamples: 500,
    ...more,
  };
}
