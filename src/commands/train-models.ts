// Trains every model a change concerns, one folder each; a model whose training fails leaves the reason instead of a model.
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { findAffectedModels } from "../config/affected.ts";
import { emptyLock } from "../config/parse-lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { ModelgateError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { modelFolderName, type TrainingFailure, trainingFailureFileName } from "./candidate-folder.ts";
import { findModel, type LoadedConfig, loadConfig } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { train } from "./train.ts";

export interface TrainModelsSettings {
  /** Names; empty = those that `changedPaths` concern. */
  readonly models: readonly string[];
  /** Null = not known: every model. A change to config or lock trains every model: which it concerns is decided where base is at hand. */
  readonly changedPaths: readonly string[] | null;
  /** Folder for the candidates, relative to the context's folder. */
  readonly out: string;
  readonly configFile: string | undefined;
}

/** Kind `training`. `copied`: the repository holds the model itself; `skipped`: the config does not say how it comes to be. */
export interface TrainingDocument {
  readonly kind: "training";
  readonly schemaVersion: 1;
  readonly models: readonly {
    readonly model: string;
    readonly state: "trained" | "copied" | "failed" | "skipped";
    readonly problem: string | null;
  }[];
}

/** Exit 1 when a training failed; the others are trained all the same. Failures of the network or an engine are thrown. */
export async function trainModels(settings: TrainModelsSettings, context: Context): Promise<Outcome<TrainingDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const side = { config: loaded.config, lock: emptyLock };
  const names = settings.models.length > 0 ? settings.models : findAffectedModels(side, null, settings.changedPaths);
  const models: TrainingDocument["models"][number][] = [];
  for (const name of names) models.push(await trainOne(findModel(loaded, name), loaded, settings, context));
  const failed = models.filter((model) => model.state === "failed");
  const lines = models.map(
    ({ model, state, problem }) => `${model}: ${state}${problem === null ? "" : `: ${problem}`}`,
  );
  return {
    exitCode: failed.length > 0 ? 1 : 0,
    document: { kind: "training", schemaVersion: 1, models },
    text: lines.length > 0 ? lines.join("\n") : "the change concerns no model: nothing to train",
  };
}

async function trainOne(
  model: ModelSettings,
  loaded: LoadedConfig,
  settings: TrainModelsSettings,
  context: Context,
): Promise<TrainingDocument["models"][number]> {
  const out = resolve(context.folder, settings.out, model.name);
  if (model.train === null) return await copyModel(model, loaded.root, out);
  try {
    const { text } = await train({ model: model.name, out, configFile: loaded.file }, context);
    context.progress(text);
    return { model: model.name, state: "trained", problem: null };
  } catch (error) {
    if (!(error instanceof ModelgateError) || error.family === "provider") throw error;
    await leaveFailure(error, out);
    return { model: model.name, state: "failed", problem: error.message };
  }
}

async function copyModel(model: ModelSettings, root: string, out: string): Promise<TrainingDocument["models"][number]> {
  const from = model.model === null ? null : join(root, model.model);
  if (from === null || !existsSync(from)) return { model: model.name, state: "skipped", problem: null };
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, modelFolderName), { recursive: true });
  await cp(from, join(out, modelFolderName, basename(from)), { recursive: true });
  return { model: model.name, state: "copied", problem: null };
}

async function leaveFailure(error: ModelgateError, out: string): Promise<void> {
  const lines = error.problems.flatMap((problem) => [
    ...(problem.expected === undefined ? [] : [`expected: ${problem.expected}`]),
    ...(problem.received ?? "").split("\n"),
    ...(problem.hint === undefined ? [] : [`fix: ${problem.hint}`]),
  ]);
  const failure: TrainingFailure = {
    kind: "training-failure",
    schemaVersion: 1,
    message: error.message.slice(0, 2000),
    lines: lines
      .filter((line) => line !== "")
      .slice(-100)
      .map((line) => line.slice(0, 2000)),
  };
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await writeFile(join(out, trainingFailureFileName), `${JSON.stringify(failure, null, 2)}\n`);
}
