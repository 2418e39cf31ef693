// The metrics beside scikit-learn itself, on random rows full of ties, weights, constants and missing classes.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findMetric } from "../../src/evaluation/catalog.ts";
import { parseMetric } from "../../src/evaluation/gate-grammar.ts";
import { UndefinedMetric } from "../../src/evaluation/metric.ts";
import { joinPredictions, type MetricRows } from "../../src/evaluation/metric-rows.ts";
import { evaluateStatistic } from "../../src/evaluation/statistic.ts";
import { countDecisions } from "../../src/evaluation/tabulate-confusion.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const python = spawnSync("/usr/bin/python3", ["-c", "import sklearn"], { encoding: "utf8" });
const missing = python.status !== 0;
const required = process.env["MODELGATE_REQUIRE_COMPONENTS"] !== undefined;
if (missing && !required)
  process.stderr.write("SKIPPED: the metrics are not held against scikit-learn: it needs Debian's python3-sklearn\n");

interface Case {
  readonly name: string;
  readonly task: "binary" | "multiclass" | "regression" | "ranking";
  readonly threshold: number;
  readonly classes: readonly string[];
  readonly labels: readonly number[];
  readonly values: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly weights: readonly number[] | null;
  /** Ranking: rows of each query, and whether scores may be equal. */
  readonly query: number;
  readonly tied: boolean;
}

const random = createRandom("cases");
const draw = (rows: number, next: () => number) => Array.from({ length: rows }, next);
const steps = (count: number) => random.nextInteger(count + 1) / count;
const empty = { threshold: 0.5, classes: [], values: [], probabilities: [], weights: null, query: 1, tied: false };
const weigh = (rows: number, weighted: boolean) =>
  weighted ? draw(rows, () => random.nextInteger(4) / 2 + 0.5) : null;

function drawBinary(rows: number, weighted: boolean, share: number, values: () => number): Omit<Case, "name"> {
  const labels = draw(rows, () => Number(random.nextFloat() < share));
  const more = { classes: ["0", "1"], weights: weigh(rows, weighted), threshold: [0.3, 0.5, 0.8][rows % 3]! };
  return { ...empty, task: "binary", labels, values: draw(rows, values), ...more };
}

function drawMulticlass(rows: number, classes: number, known: number, weighted: boolean): Omit<Case, "name"> {
  // Sixteenths are exact, so that the probabilities of a row sum to 1 to the last digit.
  const rowsOf = draw(rows, () => 0).map(() => {
    const parts = new Array<number>(classes).fill(0);
    for (let part = 0; part < 16; part += 1) parts[random.nextInteger(classes)]! += 1 / 16;
    return parts;
  });
  const labels = draw(rows, () => random.nextInteger(known));
  const probabilities = Array.from({ length: classes }, (_, label) => rowsOf.map((parts) => parts[label]!));
  const names = probabilities.map((_, label) => `c${label}`);
  return { ...empty, task: "multiclass", labels, probabilities, classes: names, weights: weigh(rows, weighted) };
}

function drawNumbers(rows: number, weighted: boolean, label: () => number, value: () => number): Omit<Case, "name"> {
  const labels = draw(rows, label);
  return { ...empty, task: "regression", labels, values: draw(rows, value), weights: weigh(rows, weighted) };
}

function drawQueries(queries: number, query: number, tied: boolean): Omit<Case, "name"> {
  const labels = draw(queries * query, () => random.nextInteger(4) * random.nextInteger(2));
  const values = draw(queries * query, tied ? () => steps(4) : random.nextFloat);
  return { ...empty, task: "ranking", labels, values, query, tied };
}

const both = [false, true];
const cases: readonly Case[] = [
  ...both.flatMap((weighted) => [
    ...[1, 2, 3, 7, 40, 41, 200].map((rows) => drawBinary(rows, weighted, 0.4, () => steps(10))),
    drawBinary(90, weighted, 0.1, random.nextFloat),
    drawBinary(30, weighted, 0.4, () => 0.5),
    drawBinary(30, weighted, 1, () => steps(4)),
    drawBinary(30, weighted, 0, () => steps(4)),
    drawBinary(30, weighted, 1, () => 1),
    drawBinary(30, weighted, 0, () => 0),
    drawBinary(30, weighted, 0.5, () => random.nextInteger(2)),
    ...[1, 5, 60, 200].map((rows) => drawMulticlass(rows, 4, 4, weighted)),
    drawMulticlass(60, 5, 3, weighted),
    drawMulticlass(30, 3, 1, weighted),
    ...[1, 2, 3, 40, 201].map((rows) =>
      drawNumbers(
        rows,
        weighted,
        () => steps(20) * 9 - 3,
        () => steps(20) * 9 - 3,
      ),
    ),
    drawNumbers(
      40,
      weighted,
      () => 3,
      () => steps(5),
    ),
    drawNumbers(
      40,
      weighted,
      () => 3,
      () => 3,
    ),
    drawNumbers(
      40,
      weighted,
      () => 1e6 + steps(3),
      () => 1e6 + steps(3),
    ),
    drawNumbers(
      40,
      weighted,
      () => steps(3) * 1e-9,
      () => steps(3) * 1e9,
    ),
  ]),
  // Without rows every metric is undefined, where scikit-learn answers 0 to some: metrics.test.ts.
  ...both.flatMap((tied) => [drawQueries(12, 8, tied), drawQueries(5, 3, tied), drawQueries(1, 6, tied)]),
].map((one, at) => ({
  ...one,
  name: `${at}: ${one.task}, ${one.labels.length} rows${one.weights ? ", weighted" : ""}`,
}));

function join(given: Case): MetricRows {
  return joinPredictions(
    {
      task: given.task,
      rows: given.labels.length,
      labels: Float64Array.from(given.labels),
      classes: given.classes,
      threshold: given.threshold,
      weights: given.weights === null ? null : Float64Array.from(given.weights),
      clusters:
        given.task === "ranking" ? Int32Array.from(given.labels, (_, row) => Math.floor(row / given.query)) : null,
      blockLength: null,
      columns: new Map(),
    },
    {
      values: Float64Array.from(given.values),
      probabilities: given.task === "multiclass" ? given.probabilities.map((one) => Float64Array.from(one)) : null,
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

type Answers = Readonly<Record<string, number | readonly (readonly number[])[] | null>>;

describe.skipIf(missing && !required)("scikit-learn", () => {
  const script = fileURLToPath(new URL("scikit_learn.py", import.meta.url));
  const asked = missing
    ? null
    : spawnSync("/usr/bin/python3", [script], { input: JSON.stringify(cases), encoding: "utf8" });
  const answers = (asked?.status === 0 ? JSON.parse(asked.stdout) : []) as readonly Answers[];

  test("answers", () => {
    expect(asked?.stderr ?? "it is missing").toBe("");
    expect(answers).toHaveLength(cases.length);
    const finite = answers.flatMap((one) => Object.values(one)).filter((value) => value !== null);
    expect(finite.length).toBeGreaterThan(900);
  });

  test.each(cases.map((given, at) => [given.name, given, at] as const))("%s", (_, given, at) => {
    const rows = join(given);
    const told: string[] = [];
    for (const [reference, expected] of Object.entries(answers[at] ?? {})) {
      if (reference === "confusion") {
        if (expected !== null) expect(countDecisions(rows)).toEqual(expected);
        continue;
      }
      const value = measure(reference, rows);
      if (typeof expected !== "number") continue;
      const off = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
      if (!(off < 1e-9)) told.push(`${reference} = ${value}, not ${expected}`);
    }
    expect(told).toEqual([]);
  });
});
