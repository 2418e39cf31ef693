// From the file's shape to the settings the house works with: names in camelCase, shorthands written out, defaults filled in.
import { parseGate } from "../evaluation/gate-grammar.ts";
import { defaultMissingValues } from "./missing-values.ts";
import { resolveBehaviour, resolveExplain } from "./resolve-behaviours.ts";
import { listKnownMetrics, resolveFairness, resolveGateSource, resolveMetric, resolveSlices } from "./resolve-gates.ts";
import { chooseBaseline, resolveStages } from "./resolve-stages.ts";
import { type ConfigFile, ModelFile } from "./schema.ts";
import type {
  Config,
  DataSettings,
  EvaluationSplit,
  ExpectationSettings,
  ModelSettings,
  MonitorSettings,
  ProgramCommand,
  ProgramSettings,
  SourceSettings,
  TrainSettings,
  WindowSettings,
} from "./settings.ts";
import { parseDurationSeconds } from "./value-schemas.ts";

/** Fills in defaults; the file has passed schema and rules. */
export function resolveConfig(file: ConfigFile): Config {
  const models = Object.entries(file.models).map(
    ([name, model]) => [name, resolveModel(name, model ?? ModelFile.parse({}))] as const,
  );
  return { version: 1, registry: file.registry ?? null, models: new Map(models) };
}

function resolveModel(name: string, file: ModelFile): ModelSettings {
  const stages = resolveStages(file.stages, file.data?.holdout !== undefined);
  const metrics = (file.metrics ?? []).map(resolveMetric);
  return {
    name,
    paths: file.paths ?? ["**"],
    model: file.model ?? null,
    task: file.task ?? null,
    label: file.label ?? null,
    prediction: file.prediction ?? null,
    id: file.id ?? null,
    group: file.group ?? null,
    crossValidation: file["cross-validation"]
      ? {
          fold: file["cross-validation"].fold,
          repeat: file["cross-validation"].repeat ?? null,
          trainRows: file["cross-validation"]["train-rows"] ?? null,
        }
      : null,
    judge: file.judge ? { version: file.judge.version, cost: file.judge.cost ?? null } : null,
    features: file.features ?? null,
    time: file.time ?? null,
    blockLength: file["block-length"] ?? null,
    decision: {
      threshold: file.decision?.threshold ?? 0.5,
      positive: file.decision?.positive === undefined ? null : String(file.decision.positive),
    },
    data: file.data ? resolveData(file.data) : null,
    train: file.train ? resolveTrain(file.train) : null,
    predict: file.predict ? resolveProgram(file.predict) : null,
    metrics,
    slices: resolveSlices(file.slices),
    fairness: resolveFairness(file.fairness),
    baseline: file.baseline ?? chooseBaseline(stages),
    firstVersion: file["first-version"],
    confidence: file.confidence,
    inconclusive: file.inconclusive,
    evidence: file.evidence,
    gates: file.gates.map((gate) => parseGate(resolveGateSource(gate), listKnownMetrics(metrics))),
    behaviours: file.behaviours.map(resolveBehaviour),
    explain: resolveExplain(file.explain),
    expect: file.expect.map(resolveExpectation),
    stages,
    monitor: file.monitor ? resolveMonitor(file.monitor) : null,
    card: { file: file.card?.file ?? null, required: file.card?.required ?? [] },
    share: file.share ?? null,
    missingValues: file.data?.["missing-values"] ?? file["missing-values"] ?? defaultMissingValues,
  };
}

type DataFile = NonNullable<ModelFile["data"]>;

function resolveData(file: DataFile): DataSettings {
  const train = file.train ?? file.source;
  return {
    train: train === undefined ? null : resolveSource(train),
    evaluation: resolveSplit(file.evaluation),
    holdout: file.holdout === undefined ? null : resolveSource(file.holdout),
    prepare: file.prepare === undefined ? null : resolveCommand(file.prepare),
  };
}

function resolveSplit(file: DataFile["evaluation"]): EvaluationSplit {
  if (file === undefined) return { by: "none" };
  if (typeof file === "string") return { by: "source", source: file, window: null };
  if ("source" in file) return { by: "source", source: file.source, window: resolveWindow(file) };
  if ("share" in file) return { by: "share", share: file.share };
  return { by: "time", window: resolveWindow(file) ?? {} };
}

function resolveSource(file: NonNullable<DataFile["train"]>): SourceSettings {
  if (typeof file === "string") return { source: file, window: null };
  return { source: file.source, window: resolveWindow(file) };
}

interface WindowFile {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function resolveWindow({ from, to }: WindowFile): WindowSettings | null {
  if (from === undefined && to === undefined) return null;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function resolveCommand(command: string | readonly string[]): ProgramCommand {
  return typeof command === "string" ? { words: [command], shell: true } : { words: command, shell: false };
}

type ProgramFile = NonNullable<ModelFile["predict"]>;

function resolveProgram(file: ProgramFile): ProgramSettings {
  return {
    command: resolveCommand(file.command),
    timeoutSeconds: parseDurationSeconds(file.timeout),
    env: file.env,
    setup: file.setup === undefined ? null : resolveCommand(file.setup),
  };
}

function resolveTrain(file: NonNullable<ModelFile["train"]>): TrainSettings {
  return {
    trainer: file.trainer ?? "command",
    command: file.command === undefined ? null : resolveCommand(file.command),
    params: file.params,
    seed: file.seed,
    timeoutSeconds: parseDurationSeconds(file.timeout),
    env: file.env,
    setup: file.setup === undefined ? null : resolveCommand(file.setup),
    when: file.when.startsWith("label:")
      ? { on: "label", label: file.when.slice("label:".length) }
      : { on: file.when === "command" ? "command" : "paths" },
  };
}

function resolveExpectation(file: ModelFile["expect"][number]): ExpectationSettings {
  return {
    column: file.column ?? null,
    between: file.between ?? null,
    oneOf: file.in ?? null,
    type: file.type ?? null,
    matches: file.matches ?? null,
    length: file.length ?? null,
    monotonic: file.monotonic ?? null,
    pair: file.pair ?? null,
    rowSum: file["row-sum"] ?? null,
    sum: file.sum ?? null,
    mean: file.mean ?? null,
    shares: file.shares ?? null,
    smallestShare: file["smallest-share"] ?? null,
    like: file.like ?? null,
    newestWithinSeconds: file["newest-within"] === undefined ? null : parseDurationSeconds(file["newest-within"]),
    rows: file.rows ?? null,
    unique: file.unique,
    required: file.required,
    mostly: file.mostly,
  };
}

function resolveMonitor(file: NonNullable<ModelFile["monitor"]>): MonitorSettings {
  return {
    schedule: file.schedule?.trim() ?? null,
    windowSeconds: parseDurationSeconds(file.window ?? "60d"),
    reference: file.reference ?? "same-season",
    multivariate: file.multivariate ?? false,
    embeddings: file.embeddings ?? [],
    referenceWindows: file["reference-windows"] ?? null,
    wholeDays: file["whole-days"] ?? false,
    importances: file.importances ?? null,
    predictions: file.predictions
      ? {
          source: file.predictions.source,
          time: file.predictions.time ?? null,
          version: file.predictions.version ?? null,
        }
      : null,
    labels: file.labels
      ? {
          source: file.labels.source,
          delaySeconds: file.labels.delay === undefined ? 0 : parseDurationSeconds(file.labels.delay),
        }
      : null,
  };
}
