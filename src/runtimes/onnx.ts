// ONNX models on onnxruntime: the engine that judges, since it is the one models are deployed on.
import { InputError } from "../errors.ts";
import { importEngine, readEngineVersion } from "../host/engines.ts";
import type { Table } from "../tables/table.ts";
import { bindInputs, fillTensor, type InputBinding } from "./input-binding.ts";
import { findOnnxFile, inspectOnnxFile, type OnnxFile } from "./onnx-file.ts";
import { nameOutputColumns, pickOutput } from "./pick-output.ts";
import { defineRuntime, type LoadedModel, type ModelSignature, type OpenOptions, type TensorInfo } from "./runtime.ts";

type Onnx = typeof import("onnxruntime-node");
type Session = import("onnxruntime-node").InferenceSession;

/** Rows per call; large enough that the cost of a call does not count, small enough for wide models. */
const batchRows = 1024;

export const onnx = defineRuntime({
  id: "onnx",
  summary: "ONNX models (.onnx) on onnxruntime",
  recognizes: async (path) => (await findOnnxFile(path)) !== undefined,
  open: async (path, options) => {
    const file = await inspectOnnxFile((await findOnnxFile(path)) ?? path);
    const engine = await importEngine("onnxruntime-node");
    const threads = options.threads ?? 1;
    const session = await createSession(engine, file.path, threads);
    const signature = describeSession(session);
    const version = await readEngineVersion("onnxruntime-node");
    return {
      runtime: "onnx",
      engine: { name: "onnxruntime-node", version, threads },
      signature,
      predict: (table) => predictTable(engine, session, signature, file, options, table),
      prepareCalls: (table, rowsPerCall) => prepareCalls(engine, session, signature, file, options, table, rowsPerCall),
      dispose: () => session.release(),
    } satisfies LoadedModel;
  },
});

/** One session on `threads` threads. Throws InputError when the engine refuses the model. */
export async function createSession(engine: Onnx, path: string, threads: number): Promise<Session> {
  try {
    return await engine.InferenceSession.create(path, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new InputError(
      { message: "onnxruntime refuses the model", file: path, received: shorten(error) },
      { cause: error },
    );
  }
}

/** Inputs and outputs as the engine names them; values that are no tensors (ZipMap's maps) have the type `map`. */
export function describeSession(session: Session): ModelSignature {
  const describe = (values: Session["inputMetadata"]): readonly TensorInfo[] =>
    values.map((value) =>
      value.isTensor
        ? {
            name: value.name,
            type: value.type,
            shape: value.shape.map((length) => (typeof length === "number" && length >= 0 ? length : null)),
          }
        : { name: value.name, type: "map", shape: [] },
    );
  return { inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) };
}

function prepareCalls(
  engine: Onnx,
  session: Session,
  signature: ModelSignature,
  file: OnnxFile,
  options: OpenOptions,
  table: Table,
  rowsPerCall: number,
) {
  const features = readNames(file, "modelgate.features") ?? options.features ?? null;
  const bindings = bindInputs(signature.inputs, table, features, file.path);
  const output = pickOutput(signature.outputs, options.task ?? null, file.path);
  const rows = findFixedBatch(signature) ?? Math.min(rowsPerCall, table.rows);
  const starts = Array.from({ length: Math.max(1, Math.floor(table.rows / rows)) }, (_, index) => index * rows);
  const calls = starts.map((from) => {
    const feeds = buildFeeds(engine, bindings, from, Math.min(rows, table.rows - from), rows, file.path);
    return () => session.run(feeds, [output]);
  });
  return { rows, calls };
}

/** The number of rows a model insists on; null when it takes any. */
function findFixedBatch(signature: ModelSignature): number | null {
  return signature.inputs.find((input) => typeof input.shape[0] === "number")?.shape[0] ?? null;
}

function buildFeeds(
  engine: Onnx,
  bindings: readonly InputBinding[],
  from: number,
  count: number,
  length: number,
  file: string,
): Record<string, import("onnxruntime-node").Tensor> {
  const feeds: Record<string, import("onnxruntime-node").Tensor> = {};
  for (const binding of bindings) {
    const tensor = fillTensor(binding, from, count, length, file);
    feeds[tensor.name] = new engine.Tensor(tensor.type as "float32", tensor.data as Float32Array, tensor.dims);
  }
  return feeds;
}

async function predictTable(
  engine: Onnx,
  session: Session,
  signature: ModelSignature,
  file: OnnxFile,
  options: OpenOptions,
  table: Table,
) {
  const task = options.task ?? null;
  const features = readNames(file, "modelgate.features") ?? options.features ?? null;
  const classes = readNames(file, "modelgate.classes") ?? options.classes ?? null;
  const bindings = bindInputs(signature.inputs, table, features, file.path);
  const output = pickOutput(signature.outputs, task, file.path);
  const fixed = findFixedBatch(signature);
  const columns = new Map<string, Float64Array>();
  for (let from = 0; from < table.rows; from += fixed ?? batchRows) {
    const count = Math.min(fixed ?? batchRows, table.rows - from);
    const values = await runBatch(engine, session, bindings, output, from, count, fixed ?? count, file.path);
    const width = values.length / (fixed ?? count);
    for (const { index, name } of nameOutputColumns(output, width, task, classes, file.path).columns) {
      const column = columns.get(name) ?? new Float64Array(table.rows);
      for (let row = 0; row < count; row += 1) column[from + row] = Number(values[row * width + index]);
      columns.set(name, column);
    }
  }
  return { columns };
}

async function runBatch(
  engine: Onnx,
  session: Session,
  bindings: readonly InputBinding[],
  output: string,
  from: number,
  count: number,
  length: number,
  file: string,
): Promise<ArrayLike<number | bigint>> {
  const feeds = buildFeeds(engine, bindings, from, count, length, file);
  try {
    const results = await session.run(feeds, [output]);
    return (results[output] as { data: ArrayLike<number | bigint> }).data;
  } catch (error) {
    throw new InputError(
      { message: "the model fails on the data", file, received: shorten(error), hint: "check the types of its inputs" },
      { cause: error },
    );
  }
}

/** A list of names the trainer wrote into the model; anything else there is ignored. */
function readNames(file: OnnxFile, key: string): readonly string[] | null {
  try {
    const names: unknown = JSON.parse(file.metadata.get(key) ?? "null");
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : null;
  } catch {
    return null;
  }
}

function shorten(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").slice(0, 500);
}
