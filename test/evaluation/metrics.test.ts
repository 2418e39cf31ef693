import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findMetric, metricCatalog } from "../../src/evaluation/catalog.ts";
import type { Task } from "../../src/evaluation/comparison.ts";
import { parseMetric } from "../../src/evaluation/gate-grammar.ts";
import { UndefinedMetric } from "../../src/evaluation/metric.ts";
import { joinPredictions, type MetricRows } from "../../src/evaluation/metric-rows.ts";
import { evaluateStatistic } from "../../src/evaluation/statistic.ts";

interface Case {
  readonly name: string;
  readonly task: Task;
  readonly threshold: number;
  readonly classes: readonly string[];
  readonly labels: readonly number[];
  readonly values?: readonly number[];
  readonly probabilities?: readonly (readonly number[])[];
  readonly expect: Readonly<Record<string, number | null>>;
}

const vectors = JSON.parse(readFileSync(new URL("vectors/metrics.json", import.meta.url), "utf8")) as { cases: Case[] };

/** Metrics that need no parameters: those between groups are specified in fairness.test.ts. */
const plainMetrics = metricCatalog.filter((metric) => metric.checkParameters(new Map()).length === 0);

function makeRows(given: Omit<Case, "name" | "expect">, weights: readonly number[] | null = null): MetricRows {
  return joinPredictions(
    {
      task: given.task,
      rows: given.labels.length,
      labels: Float64Array.from(given.labels),
      classes: given.classes,
      threshold: given.threshold,
      weights: weights === null ? null : Float64Array.from(weights),
      clusters: null,
      blockLength: null,
      columns: new Map(),
    },
    {
      values: Float64Array.from(given.values ?? []),
      probabilities: given.probabilities?.map((column) => Float64Array.from(column)) ?? null,
      columns: new Map(),
    },
  );
}

function measure(reference: string, rows: MetricRows): number {
  const { metric, parameters } = parseMetric(reference);
  try {
    return evaluateStatistic(findMetric(metric.id)!.measure(rows, parameters), rows.weights);
  } catch (error) {
    if (error instanceof UndefinedMetric) return Number.NaN;
    throw error;
  }
}

describe("metrics equal scikit-learn's wherever that gives a finite number without a warning", () => {
  for (const given of vectors.cases)
    test(`${given.task}: ${given.name}`, () => {
      const rows = makeRows(given);
      for (const [reference, expected] of Object.entries(given.expect)) {
        if (expected === null) continue;
        const value = measure(reference, rows);
        expect(
          Math.abs(value - expected) / Math.max(1, Math.abs(expected)),
          `${reference} = ${value}, not ${expected}`,
        ).toBeLessThan(1e-9);
      }
    });
});

describe("and are undefined where that has no answer", () => {
  const oneClass = vectors.cases.find(({ name }) => name === "one class only")!;
  const nothing = vectors.cases.find(({ name }) => name === "nothing decided positive")!;
  test.each([
    ["roc_auc", oneClass],
    ["balanced_accuracy", oneClass],
    ["specificity", oneClass],
    ["precision", nothing],
    ["precision(average=macro)", nothing],
    ["average_precision", vectors.cases.find(({ name }) => name === "no positive labels")!],
    ["recall", vectors.cases.find(({ name }) => name === "no positive labels")!],
    ["r2", vectors.cases.find(({ task, name }) => task === "regression" && name === "one row")!],
    ["f1(class=nope)", oneClass],
    ["recall_at_fpr", oneClass],
  ] as const)("%s", (reference, given) => expect(measure(reference, makeRows(given))).toBeNaN());

  test("every metric is undefined without rows, and none throws", () => {
    for (const metric of plainMetrics)
      for (const task of metric.tasks) {
        const classes = task === "binary" ? ["0", "1"] : task === "multiclass" ? ["a", "b", "c"] : [];
        const empty = { task, threshold: 0.5, classes, labels: [], values: [], probabilities: classes.map(() => []) };
        expect(measure(metric.id, makeRows(empty)), metric.id).toBeNaN();
      }
  });
});

describe("weights", () => {
  // The weighted median is scikit-learn's lower one, the plain one lies in the middle: held against it in scikit-learn.test.ts.
  const repeatable = plainMetrics.filter(({ id }) => id !== "median_absolute_error");

  test("the weighted median of errors is the smallest up to which half of the weight lies", () => {
    const rows = (weights: number[]) => {
      const given = {
        task: "regression",
        threshold: 0.5,
        classes: [],
        labels: [0, 0, 0, 0],
        values: [4, 1, 2, 3],
      } as const;
      return makeRows({ ...given, labels: [...given.labels], values: [...given.values] }, weights);
    };
    // scikit-learn 1.2.1: median_absolute_error(…, sample_weight=…).
    expect(measure("median_absolute_error", rows([1, 1, 1, 1]))).toBe(2);
    expect(measure("median_absolute_error", rows([5, 1, 2, 1]))).toBe(4);
    expect(measure("median_absolute_error", rows([3, 1, 1, 1]))).toBe(3);
  });

  test("a weight of 2 is the row written twice, for every metric but the median", () => {
    for (const given of vectors.cases.filter(({ name }) => /^40 rows|^4 classes|^31 rows/.test(name))) {
      const weights = given.labels.map((_, row) => (row % 3 === 0 ? 2 : 1));
      const twice = given.labels.flatMap((_, row) => Array.from({ length: weights[row]! }, () => row));
      const repeated = {
        ...given,
        labels: twice.map((row) => given.labels[row]!),
        values: twice.map((row) => given.values?.[row] ?? 0),
        ...(given.probabilities && { probabilities: given.probabilities.map((c) => twice.map((row) => c[row]!)) }),
      };
      for (const metric of repeatable.filter(({ tasks }) => tasks.includes(given.task)))
        expect(measure(metric.id, makeRows(given, weights)), metric.id).toBeCloseTo(
          measure(metric.id, makeRows(repeated)),
          10,
        );
    }
  });
});

describe("metrics without a counterpart", () => {
  const binary = (labels: number[], values: number[]) =>
    makeRows({ task: "binary", threshold: 0.5, classes: ["0", "1"], labels, values });
  test("expected calibration error: |0.2 − 0| · ½ + |0.9 − 1| · ½", () => {
    expect(measure("expected_calibration_error", binary([0, 1], [0.2, 0.9]))).toBeCloseTo(0.15, 12);
  });
  test("recall at a false-positive rate takes the lowest threshold that keeps it", () => {
    const rows = binary([0, 0, 0, 0, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.8, 0.25, 0.6, 0.7, 0.9]);
    expect(measure("recall_at_fpr(fpr=0.2)", rows)).toBe(0.25);
    expect(measure("recall_at_fpr(fpr=0.25)", rows)).toBe(0.75);
  });
  test("symmetric percentage error counts 0 where both are 0", () => {
    const rows = makeRows({ task: "regression", threshold: 0.5, classes: [], labels: [0, 1], values: [0, 3] });
    expect(measure("symmetric_mean_absolute_percentage_error", rows)).toBe(0.5);
  });
});

test("the catalog is the folder", () => {
  const files = readdirSync(new URL("../../src/evaluation/metrics/", import.meta.url)).map((file) =>
    file.replace(/\.ts$/, ""),
  );
  expect(metricCatalog.map(({ id }) => id.replaceAll("_", "-")).sort()).toEqual(files.sort());
});
