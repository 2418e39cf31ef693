// Reads and checks the metrics that are asked for by name.
import type { Problem } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import { findMetric, metricCatalog } from "./catalog.ts";
import type { Task } from "./comparison.ts";
import { parseMetric } from "./gate-grammar.ts";
import type { MetricChoice } from "./judge-request.ts";

/** `f1(average=macro)` as a choice; throws InputError with the place where it stops making sense. */
export function parseMetricChoice(text: string): MetricChoice {
  const { metric, parameters } = parseMetric(text);
  return { kind: "built-in", id: metric.id, params: Object.fromEntries(parameters) };
}

/** Problems of built-in metrics that do not exist, do not fit the task, or have parameters they do not take; `key` = `metrics[index]`. */
export function checkMetricChoices(choices: readonly MetricChoice[], task: Task | null): readonly Problem[] {
  return choices.flatMap((choice, index): readonly Problem[] => {
    if (choice.kind !== "built-in") return [];
    const key = `metrics[${index}]`;
    const metric = findMetric(choice.id);
    if (!metric) {
      const nearest = findNearestName(
        choice.id,
        metricCatalog.map(({ id }) => id),
      );
      const hint = nearest === undefined ? "the reference lists all metrics" : `did you mean ${nearest}?`;
      return [{ key, message: `the metric "${choice.id}" is not known`, hint }];
    }
    if (task !== null && metric.tasks.length > 0 && !metric.tasks.includes(task))
      return [{ key, message: `${choice.id} is a metric for ${metric.tasks.join(" and ")}, the task is ${task}` }];
    return metric
      .checkParameters(new Map(Object.entries(choice.params)))
      .map((message) => ({ key, message: `${choice.id}: ${message}` }));
  });
}
