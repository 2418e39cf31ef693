// Rules about metrics, slices and gates: their grammar is the evaluation's, the place in the file is ours.
import { InputError, type Problem } from "../../errors.ts";
import type { Task } from "../../evaluation/comparison.ts";
import type { Gate } from "../../evaluation/gate.ts";
import { parseGate, parseMetric } from "../../evaluation/gate-grammar.ts";
import type { MetricDescription } from "../../evaluation/metric-description.ts";
import { parseWhere } from "../../evaluation/slice-expression.ts";
import { findNearestName } from "../../nearest-name.ts";
import type { PathPart } from "../document-path.ts";
import { listKnownMetrics, listOwnMetrics, resolveGateSource, resolveSlices } from "../resolve-gates.ts";
import type { ModelFile } from "../schema.ts";
import type { ModelRule, Report } from "./rule.ts";

export const metricsAreKnown: ModelRule = (model, report) => {
  (model.metrics ?? []).forEach((metric, index) => {
    if (typeof metric !== "string") return;
    const path = ["metrics", index];
    const parsed = attempt(() => parseMetric(metric), path, report);
    if (parsed) checkTask(parsed.metric, model.task, path, report);
  });
};

/** A metric of one's own must not hide a built-in one. */
export const ownMetricsHaveOwnNames: ModelRule = (model, report) => {
  const builtIn = new Set(listKnownMetrics([]).map(({ id }) => id));
  (model.metrics ?? []).forEach((metric, index) => {
    if (typeof metric === "string" || !builtIn.has(metric.id)) return;
    report({
      path: ["metrics", index, "id"],
      message: "is the id of a built-in metric",
      received: metric.id,
      hint: "choose another id",
    });
  });
};

export const slicesMakeSense: ModelRule = (model, report) => {
  model.slices.forEach((slice, index) => {
    if (typeof slice === "string" || !("where" in slice)) return;
    attempt(() => parseWhere(slice.where), ["slices", index, "where"], report);
  });
};

export const gatesMakeSense: ModelRule = (model, report) => {
  const ids = new Map<string, number>();
  listGates(model, report).forEach(({ gate, index }) => {
    const before = ids.get(gate.id);
    if (before !== undefined) {
      report({
        path: ["gates", index],
        message: `has the same id as gate ${before + 1}: \`${gate.id}\``,
        hint: "give one of them an `id` of its own",
      });
    }
    ids.set(gate.id, index);
  });
};

/** `[seniors]` must be a slice that the model defines. */
export const gatesNameSlicesThatExist: ModelRule = (model, report) => {
  const names = resolveSlices(model.slices).map(({ name }) => name);
  for (const { gate, index } of listGates(model)) {
    if (gate.slice?.kind !== "named" || names.includes(gate.slice.name)) continue;
    const nearest = findNearestName(gate.slice.name, names);
    report({
      path: rulePath(model, index),
      message: `names the slice \`${gate.slice.name}\`, which the model does not define`,
      expected:
        names.length > 0
          ? `one of ${names.join(", ")}, or a condition such as [plan=basic]`
          : "a condition such as [plan=basic]",
      received: gate.rule,
      hint: nearest ? `did you mean [${nearest}]?` : `add it under \`slices\``,
    });
  }
};

export const gatesFitTheTask: ModelRule = (model, report) => {
  const known = listKnownMetrics(listOwnMetrics(model.metrics));
  for (const { gate, index } of listGates(model)) {
    const metric = known.find(({ id }) => id === gate.metric);
    if (metric) checkTask(metric, model.task, rulePath(model, index), report);
  }
};

function checkTask(metric: MetricDescription, task: Task | undefined, path: readonly PathPart[], report: Report): void {
  if (task === undefined || metric.tasks.length === 0 || metric.tasks.includes(task)) return;
  report({
    path,
    message: `\`${metric.id}\` is not defined for \`task: ${task}\``,
    expected: `one of the tasks ${metric.tasks.join(", ")}`,
    received: task,
  });
}

/** The gates that can be read; problems of the others go to `report`. */
function listGates(model: ModelFile, report: Report = () => {}): { readonly gate: Gate; readonly index: number }[] {
  const known = listKnownMetrics(listOwnMetrics(model.metrics));
  return model.gates.flatMap((file, index) => {
    const gate = attempt(() => parseGate(resolveGateSource(file), known), rulePath(model, index), report);
    return gate ? [{ gate, index }] : [];
  });
}

function rulePath(model: ModelFile, index: number): readonly PathPart[] {
  return typeof model.gates[index] === "string" ? ["gates", index] : ["gates", index, "rule"];
}

function attempt<T>(read: () => T, path: readonly PathPart[], report: Report): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const problem of error.problems) report({ path, ...pickText(problem) });
    return undefined;
  }
}

/** What the grammar found, without its own idea of a place: columns inside the rule are in its message. */
function pickText({ message, expected, received, hint }: Problem) {
  return {
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    ...(hint === undefined ? {} : { hint }),
  };
}
