// Metrics, slices and gates of a model: shorthands written out.
import type { GateSource } from "../evaluation/gate.ts";
import { knownMetrics, parseMetric } from "../evaluation/gate-grammar.ts";
import type { FairnessChoice } from "../evaluation/judge-request.ts";
import type { MetricDescription } from "../evaluation/metric-description.ts";
import { describeChoices } from "../evaluation/resolve-metric.ts";
import type { ModelFile } from "./schema.ts";
import type { MetricSettings, SliceSettings } from "./settings.ts";

type MetricFile = NonNullable<ModelFile["metrics"]>[number];

/** @throws {InputError} when a built-in metric is not known or its parameters are wrong. */
export function resolveMetric(file: MetricFile): MetricSettings {
  if (typeof file === "string") {
    const { metric, parameters } = parseMetric(file);
    return { kind: "built-in", id: metric.id, params: Object.fromEntries(parameters) };
  }
  return resolveOwnMetric(file);
}

function resolveOwnMetric(file: Exclude<MetricFile, string>): MetricSettings {
  if ("reported" in file) {
    return { kind: "reported", id: file.id, reported: file.reported, direction: file.direction };
  }
  return {
    kind: "column",
    id: file.id,
    column: file.column,
    aggregate: file.aggregate,
    denominator: file.denominator ?? null,
    direction: file.direction,
  };
}

/** The metrics of the model that are not built in. */
export function listOwnMetrics(metrics: ModelFile["metrics"]): readonly MetricSettings[] {
  return (metrics ?? []).flatMap((metric) => (typeof metric === "string" ? [] : [resolveOwnMetric(metric)]));
}

/** What the gates of a model may name: its own metrics first, then the built-in ones and the benchmark's numbers. */
export function listKnownMetrics(metrics: readonly MetricSettings[]): readonly MetricDescription[] {
  return [...describeChoices(metrics), ...knownMetrics];
}

export function resolveSlices(files: ModelFile["slices"]): readonly SliceSettings[] {
  return files.map((file) => {
    if (typeof file === "string") return { kind: "columns", name: file, columns: [file] };
    if ("where" in file) return { kind: "where", name: file.name, where: file.where };
    return { kind: "columns", name: file.name ?? file.columns.join(", "), columns: file.columns };
  });
}

export function resolveFairness(file: ModelFile["fairness"]): readonly FairnessChoice[] {
  const listOf = (columns: string | readonly string[]) => (typeof columns === "string" ? [columns] : columns);
  return (file?.by ?? []).map((attribute) => {
    const long = typeof attribute === "object" && "columns" in attribute ? attribute : null;
    return {
      columns: listOf(long?.columns ?? (attribute as string | readonly string[])),
      privileged: long?.privileged ?? null,
      minRows: file!["min-rows"],
    };
  });
}

/** The long form of a gate as the grammar reads it. */
export function resolveGateSource(file: ModelFile["gates"][number]): GateSource {
  if (typeof file === "string") return { rule: file };
  return {
    rule: file.rule,
    id: file.id ?? null,
    severity: file.severity,
    inconclusive: file.inconclusive ?? null,
    minRows: file["min-rows"] ?? null,
    against: file.against ?? null,
  };
}
