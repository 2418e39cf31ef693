// Opens a model with the runtime of its format.
import { resolve } from "node:path";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { findFileKind } from "../host/files.ts";
import type { Table } from "../tables/table.ts";
import { runtimeCatalog } from "./catalog.ts";
import { command } from "./command.ts";
import { predictionsFile } from "./predictions-file.ts";
import type { LoadedModel, OpenOptions, Runtime } from "./runtime.ts";

/**
 * Opens the model at `path` (file or folder, relative to the context's folder): by the program in `options.predict` if there
 * is one, else by the runtime that recognizes its format. Withheld columns never reach the model. Throws InputError when it is missing, empty, broken or unknown.
 */
export async function openModel(path: string, options: OpenOptions, context: Context): Promise<LoadedModel> {
  const absolute = resolve(context.folder, path);
  const kind = await findFileKind(absolute);
  if (kind === "missing" || kind === "other") {
    throw new InputError({
      message: "the model is missing",
      file: path,
      expected: "a model file or folder",
      hint: "check `model:` in the config, or the path given",
    });
  }
  const runtime = options.predict ? command : await findRuntime(absolute, kind);
  if (!runtime) throw createUnknownFormat(path);
  const model = await runtime.open(absolute, options, context);
  // A file of predictions learns nothing from the label; its own copy of it is held against it instead.
  const withheld = new Set(model.runtime === predictionsFile.id ? [] : options.withheld);
  return { ...model, predict: (table) => model.predict(withhold(table, withheld)) };
}

/** What a model predicts from must not hold what it is to predict, whatever its inputs are called. */
function withhold(table: Table, names: ReadonlySet<string>): Table {
  if (names.size === 0) return table;
  return { rows: table.rows, columns: new Map([...table.columns].filter(([name]) => !names.has(name))) };
}

async function findRuntime(path: string, kind: "file" | "folder"): Promise<Runtime | undefined> {
  for (const runtime of runtimeCatalog) if (await runtime.recognizes(path, kind)) return runtime;
  return undefined;
}

function createUnknownFormat(path: string): InputError {
  return new InputError({
    message: "no runtime knows this format of model",
    file: path,
    expected:
      "an .onnx file, a TensorFlow.js folder with model.json, or a predictions file (.csv, .parquet, .json, .jsonl)",
    hint: "for a model that only its own code can run, set `predict: { command: [...] }` in the config",
  });
}
