// A program of the user predicts: for models that only their own code can run.
import { join } from "node:path";
import { readTable } from "../data/read-table.ts";
import { writeTable } from "../data/write-table.ts";
import { InputError, RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { findFileKind } from "../host/files.ts";
import { withTemporaryFolder } from "../host/temporary-folder.ts";
import { runUserProgram } from "../host/user-program.ts";
import type { Table } from "../tables/table.ts";
import { matchPredictions } from "./match-predictions.ts";
import { defineRuntime, type OpenOptions, type PredictedColumns } from "./runtime.ts";

export const command = defineRuntime({
  id: "command",
  summary: "Any model, through the program of `predict:`",
  /** The config decides, not the file. */
  recognizes: async () => false,
  open: async (path, options, context) => {
    const settings = options.predict;
    if (!settings) throw new InputError({ message: "no program predicts", key: "predict", file: path });
    if (settings.setup) await runStep("the setup of `predict`", settings.setup, {}, options, context);
    return {
      runtime: "command",
      engine: { name: "command", version: "1", threads: 1 },
      signature: { inputs: [], outputs: [] },
      predict: (table) => withTemporaryFolder((folder) => predictTable(path, table, folder, options, context)),
      dispose: async () => {},
    };
  },
});

/**
 * The program gets `MODELGATE_MODEL_PATH`, `MODELGATE_DATA` (CSV with every column but the withheld ones) and
 * `MODELGATE_PREDICTIONS`, the CSV it must write. Throws RefusedError when the program fails or writes nothing.
 */
async function predictTable(
  path: string,
  table: Table,
  folder: string,
  options: OpenOptions,
  context: Context,
): Promise<PredictedColumns> {
  const data = join(folder, "data.csv");
  const predictions = join(folder, "predictions.csv");
  await writeTable(table, data);
  const variables = { MODELGATE_MODEL_PATH: path, MODELGATE_DATA: data, MODELGATE_PREDICTIONS: predictions };
  const settings = options.predict;
  if (settings) await runStep("the program of `predict`", settings.command, variables, options, context);
  if ((await findFileKind(predictions)) !== "file") {
    throw new RefusedError({
      message: "the program of `predict` ended well and wrote no predictions",
      expected: "a CSV file at $MODELGATE_PREDICTIONS with the row key and the prediction columns",
    });
  }
  const reading = { missingValues: options.missingValues, keys: [options.id ?? "id"] };
  const written = await readTable(predictions, reading, context);
  return matchPredictions(written, table, {
    id: options.id ?? null,
    task: options.task ?? null,
    prediction: options.prediction ?? null,
    withheld: options.withheld ?? [],
    file: "$MODELGATE_PREDICTIONS",
  });
}

async function runStep(
  title: string,
  program: { readonly words: readonly string[]; readonly shell: boolean },
  variables: Readonly<Record<string, string>>,
  options: OpenOptions,
  context: Context,
): Promise<void> {
  await runUserProgram(
    {
      title,
      program,
      variables,
      env: options.predict?.env ?? [],
      timeoutSeconds: options.predict?.timeoutSeconds ?? 3600,
      folder: options.folder ?? context.folder,
    },
    context,
  );
}
