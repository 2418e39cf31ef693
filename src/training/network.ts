// A trained network as plain numbers: what the TensorFlow.js and the ONNX file are both written from.
import type { EncodedInput } from "./encoder.ts";

/** output = activation(input · kernel + bias); `kernel` is row-major, inputs × units. */
export interface DenseLayer {
  readonly units: number;
  readonly activation: "relu" | "tanh" | "linear" | "sigmoid" | "softmax";
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

export interface Network {
  /** In the order of the features; the first layer takes their encoded columns side by side. */
  readonly inputs: readonly EncodedInput[];
  readonly layers: readonly DenseLayer[];
  /** Several classes in the order of the outputs; else null. */
  readonly classes: readonly string[] | null;
}

/** The one layer of a linear or logistic model, from weights with the intercept last. */
export function createSingleLayer(weights: Float64Array, activation: "linear" | "sigmoid"): DenseLayer {
  const kernel = Float32Array.from(weights.subarray(0, -1));
  return { units: 1, activation, kernel, bias: Float32Array.of(weights.at(-1) ?? 0) };
}

/** Number of inputs of a layer. */
export function countLayerInputs(layer: DenseLayer): number {
  return layer.kernel.length / layer.units;
}
