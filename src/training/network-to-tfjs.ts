// Writes a network as a TensorFlow.js layers model: one [N, 1] input per feature by its name, the encoding inside.
import type { SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { TensorFlow } from "../runtimes/tensorflow.ts";
import type { TrainerNotes } from "../runtimes/tfjs-file.ts";
import { type EncodedInput, outputName, ownPrefix } from "./encoder.ts";
import type { Network } from "./network.ts";

export interface TfjsFiles {
  /** `model.json`. */
  readonly model: string;
  /** `weights.bin`. */
  readonly weights: Uint8Array;
}

/**
 * The model from stock layers only, so that any TensorFlow.js loads it. Tensors hold no text: a text input takes the text's
 * position in the vocabulary, which stands in `userDefinedMetadata`.
 */
export async function renderTfjs({ core, layers, engine }: TensorFlow, network: Network): Promise<TfjsFiles> {
  const inputs = network.inputs.map((input, index) => layers.input({ shape: [1], name: nameLayer(input.name, index) }));
  const weights: (() => void)[] = [];
  const encoded = network.inputs.map((input, index) =>
    addEncoding({ core, layers, engine }, input, inputs[index] as SymbolicTensor, index, weights),
  );
  let current =
    encoded.length === 1
      ? (encoded[0] as SymbolicTensor)
      : (layers.layers.concatenate({ name: `${ownPrefix}encoded` }).apply(encoded) as SymbolicTensor);
  network.layers.forEach((layer, index) => {
    const last = index === network.layers.length - 1;
    const dense = layers.layers.dense({
      units: layer.units,
      activation: layer.activation,
      name: last ? outputName : `${ownPrefix}dense_${index}`,
    });
    current = dense.apply(current) as SymbolicTensor;
    weights.push(() => {
      const kernel = core.tensor2d(layer.kernel, [layer.kernel.length / layer.units, layer.units]);
      dense.setWeights([kernel, core.tensor1d(layer.bias)]);
    });
  });
  const model = layers.model({ inputs, outputs: current });
  for (const set of weights) set();
  model.setUserDefinedMetadata({ modelgate: describeInputs(network) });
  let files: TfjsFiles | undefined;
  await model.save(
    core.io.withSaveHandler(async (artifacts) => {
      const data = artifacts.weightData;
      const bytes = new Uint8Array(core.io.CompositeArrayBuffer.join(data));
      const { modelTopology, weightSpecs, userDefinedMetadata } = artifacts;
      files = {
        model: JSON.stringify({
          format: "layers-model",
          generatedBy: "modelgate",
          convertedBy: null,
          modelTopology,
          weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
          userDefinedMetadata,
        }),
        weights: bytes,
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  model.dispose();
  if (!files) throw new Error("TensorFlow.js saved no model");
  return files;
}

/** A number goes through batch normalisation with fixed moments, (x − mean) / deviation; text through a table of unit vectors. */
function addEncoding(
  { core, layers }: TensorFlow,
  input: EncodedInput,
  tensor: SymbolicTensor,
  index: number,
  weights: (() => void)[],
): SymbolicTensor {
  if (input.kind === "numeric") {
    // The layer divides by √(variance + epsilon); epsilon must be above zero and must not count.
    const epsilon = 1e-12 * input.deviation ** 2;
    const scale = layers.layers.batchNormalization({
      name: `${ownPrefix}scale_${index}`,
      center: false,
      scale: false,
      epsilon,
      trainable: false,
    });
    const output = scale.apply(tensor) as SymbolicTensor;
    weights.push(() => scale.setWeights([core.tensor1d([input.mean]), core.tensor1d([input.deviation ** 2])]));
    return output;
  }
  const width = input.vocabulary.length;
  const table = layers.layers.embedding({
    name: `${ownPrefix}one_hot_${index}`,
    inputDim: width + 1,
    outputDim: width,
    trainable: false,
  });
  const flat = layers.layers.flatten({ name: `${ownPrefix}flat_${index}` });
  const output = flat.apply(table.apply(tensor)) as SymbolicTensor;
  const rows = Array.from({ length: width + 1 }, (_, row) =>
    Array.from({ length: width }, (_, column) => (row === column ? 1 : 0)),
  );
  weights.push(() => table.setWeights([core.tensor2d(rows, [width + 1, width])]));
  return output;
}

/** TensorFlow.js allows few characters in a name; a feature with others goes by its number, and the notes know its name. */
function nameLayer(feature: string, index: number): string {
  return /^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(feature) ? feature : `${ownPrefix}input_${index}`;
}

function describeInputs(network: Network): TrainerNotes {
  return {
    inputs: network.inputs.map((input, index) => ({
      name: input.name,
      layer: nameLayer(input.name, index),
      ...(input.kind === "numeric" ? { fill: input.mean } : { vocabulary: [...input.vocabulary] }),
    })),
    classes: network.classes ? [...network.classes] : null,
  };
}
