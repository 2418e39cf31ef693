// The built-in trainer: linear and logistic regression and dense networks, saved for TensorFlow.js and as ONNX.
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { writeFileAtomically } from "../host/files.ts";
import { openTensorFlow, type TensorFlow } from "../runtimes/tensorflow.ts";
import {
  fitLeastSquares,
  fitLogistic,
  type Matrix,
  measureLogLoss,
  measureSquaredError,
} from "../statistics/linear-models.ts";
import { encode, fitEncoder } from "./encoder.ts";
import { fitDense } from "./fit-dense.ts";
import { createSingleLayer, type DenseLayer, type Network } from "./network.ts";
import { renderOnnx } from "./network-to-onnx.ts";
import { renderTfjs } from "./network-to-tfjs.ts";
import { readTarget, type Target } from "./target.ts";
import { defineTrainer, type TrainingRun } from "./trainer.ts";

const Options = z.strictObject({
  hidden: z.array(z.int().min(1).max(4096)).max(10).default([]).meta({
    description: "Units of the hidden layers; none = linear or logistic regression.",
  }),
  activation: z.enum(["relu", "tanh"]).default("relu").meta({ description: "Of the hidden layers." }),
  epochs: z.int().min(1).max(100_000).default(50).meta({ description: "Passes over the data (dense networks)." }),
  "batch-size": z.int().min(1).max(1_000_000).default(32).meta({ description: "Rows per step (dense networks)." }),
  "learning-rate": z.number().positive().max(10).default(0.01).meta({ description: "Of Adam (dense networks)." }),
  l2: z.number().min(0).max(1e6).optional().meta({
    description:
      "Penalty on the weights: ½·l2·‖w‖² beside the summed loss (default 1); on dense networks per layer (default 0).",
  }),
});
type Options = z.infer<typeof Options>;

export const tfjsTrainer = defineTrainer<Options>({
  id: "tfjs",
  summary: "Linear and logistic regression and dense networks, built in; writes TensorFlow.js and ONNX",
  options: Options,
  train: async (run, context) => {
    const { training, settings } = run;
    if (!training) {
      throw new InputError({ message: "the built-in trainer needs data", key: `models.${settings.name}.data` });
    }
    const target = readTarget(training, settings.label, settings.task, settings.decision.positive);
    const inputs = fitEncoder(training, run.features);
    const matrix = encode(training, inputs);
    const tensorflow = await openTensorFlow();
    context.progress(`training on ${matrix.rows} rows and ${matrix.width} columns (${tensorflow.engine.name})`);
    const { layers, metrics } = await fitNetwork(tensorflow, matrix, target, run, context);
    const network: Network = { inputs, layers, classes: target.kind === "classes" ? target.classes : null };
    await writeModel(tensorflow, network, run);
    return {
      metrics: { train_rows: matrix.rows, ...metrics },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      environment: { engine: `${tensorflow.engine.name} ${tensorflow.engine.version}` },
    };
  },
});

async function fitNetwork(
  tensorflow: TensorFlow,
  matrix: Matrix,
  target: Target,
  { options, seed }: TrainingRun<Options>,
  context: Parameters<typeof fitDense>[5],
): Promise<{ readonly layers: readonly DenseLayer[]; readonly metrics: Readonly<Record<string, number>> }> {
  const single = options.hidden.length === 0 && target.kind !== "classes";
  if (single && target.kind === "binary") {
    const weights = fitLogistic(matrix, target.values, options.l2 ?? 1);
    const loss = measureLogLoss(matrix, target.values, weights);
    return { layers: [createSingleLayer(weights, "sigmoid")], metrics: { train_log_loss: loss } };
  }
  if (single) {
    const weights = fitLeastSquares(matrix, target.values, options.l2 ?? 1);
    const error = measureSquaredError(matrix, target.values, weights);
    return { layers: [createSingleLayer(weights, "linear")], metrics: { train_mean_squared_error: error } };
  }
  const { layers, loss } = await fitDense(
    tensorflow,
    matrix,
    target,
    {
      hidden: options.hidden,
      activation: options.activation,
      epochs: options.epochs,
      batchSize: options["batch-size"],
      learningRate: options["learning-rate"],
      l2: options.l2 ?? 0,
    },
    seed,
    context,
  );
  return { layers, metrics: { train_loss: loss } };
}

/** The format the config's `model` asks for goes where it says; the other lies beside it in the out folder. */
async function writeModel(tensorflow: TensorFlow, network: Network, run: TrainingRun<Options>): Promise<void> {
  const onnxFirst = run.modelPath.toLowerCase().endsWith(".onnx");
  const tfjsFolder = onnxFirst ? join(run.out, "tfjs") : run.modelPath;
  const onnxFile = onnxFirst ? run.modelPath : join(run.out, "onnx", "model.onnx");
  const files = await renderTfjs(tensorflow, network);
  await writeFileAtomically(join(tfjsFolder, "model.json"), files.model);
  await writeFileAtomically(join(tfjsFolder, "weights.bin"), files.weights);
  await writeFileAtomically(onnxFile, renderOnnx(network));
}
