// How often intervals of permutation importance hold the importance of the whole population, for one model and for the change between two.
import { explain } from "../src/evaluation/explanation/explain.ts";
import { type Perturbation, stackPerturbations } from "../src/evaluation/explanation/perturbation.ts";
import { planExplanation } from "../src/evaluation/explanation/plan-explanation.ts";
import type { EvaluationRows } from "../src/evaluation/metric-rows.ts";
import { resolveChoices } from "../src/evaluation/resolve-metric.ts";
import { createRandom } from "../src/statistics/rng.ts";
import type { Column, Table } from "../src/tables/table.ts";
import type { Tally } from "./spread.ts";

export interface PopulationScenario {
  readonly metric: string;
  readonly task: "binary" | "regression";
  readonly rows: number;
}

export const importanceScenarios: readonly PopulationScenario[] = (["roc_auc", "log_loss", "accuracy"] as const)
  .flatMap((metric) => [100, 500].map((rows): PopulationScenario => ({ metric, task: "binary", rows })))
  .concat([100, 500].map((rows) => ({ metric: "mean_squared_error", task: "regression", rows })));

type Model = (a: number, b: number) => number;
const logistic = (score: number) => 1 / (1 + Math.exp(-score));
const models: Readonly<Record<PopulationScenario["task"], readonly [Model, Model]>> = {
  binary: [(a, b) => logistic(1.5 * a + 0.3 * b), (a, b) => logistic(a + b)],
  regression: [(a, b) => 2 * a + 0.3 * b, (a, b) => a + b],
};

export const importanceNames = ["strong", "weak", "change"] as const;

/** What is true of the population: from 200,000 rows. */
export function measurePopulation(scenario: PopulationScenario): ImportanceScenario["truth"] {
  const { strong, weak, change } = measure(scenario, 200_000, "population", 1);
  return { strong: strong.value, weak: weak.value, change: change.value };
}

export interface ImportanceScenario {
  readonly scenario: PopulationScenario;
  readonly truth: Readonly<Record<(typeof importanceNames)[number], number>>;
}

/** How many intervals of each importance hold its truth. */
export function tallyImportances(
  { scenario, truth }: ImportanceScenario,
  _seed: string,
  from: number,
  to: number,
): Tally {
  const held = { strong: 0, weak: 0, change: 0 };
  for (let sample = from; sample < to; sample += 1) {
    const found = measure(scenario, scenario.rows, `sample ${sample}`, 400);
    for (const which of importanceNames) held[which] += holds(found[which].interval, truth[which]);
  }
  return held;
}

function holds(interval: readonly [number, number] | null, value: number): number {
  return interval !== null && interval[0] <= value && interval[1] >= value ? 1 : 0;
}

function measure(
  { metric, task, rows: count }: PopulationScenario,
  rowsDrawn: number,
  seed: string,
  resamples: number,
) {
  const random = createRandom(`${metric} ${count} ${seed}`);
  const draw = () => Float64Array.from({ length: rowsDrawn }, () => random.nextNormal());
  const [a, b] = [draw(), draw()];
  const table = createTable({ a, b });
  const labels = Float64Array.from(a, (value, row) =>
    task === "binary"
      ? Number(random.nextFloat() < logistic(1.5 * value + 0.5 * b[row]!))
      : value + 0.5 * b[row]! + random.nextNormal(),
  );
  const rows: EvaluationRows = {
    task,
    rows: rowsDrawn,
    labels,
    classes: task === "binary" ? ["0", "1"] : [],
    threshold: 0.5,
    weights: null,
    clusters: null,
    blockLength: null,
    columns: table.columns,
  };
  const settings = {
    columns: null,
    rows: rowsDrawn,
    shuffles: 5,
    metric: null,
    shapleyRows: 0,
    background: 2,
    predictions: 1e9,
    timeoutSeconds: 60,
  };
  const plan = planExplanation(table, rows, ["a", "b"], [], settings, seed);
  if (typeof plan === "string") throw new Error(plan);
  const ask = (model: Model) => ({
    predictions: { values: predict(table, model), probabilities: null, columns: new Map() },
    answers: answerAll(table, plan.perturbations, model),
  });
  const [candidate, baseline] = models[task];
  const [resolved] = resolveChoices([{ kind: "built-in", id: metric, params: {} }], task);
  const { importances } = explain({
    rows,
    plan,
    candidate: ask(candidate),
    baseline: ask(baseline),
    metric: resolved!,
    confidence: 0.95,
    seed,
    examples: false,
    remarks: [],
    resamples,
  });
  const of = (name: string) => importances.find(({ column }) => column === name)!;
  return { strong: of("a").candidate, weak: of("b").candidate, change: of("a").difference! };
}

function predict(table: Table, model: Model): Float64Array {
  const [a, b] = ["a", "b"].map((name) => table.columns.get(name)!.values as Float64Array) as [
    Float64Array,
    Float64Array,
  ];
  return a.map((value, row) => model(value, b[row]!));
}

function answerAll(table: Table, perturbations: readonly Perturbation[], model: Model) {
  return perturbations.map((one) => ({
    values: predict(stackPerturbations(table, [one]), model),
    probabilities: null,
  }));
}

function createTable(columns: Readonly<Record<string, Float64Array>>): Table {
  const list = Object.entries(columns).map(([name, values]): [string, Column] => [
    name,
    { name, type: "numeric", values },
  ]);
  return { rows: list[0]?.[1].values.length ?? 0, columns: new Map(list) };
}
