// `train`: one training run of a model of the config, on the data the lock pins.
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { LockedData, LockedModel } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import type { RunRecord } from "../evidence/run-record.ts";
import type { Context } from "../host/context.ts";
import { runUserProgram } from "../host/user-program.ts";
import { type TrainingData, trainModel } from "../training/train-model.ts";
import { profileFileName } from "./candidate-folder.ts";
import { findModel, loadConfig, loadLock } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { pinModelData } from "./pin-data.ts";
import { locateSource, readEvaluationRows, readTrainingRows } from "./pinned-data.ts";
import { profile } from "./profile.ts";

export interface TrainSettings {
  readonly model: string;
  /** Folder for the results, relative to the context's folder. */
  readonly out: string;
  readonly configFile: string | undefined;
}

/**
 * Runs `prepare`, reads the pinned rows and trains. Throws InputError for config and data, RefusedError when the program
 * failed; the folder of the results is then as it was.
 */
export async function train(settings: TrainSettings, context: Context): Promise<Outcome<RunRecord>> {
  const loaded = await loadConfig(settings.configFile, context);
  const model = findModel(loaded, settings.model);
  const { root } = loaded;
  await prepareData(model, root, context);
  const pins = await findPins(model, root, context);
  const out = resolve(context.folder, settings.out);
  const record = await trainModel(
    {
      settings: model,
      training: pins.train && describe("train", pins.train, await readTrainingRows(model, pins.train, root, context)),
      evaluation:
        pins.evaluation &&
        describe("evaluation", pins.evaluation, await readEvaluationRows(model, pins.evaluation, root, context)),
      code: await describeCode(root),
      root: root,
      out,
    },
    context,
  );
  if (pins.train) await leaveProfile(model, pins.train, root, out, context);
  return { exitCode: 0, document: record, text: renderText(record, settings.out) };
}

/** The profile of the training's data beside the model: what later data is compared with. */
async function leaveProfile(model: ModelSettings, pin: LockedData, root: string, out: string, context: Context) {
  const window = pin.window === null ? {} : { time: model.time ?? undefined, ...pin.window };
  const source = locateSource(pin.source, root);
  await profile({ source, missingValues: model.missingValues, out: join(out, profileFileName), ...window }, context);
}

/** Runs the config's `prepare` in the repository's root; digests of data are taken afterwards. */
export async function prepareData(model: ModelSettings, root: string, context: Context): Promise<void> {
  const program = model.data?.prepare;
  if (!program) return;
  const timeoutSeconds = model.train?.timeoutSeconds ?? 3600;
  const env = model.train?.env ?? [];
  const variables = { MODELGATE_MODEL: model.name };
  await runUserProgram(
    { title: "the preparation of the data", program, variables, env, timeoutSeconds, folder: root },
    context,
  );
}

async function findPins(model: ModelSettings, root: string, context: Context): Promise<LockedModel> {
  const locked = (await loadLock(root)).models.get(model.name);
  const complete = locked && (locked.train !== null || !model.data?.train);
  if (complete) return locked;
  if (model.data?.train) {
    context.progress(
      `modelgate.lock does not pin the data of ${model.name}: taking it as it is now (\`modelgate lock ${model.name}\` pins it)`,
    );
  }
  return pinModelData(model, root, context);
}

function describe(name: string, pin: LockedData, table: TrainingData["table"]): TrainingData {
  const { source, window, sha256, columns } = pin;
  return { table, description: { name, source, window, sha256, rows: table.rows, columns: [...columns] } };
}

/** The commit that is checked out; null outside a clone. Build products do not make it dirty, only tracked files do. */
async function describeCode(root: string): Promise<RunRecord["code"]> {
  const git = promisify(execFile);
  const ask = (...words: string[]) =>
    git("git", words, { cwd: root, timeout: 20_000 }).then(({ stdout }) => stdout.trim());
  try {
    const [sha, changes] = [await ask("rev-parse", "HEAD"), await ask("status", "--porcelain", "-uno", ".")];
    return { sha, dirty: changes !== "" };
  } catch {
    return { sha: null, dirty: false };
  }
}

function renderText(record: RunRecord, out: string): string {
  const data = record.data.map(({ name, rows, window }) => {
    const ends = window ? ` (${window.from ?? "…"} to ${window.to ?? "…"})` : "";
    return `${name} ${rows} rows${ends}`;
  });
  const rows: readonly (readonly [string, string])[] = [
    ["model", record.model],
    ["trainer", `${record.trainer}, seed ${record.seed ?? "none"}`],
    ["data", data.join(", ") || "the program's own"],
    ["features", record.features.join(", ") || "the program's own"],
    ["duration", `${record.durationSeconds.toFixed(1)} s`],
    ...Object.entries(record.metrics).map(([name, value]) => [name, String(value)] as const),
    ...record.outputs.map(
      ({ path, bytes, sha256 }) => ["file", `${path}, ${bytes} bytes, ${sha256.slice(0, 12)}…`] as const,
    ),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `trained ${record.model} into ${out}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ].join("\n");
}
