// Any program trains: it gets its data, seed and parameters in the environment and leaves a model where the config says.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeTable } from "../data/write-table.ts";
import { InputError, RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { copyTree, findFileKind, listFiles } from "../host/files.ts";
import { withTemporaryFolder } from "../host/temporary-folder.ts";
import { runUserProgram } from "../host/user-program.ts";
import type { Table } from "../tables/table.ts";
import { readMetricsFile } from "./metrics-file.ts";
import { defineTrainer, type TrainingOutcome, type TrainingRun } from "./trainer.ts";

const Options = z.record(z.string(), z.unknown());

export const commandTrainer = defineTrainer<z.infer<typeof Options>>({
  id: "command",
  summary: "Any program of yours, in any language",
  options: Options,
  train: (run, context) => withTemporaryFolder((folder) => trainByProgram(run, folder, context)),
});

async function trainByProgram(run: TrainingRun, folder: string, context: Context): Promise<TrainingOutcome> {
  const train = run.settings.train;
  if (!train?.command) throw new InputError({ message: "no program trains", key: "train.command" });
  const expected = run.settings.model === null ? null : join(run.root, run.settings.model);
  const before = expected === null ? 0 : await findNewestChange(expected);
  const variables = {
    MODELGATE_MODEL: run.settings.name,
    MODELGATE_OUT: run.out,
    MODELGATE_SEED: String(run.seed),
    MODELGATE_PARAMS: JSON.stringify(run.options),
    ...(expected !== null && { MODELGATE_MODEL_PATH: expected }),
    ...(await writeData("MODELGATE_TRAIN_DATA", run.training, join(folder, "train.csv"))),
    ...(await writeData("MODELGATE_EVALUATION_DATA", run.evaluation, join(folder, "evaluation.csv"))),
  };
  const shared = { variables, env: train.env, timeoutSeconds: train.timeoutSeconds, folder: run.root };
  if (train.setup) {
    await runUserProgram({ title: "the setup of the training", program: train.setup, ...shared }, context);
  }
  const result = await runUserProgram({ title: "the training program", program: train.command, ...shared }, context);
  if (expected !== null && (await findNewestChange(expected)) > before) await copyTree(expected, run.modelPath);
  await checkModel(run.modelPath, run.settings.model ?? "$MODELGATE_OUT/model/", before > 0);
  return {
    metrics: await readMetricsFile(join(run.out, "metrics.json")),
    peakMemoryBytes: result.peakMemoryBytes,
    environment: { program: train.command.words.join(" ").slice(0, 500) },
  };
}

async function writeData(variable: string, table: Table | null, file: string): Promise<Record<string, string>> {
  if (table === null) return {};
  await writeTable(table, file);
  return { [variable]: file };
}

/** When the model at `path` was last written, in milliseconds; 0 if there is none. */
async function findNewestChange(path: string): Promise<number> {
  const kind = await findFileKind(path);
  if (kind === "file") return (await stat(path)).mtimeMs;
  if (kind !== "folder") return 0;
  const times = (await listFiles(path)).map(async (file) => (await stat(join(path, file))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}

/** A model that is missing, empty, or left over from an earlier run is a failed training. */
async function checkModel(path: string, shown: string, wasThere: boolean): Promise<void> {
  const kind = await findFileKind(path);
  const refuse = (message: string) =>
    new RefusedError({
      message,
      file: shown,
      expected: "a new model file or folder, not empty",
      hint: "write the model where `model:` in the config says (also in $MODELGATE_MODEL_PATH)",
    });
  if (kind === "missing") {
    throw refuse(
      wasThere
        ? "the training program ended well and left the model as it was before"
        : "the training program ended well and wrote no model",
    );
  }
  const files = kind === "file" ? [path] : (await listFiles(path)).map((file) => join(path, file));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  if (sizes.every((size) => size === 0)) throw refuse("the training program wrote an empty model");
}
