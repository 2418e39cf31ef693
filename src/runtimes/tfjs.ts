// TensorFlow.js layers models: a folder with model.json.
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { InputError } from "../errors.ts";
import type { Column, Table } from "../tables/table.ts";
import { readNumber } from "./column-values.ts";
import { bindInputs } from "./input-binding.ts";
import { nameOutputColumns } from "./pick-output.ts";
import { defineRuntime, type ModelSignature, type OpenOptions, type PredictedColumns } from "./runtime.ts";
import { openTensorFlow, type TensorFlow } from "./tensorflow.ts";
import { findModelJson, readTfjsFile, type TfjsFile, type TrainerNotes } from "./tfjs-file.ts";

const batchRows = 4096;

export const tfjs = defineRuntime({
  id: "tfjs",
  summary: "TensorFlow.js layers models (a folder with model.json)",
  recognizes: async (path) => (await findModelJson(path)) !== undefined,
  open: async (path, options) => {
    const file = (await findModelJson(path)) ?? path;
    const content = await readTfjsFile(file);
    const tensorflow = await openTensorFlow();
    const model = await loadModel(tensorflow, content, file);
    const signature = describeModel(model, content.notes);
    return {
      runtime: "tfjs",
      engine: tensorflow.engine,
      signature,
      predict: async (table) => predictTable(tensorflow, model, signature, content, options, table, file),
      prepareCalls: (table, rowsPerCall) => {
        const matrices = fillMatrices(signature, content, options, table, file);
        const rows = Math.min(rowsPerCall, table.rows);
        const starts = Array.from({ length: Math.max(1, Math.floor(table.rows / rows)) }, (_, index) => index * rows);
        return {
          rows,
          calls: starts.map((from) => async () => runBatch(tensorflow, model, matrices, from, rows, file)),
        };
      },
      dispose: async () => void model.dispose(),
    };
  },
});

async function loadModel({ core, layers }: TensorFlow, content: TfjsFile, file: string): Promise<LayersModel> {
  try {
    return await layers.loadLayersModel(
      core.io.fromMemory({
        modelTopology: content.topology,
        weightSpecs: content.weightSpecs as never,
        weightData: content.weights,
      }),
    );
  } catch (error) {
    throw new InputError(
      {
        message: "TensorFlow.js refuses the model",
        file,
        expected: "a layers model with all its weights",
        received: error instanceof Error ? error.message.slice(0, 500) : String(error),
      },
      { cause: error },
    );
  }
}

function describeModel(model: LayersModel, notes: TrainerNotes | null): ModelSignature {
  const text = new Set(notes?.inputs.filter(({ vocabulary }) => vocabulary).map(({ name }) => name));
  // A tensor's own name gets a number when the name was used before in this process; the layer's does not.
  const describe = (tensors: LayersModel["inputs"], names: readonly string[]) =>
    tensors.map(({ dtype, shape }, index) => {
      const layer = names[index] ?? "";
      const name = notes?.inputs.find((input) => input.layer === layer)?.name ?? layer;
      return { name, type: text.has(name) ? "string" : String(dtype), shape: shape.map((length) => length ?? null) };
    });
  return {
    inputs: describe(model.inputs, model.inputNames),
    outputs: describe(model.outputs, model.outputNames),
  };
}

function predictTable(
  tensorflow: TensorFlow,
  model: LayersModel,
  signature: ModelSignature,
  content: TfjsFile,
  options: OpenOptions,
  table: Table,
  file: string,
): PredictedColumns {
  const matrices = fillMatrices(signature, content, options, table, file);
  const classes = content.notes?.classes ?? options.classes ?? null;
  const output = signature.outputs[0]?.name ?? "";
  const columns = new Map<string, Float64Array>();
  for (let from = 0; from < table.rows; from += batchRows) {
    const count = Math.min(batchRows, table.rows - from);
    const values = runBatch(tensorflow, model, matrices, from, count, file);
    const width = values.length / count;
    for (const { index, name } of nameOutputColumns(output, width, options.task ?? null, classes, file).columns) {
      const column = columns.get(name) ?? new Float64Array(table.rows);
      for (let row = 0; row < count; row += 1) column[from + row] = values[row * width + index] ?? Number.NaN;
      columns.set(name, column);
    }
  }
  return { columns };
}

interface Matrix {
  readonly values: Float32Array;
  readonly width: number;
}

function fillMatrices(
  signature: ModelSignature,
  content: TfjsFile,
  options: OpenOptions,
  table: Table,
  file: string,
): readonly Matrix[] {
  const bindings = bindInputs(signature.inputs, table, options.features ?? null, file);
  return bindings.map(({ input, columns }) =>
    fillMatrix(
      columns,
      content.notes?.inputs.find(({ name }) => name === input.name),
      table.rows,
      file,
    ),
  );
}

/** Row-major; text becomes its position in the vocabulary, a missing number what the trainer said to give for it. */
function fillMatrix(
  columns: readonly Column[],
  notes: TrainerNotes["inputs"][number] | undefined,
  rows: number,
  file: string,
): Matrix {
  const width = columns.length;
  const values = new Float32Array(rows * width);
  const positions = notes?.vocabulary && new Map(notes.vocabulary.map((text, position) => [text, position]));
  columns.forEach((column, at) => {
    for (let row = 0; row < rows; row += 1) {
      if (positions) {
        values[row * width + at] = positions.get(String(column.values[row] ?? "")) ?? positions.size;
        continue;
      }
      const value = readNumber(column, row, column.name, file);
      values[row * width + at] = Number.isNaN(value) ? (notes?.fill ?? value) : value;
    }
  });
  return { values, width };
}

function runBatch(
  { core }: TensorFlow,
  model: LayersModel,
  matrices: readonly Matrix[],
  from: number,
  count: number,
  file: string,
): Float32Array {
  try {
    return core.tidy(() => {
      const inputs = matrices.map(({ values, width }) =>
        core.tensor2d(values.subarray(from * width, (from + count) * width), [count, width]),
      );
      const result = model.predict(inputs.length === 1 && inputs[0] ? inputs[0] : inputs, { batchSize: count });
      const first = Array.isArray(result) ? result[0] : result;
      return Float32Array.from((first as { dataSync(): Float32Array }).dataSync());
    });
  } catch (error) {
    throw new InputError(
      {
        message: "the model fails on the data",
        file,
        received: error instanceof Error ? error.message.slice(0, 500) : String(error),
      },
      { cause: error },
    );
  }
}
