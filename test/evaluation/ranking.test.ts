import { describe, expect, test } from "vitest";
import { findMetric } from "../../src/evaluation/catalog.ts";
import { parseMetric } from "../../src/evaluation/gate-grammar.ts";
import { judge } from "../../src/evaluation/judge.ts";
import { joinPredictions } from "../../src/evaluation/metric-rows.ts";
import { evaluateStatistic } from "../../src/evaluation/statistic.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column } from "../../src/tables/table.ts";
import { makePredictions, makeRequest, makeRows } from "./example-models.ts";

// Random integers; ndcg_score of scikit-learn 1.2.1 over the rows.
const relevance = [
  [2, 3, 0, 3, 1, 2, 2, 1],
  [3, 0, 1, 1, 2, 1, 0, 0],
  [0, 0, 0, 3, 0, 2, 3, 0],
  [1, 1, 1, 3, 0, 3, 3, 3],
  [0, 0, 0, 0, 0, 0, 0, 0],
];
const scores = [
  [1, 0.6, 1, 0.2, 0.4, 1, 0.2, 0],
  [0.4, 0.8, 0, 1, 0.4, 0.2, 0.6, 1],
  [1, 1, 0.2, 0, 0.8, 0.8, 0.8, 0],
  [0, 0.6, 0.4, 0.4, 1, 0.2, 0.6, 0.2],
  [0.2, 0.8, 0, 0.2, 0, 0, 0.2, 0.8],
];

function measure(reference: string, labels: number[][], values: number[][]): number {
  const { metric, parameters } = parseMetric(reference);
  const rows = {
    ...makeRows("ranking", labels.flat()),
    clusters: Int32Array.from(labels.flatMap((query, index) => query.map(() => index))),
  };
  const statistic = findMetric(metric.id)!.measure(joinPredictions(rows, makePredictions(values.flat())), parameters);
  return evaluateStatistic(statistic, null);
}

describe("ranking", () => {
  test("ndcg is scikit-learn's, ties and queries without relevant rows included", () => {
    expect(measure("ndcg", relevance, scores)).toBeCloseTo(0.529665756698326, 9);
    expect(measure("ndcg(k=3)", relevance, scores)).toBeCloseTo(0.22972690424862816, 9);
  });

  test("average precision, reciprocal rank, precision and recall at k by hand", () => {
    const labels = [
      [0, 1, 1, 0],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ];
    const values = [
      [4, 3, 2, 1],
      [4, 3, 2, 1],
      [2, 2, 3, 1],
    ];
    // Query 1: hits at 2 and 3; query 2 has none; query 3: a tie on places 2 and 3 counts as 3.
    expect(measure("mean_average_precision", labels, values)).toBeCloseTo(((1 / 2 + 2 / 3) / 2 + 1 / 3) / 2, 12);
    expect(measure("mean_reciprocal_rank", labels, values)).toBeCloseTo((1 / 2 + 1 / 3) / 2, 12);
    expect(measure("precision_at_k(k=2)", labels, values)).toBeCloseTo((1 / 2 + 0 + 1 / 4) / 3, 12);
    expect(measure("recall_at_k(k=2)", labels, values)).toBeCloseTo((1 / 2 + 1 / 2) / 2, 12);
  });

  test("queries are resampled whole, and rows without queries are undefined", () => {
    const random = createRandom("queries");
    const labels = Array.from({ length: 400 }, () => random.nextInteger(3));
    const noisy = (noise: number) => makePredictions(labels.map((label) => label + noise * random.nextNormal()));
    const models = { rows: makeRows("ranking", labels), baseline: noisy(0.5), candidate: noisy(3) };
    const clusters = Int32Array.from(labels, (_, row) => Math.floor(row / 8));
    const metrics = [{ kind: "built-in", id: "ndcg", params: {} } as const];
    const grouped = judge(
      makeRequest({ ...models, rows: { ...models.rows, clusters } }, ["ndcg drop <= 1pp"], { metrics }),
    );
    expect(grouped.metrics[0]).toMatchObject({ test: "cluster-bootstrap" });
    expect(grouped.verdict).toBe("fail");
    expect(judge(makeRequest(models, ["ndcg drop <= 1pp"], { metrics })).gates[0]!.reason).toContain(
      "not grouped into queries",
    );
  });
});

describe("forecasts", () => {
  const column = (name: string, values: readonly number[]): [string, Column] => [
    name,
    { name, type: "numeric", values: Float64Array.from(values) },
  ];
  test("scaled error and coverage use columns of the predictions or the data", () => {
    const rows = makeRows("forecast", [10, 12, 11, 15]);
    const candidate = {
      ...makePredictions([11, 12, 12, 13]),
      columns: new Map([
        column("lo", [9, 13, 10, 12]),
        column("hi", [12, 14, 12, 15]),
        column("last", [9, 10, 12, 11]),
      ]),
    };
    const value = (reference: string) => {
      const { metric, parameters } = parseMetric(reference);
      return evaluateStatistic(findMetric(metric.id)!.measure(joinPredictions(rows, candidate), parameters), null);
    };
    expect(value("mean_absolute_scaled_error(naive=last)")).toBeCloseTo((1 + 0 + 1 + 2) / (1 + 2 + 1 + 4), 12);
    expect(value("interval_coverage(lower=lo, upper=hi)")).toBe(0.75);
  });
});
