// One training run from its data to a folder with the model, its record and its metrics: whole, or not there.
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { ModelSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import { RunRecord } from "../evidence/run-record.ts";
import type { Context } from "../host/context.ts";
import { digestFiles, findFileKind, writeFileAtomically } from "../host/files.ts";
import type { Table } from "../tables/table.ts";
import { trainerCatalog } from "./catalog.ts";
import type { Trainer } from "./trainer.ts";

/** A data set with what the run record says of it. */
export interface TrainingData {
  readonly table: Table;
  readonly description: RunRecord["data"][number];
}

export interface TrainingRequest {
  readonly settings: ModelSettings;
  readonly training: TrainingData | null;
  /** May still hold the label; trainers get it without. */
  readonly evaluation: TrainingData | null;
  readonly code: RunRecord["code"];
  /** The repository's root; absolute. */
  readonly root: string;
  /** Folder for the results; absolute. Missing, empty, or with the results of an earlier run, which are replaced. */
  readonly out: string;
}

/** Names inside the folder of the results. */
export const runRecordFileName = "run-record.json";
export const modelFolderName = "model";
/** What a workflow leaves alone in the folder when training failed. */
const failureFileName = "failure.json";

/**
 * Trains one model. `out` then holds `model/<name as in the config>`, `run-record.json` and `metrics.json`. Throws InputError
 * for bad settings or data, RefusedError when the training failed; `out` is then as it was before.
 */
export async function trainModel(request: TrainingRequest, context: Context): Promise<RunRecord> {
  const { settings, training, evaluation, root, out } = request;
  const trainer = findTrainer(settings);
  const options = parseOptions(trainer, settings);
  await checkOut(out, settings, root);
  const draft = `${out}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, modelFolderName), { recursive: true });
  const features = training ? chooseFeatures(settings, training.table) : (settings.features ?? []);
  const startedAt = context.now();
  const started = performance.now();
  try {
    const outcome = await trainer.train(
      {
        settings,
        options,
        seed: settings.train?.seed ?? 0,
        training: training?.table ?? null,
        evaluation: evaluation ? withoutColumn(evaluation.table, settings.label) : null,
        features,
        root,
        out: draft,
        modelPath: join(draft, modelFolderName, basename(settings.model ?? "model.onnx")),
      },
      context,
    );
    const record = RunRecord.parse({
      kind: "run-record",
      schemaVersion: 1,
      model: settings.name,
      trainer: trainer.id,
      params: settings.train?.params ?? {},
      seed: settings.train?.seed ?? null,
      code: request.code,
      data: [training, evaluation].flatMap((data) => (data ? [data.description] : [])),
      features: [...features],
      environment: { ...describeMachine(context), ...outcome.environment },
      startedAt: startedAt.toISOString(),
      durationSeconds: Math.round(performance.now() - started) / 1000,
      peakMemoryBytes: outcome.peakMemoryBytes,
      exitCode: 0,
      cost: null,
      outputs: [...(await digestFiles(join(draft, modelFolderName)))],
      metrics: outcome.metrics,
    } satisfies RunRecord);
    await writeFileAtomically(join(draft, runRecordFileName), `${JSON.stringify(record, null, 2)}\n`);
    await writeFileAtomically(join(draft, "metrics.json"), `${JSON.stringify(outcome.metrics, null, 2)}\n`);
    await rm(out, { recursive: true, force: true });
    await rename(draft, out);
    return record;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Input columns: those of the config, else every column of the data but label, id, group and time. */
export function chooseFeatures(settings: ModelSettings, table: Table): readonly string[] {
  if (settings.label !== null && settings.features?.includes(settings.label)) {
    throw new InputError({
      message: "the label is among the features: the model would be told the answer",
      key: `models.${settings.name}.features`,
      received: settings.label,
    });
  }
  if (settings.features) return settings.features;
  const others = new Set([settings.label, settings.id ?? "id", settings.group, settings.time]);
  return [...table.columns.keys()].filter((name) => !others.has(name));
}

function findTrainer(settings: ModelSettings): Trainer {
  const known = trainerCatalog.map(({ id }) => id);
  if (!settings.train) {
    throw new InputError({
      message: "the config does not say how to train this model",
      key: `models.${settings.name}.train`,
      hint: "set `train: { command: [...] }`, or `train: { trainer: tfjs }`",
    });
  }
  const trainer = trainerCatalog.find(({ id }) => id === settings.train?.trainer);
  if (trainer) return trainer;
  throw new InputError({
    message: "there is no such trainer",
    key: `models.${settings.name}.train.trainer`,
    expected: known.join(", "),
    received: settings.train.trainer,
  });
}

function parseOptions(trainer: Trainer, settings: ModelSettings): unknown {
  const parsed = trainer.options.safeParse(settings.train?.params ?? {});
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map((issue) => ({
      message: `the trainer ${trainer.id} does not take this: ${issue.message}`,
      key: ["models", settings.name, "train", "params", ...issue.path].join("."),
    })),
  );
}

/** Results are only ever written over results. */
async function checkOut(out: string, settings: ModelSettings, root: string): Promise<void> {
  const model = settings.model === null ? null : resolve(root, settings.model);
  if (model !== null && !relative(out, model).startsWith("..")) {
    throw new InputError({
      message: "the folder of the results holds the place where the training writes its model",
      file: out,
      expected: `a folder that does not hold ${settings.model}`,
      hint: "choose another folder with --out",
    });
  }
  const kind = await findFileKind(out);
  if (kind === "missing") return;
  const names = kind === "folder" ? await readdir(out) : ["itself, a file"];
  if (names.length === 0 || names.includes(runRecordFileName) || names.join() === failureFileName) return;
  throw new InputError({
    message: "the folder of the results holds something else",
    file: out,
    expected: "a new or empty folder, or the results of an earlier run",
    received: names.slice(0, 5).join(", "),
    hint: "choose another folder with --out",
  });
}

function withoutColumn(table: Table, name: string | null): Table {
  return { rows: table.rows, columns: new Map([...table.columns].filter(([column]) => column !== name)) };
}

function describeMachine(context: Context): Record<string, string> {
  const image = [context.environment["ImageOS"], context.environment["ImageVersion"]].filter(Boolean).join(" ");
  return {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    ...(image && { image }),
  };
}
