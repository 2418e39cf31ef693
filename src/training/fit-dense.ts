// Dense networks, learned with TensorFlow.js; the same seed, data and backend give the same weights bit for bit.
import type { Sequential } from "@tensorflow/tfjs-layers";
import { RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import type { TensorFlow } from "../runtimes/tensorflow.ts";
import type { Matrix } from "../statistics/linear-models.ts";
import { createRandom } from "../statistics/rng.ts";
import type { DenseLayer } from "./network.ts";
import type { Target } from "./target.ts";

export interface DenseOptions {
  /** Units of the hidden layers, first to last; empty = the output layer alone. */
  readonly hidden: readonly number[];
  readonly activation: "relu" | "tanh";
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly l2: number;
}

/**
 * Learns by Adam on batches whose order is shuffled anew each epoch from the seed. A value is learned standardised and the
 * scale folded back into the last layer. Throws RefusedError when the loss stops being a number.
 */
export async function fitDense(
  tensorflow: TensorFlow,
  matrix: Matrix,
  target: Target,
  options: DenseOptions,
  seed: number,
  context: Context,
): Promise<{ readonly layers: readonly DenseLayer[]; readonly loss: number }> {
  const { core, layers } = tensorflow;
  const scale = target.kind === "value" ? describeScale(target.values) : { mean: 0, deviation: 1 };
  const model = buildModel(tensorflow, matrix, target, options, seed);
  model.compile({
    optimizer: core.train.adam(options.learningRate),
    loss:
      target.kind === "binary"
        ? "binaryCrossentropy"
        : target.kind === "classes"
          ? "categoricalCrossentropy"
          : "meanSquaredError",
  });
  const random = createRandom(`shuffle ${seed}`);
  const order = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  let loss = Number.NaN;
  for (let epoch = 1; epoch <= options.epochs; epoch += 1) {
    context.signal.throwIfAborted();
    shuffle(order, random.nextInteger);
    const inputs = core.tensor2d(takeRows(matrix, order), [matrix.rows, matrix.width]);
    const outputs = encodeTarget(tensorflow, target, order, scale);
    const history = await model.fit(inputs, outputs, {
      epochs: 1,
      batchSize: options.batchSize,
      shuffle: false,
      verbose: 0,
    });
    core.dispose([inputs, outputs]);
    loss = Number(history.history["loss"]?.[0]);
    if (!Number.isFinite(loss)) {
      throw new RefusedError({
        message: `the loss is not a number after epoch ${epoch}`,
        received: String(loss),
        hint: "give a smaller `params: { learning-rate: … }`",
      });
    }
    if (epoch % Math.ceil(options.epochs / 10) === 0) context.progress(`epoch ${epoch}: loss ${loss.toPrecision(4)}`);
  }
  const learned = model.layers.map((layer) => readLayer(layer));
  model.dispose();
  void layers;
  return { layers: foldScale(learned, scale), loss };
}

function buildModel(
  { layers }: TensorFlow,
  matrix: Matrix,
  target: Target,
  options: DenseOptions,
  seed: number,
): Sequential {
  const units = [...options.hidden, target.kind === "classes" ? target.classes.length : 1];
  const last = target.kind === "binary" ? "sigmoid" : target.kind === "classes" ? "softmax" : "linear";
  const regularizer = options.l2 > 0 ? { kernelRegularizer: layers.regularizers.l2({ l2: options.l2 }) } : {};
  return layers.sequential({
    layers: units.map((count, index) =>
      layers.layers.dense({
        units: count,
        activation: index === units.length - 1 ? last : options.activation,
        kernelInitializer: layers.initializers.glorotUniform({ seed: (seed + index * 7919) % 2 ** 31 }),
        ...(index === 0 && { inputShape: [matrix.width] }),
        ...regularizer,
      }),
    ),
  });
}

function encodeTarget({ core }: TensorFlow, target: Target, order: Uint32Array, scale: Scale) {
  const width = target.kind === "classes" ? target.classes.length : 1;
  const values = new Float32Array(order.length * width);
  order.forEach((row, at) => {
    const value = target.values[row] ?? 0;
    if (target.kind === "classes") values[at * width + value] = 1;
    else values[at] = (value - scale.mean) / scale.deviation;
  });
  return core.tensor2d(values, [order.length, width]);
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

function describeScale(values: Float64Array): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

function foldScale(layers: readonly DenseLayer[], { mean, deviation }: Scale): readonly DenseLayer[] {
  return layers.map((layer, index) =>
    index < layers.length - 1 || layer.activation !== "linear"
      ? layer
      : {
          ...layer,
          kernel: layer.kernel.map((weight) => weight * deviation),
          bias: layer.bias.map((bias) => bias * deviation + mean),
        },
  );
}

function readLayer(layer: Sequential["layers"][number]): DenseLayer {
  const [kernel, bias] = layer.getWeights();
  const config = layer.getConfig() as { units: number; activation: string };
  return {
    units: config.units,
    activation: config.activation as DenseLayer["activation"],
    kernel: Float32Array.from((kernel as { dataSync(): Float32Array }).dataSync()),
    bias: Float32Array.from((bias as { dataSync(): Float32Array }).dataSync()),
  };
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, nextInteger: (limit: number) => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = nextInteger(at + 1);
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
}

function takeRows({ width, values }: Matrix, order: Uint32Array): Float32Array {
  const taken = new Float32Array(order.length * width);
  order.forEach((row, at) => {
    taken.set(values.subarray(row * width, (row + 1) * width), at * width);
  });
  return taken;
}
