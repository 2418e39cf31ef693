// Finds the metric behind a name: one a config defines, or a built-in.
import { defaultMetrics, findMetric } from "./catalog.ts";
import type { MetricDirection, Task } from "./comparison.ts";
import type { MetricChoice } from "./judge-request.ts";
import { UndefinedMetric } from "./metric.ts";
import {
  type MetricDescription,
  type MetricParameters,
  type MetricScale,
  refuseParameters,
  renderMetricName,
} from "./metric-description.ts";
import type { MetricRows } from "./metric-rows.ts";
import { readNumberColumn } from "./row-columns.ts";
import type { Statistic } from "./statistic.ts";

/** A metric with its parameters, ready to be measured on any rows. */
export interface ResolvedMetric {
  /** As reports write it: `f1(average=macro)`. */
  readonly name: string;
  readonly direction: MetricDirection;
  readonly scale: MetricScale;
  readonly untestable: string | null;
  readonly undefinedWhen: string;
  /** Name of the reported number; null = measured on rows. */
  readonly reported: string | null;
  /** Throws UndefinedMetric with the reason. */
  readonly measure: (rows: MetricRows) => Statistic;
}

/** Descriptions of the metrics a config defines, for `parseGate(rule, [...described, ...knownMetrics])`. */
export function describeChoices(choices: readonly MetricChoice[]): readonly MetricDescription[] {
  return choices
    .filter((choice) => choice.kind !== "built-in")
    .map((choice) => ({
      id: choice.id,
      summary: choice.kind === "column" ? `${choice.aggregate} of ${choice.column}` : `${choice.reported}, as reported`,
      direction: choice.direction,
      scale: "free" as const,
      tasks: [],
      untestable: null,
      checkParameters: refuseParameters,
    }));
}

/** The metric that a gate or a list names; undefined when there is none of that id. */
export function resolveMetric(
  id: string,
  parameters: MetricParameters,
  choices: readonly MetricChoice[],
): ResolvedMetric | undefined {
  const own = choices.find((choice) => choice.kind !== "built-in" && choice.id === id);
  if (own) return resolveChoice(own);
  const metric = findMetric(id);
  if (!metric) return undefined;
  return {
    ...metric,
    name: renderMetricName(id, parameters),
    reported: null,
    measure: (rows) => {
      if (metric.tasks.length > 0 && !metric.tasks.includes(rows.task))
        throw new UndefinedMetric(`it is a metric for ${metric.tasks.join(" and ")}, the task is ${rows.task}`);
      return metric.measure(rows, parameters);
    },
  };
}

/** The metrics of an evaluation: those chosen, or the usual ones of the task. */
export function resolveChoices(choices: readonly MetricChoice[], task: Task): readonly ResolvedMetric[] {
  if (choices.length === 0) return defaultMetrics[task].flatMap((id) => resolveMetric(id, new Map(), []) ?? []);
  return choices.flatMap((choice) => resolveChoice(choice) ?? []);
}

function resolveChoice(choice: MetricChoice): ResolvedMetric | undefined {
  if (choice.kind === "built-in") return resolveMetric(choice.id, new Map(Object.entries(choice.params)), []);
  const shared = { name: choice.id, direction: choice.direction, scale: "free", untestable: null } as const;
  if (choice.kind === "reported")
    return {
      ...shared,
      undefinedWhen: "the number was not reported or is not finite",
      reported: choice.reported,
      measure: () => {
        throw new UndefinedMetric("it is reported, not measured on rows");
      },
    };
  return {
    ...shared,
    undefinedWhen: choice.aggregate === "ratio" ? "the denominator sums to 0" : "there are no rows",
    reported: null,
    measure: (rows) => measureColumn(rows, choice),
  };
}

function measureColumn(rows: MetricRows, choice: MetricChoice & { readonly kind: "column" }): Statistic {
  const values = readNumberColumn(rows, choice.column);
  if (choice.aggregate === "ratio") {
    if (choice.denominator === null) throw new UndefinedMetric("a ratio needs a denominator column");
    const parts = [values, readNumberColumn(rows, choice.denominator)];
    return { kind: "means", parts, combine: (means) => (means[1] === 0 ? Number.NaN : means[0]! / means[1]!) };
  }
  const factor = choice.aggregate === "sum" ? rows.rows : 1;
  return { kind: "means", parts: [values], combine: (means) => factor * means[0]! };
}
