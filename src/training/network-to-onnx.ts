// Writes a network as an ONNX model: one [N, 1] input per feature by its name, the encoding inside, one output.
import {
  encodeOnnxModel,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "../runtimes/onnx-schema.ts";
import { type EncodedInput, type NumericInput, outputName, ownPrefix } from "./encoder.ts";
import { countLayerInputs, type Network } from "./network.ts";

const elementTypes = { float: 1, int64: 7, string: 8 } as const;
/** Of the operators used below; understood by every onnxruntime since 1.12. */
const opset = { main: 17, ml: 3 };

/** The bytes of the model. Missing numbers (NaN) count as the mean, texts outside the vocabulary as none of it. */
export function renderOnnx(network: Network): Uint8Array {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const encoded = network.inputs.map((input, index) => addInput(input, index, nodes, initializers));
  let current = concat(encoded, nodes);
  network.layers.forEach((layer, index) => {
    const last = index === network.layers.length - 1;
    const kernel = `${ownPrefix}kernel_${index}`;
    const bias = `${ownPrefix}bias_${index}`;
    initializers.push(
      floatTensor(kernel, [countLayerInputs(layer), layer.units], layer.kernel),
      floatTensor(bias, [layer.units], layer.bias),
    );
    const plain = layer.activation === "linear" && last ? outputName : `${ownPrefix}layer_${index}`;
    nodes.push(node("Gemm", [current, kernel, bias], plain));
    current = plain;
    if (layer.activation === "linear") return;
    const active = last ? outputName : `${ownPrefix}active_${index}`;
    const operator = { relu: "Relu", tanh: "Tanh", sigmoid: "Sigmoid", softmax: "Softmax" }[layer.activation];
    nodes.push(node(operator, [current], active, operator === "Softmax" ? [intAttribute("axis", 1)] : []));
    current = active;
  });
  const classes = network.classes ? [{ key: "modelgate.classes", value: JSON.stringify(network.classes) }] : [];
  return encodeOnnxModel({
    irVersion: 8,
    producerName: "modelgate",
    opsetImport: [
      { domain: "", version: opset.main },
      { domain: "ai.onnx.ml", version: opset.ml },
    ],
    metadataProps: classes,
    graph: {
      name: "network",
      node: nodes,
      initializer: initializers,
      input: network.inputs.map((input) =>
        describeValue(input.name, input.kind === "numeric" ? elementTypes.float : elementTypes.string, 1),
      ),
      output: [describeValue(outputName, elementTypes.float, network.layers.at(-1)?.units ?? 1)],
    },
  });
}

/** Returns the name of the encoded columns, [N, width]. */
function addInput(input: EncodedInput, index: number, nodes: OnnxNode[], initializers: OnnxTensor[]): string {
  const at = (part: string) => `${ownPrefix}${part}_${index}`;
  if (input.kind === "numeric") {
    addStandardisation(input, at, nodes, initializers);
    return at("scaled");
  }
  const width = input.vocabulary.length;
  const texts = input.vocabulary.map((text) => new TextEncoder().encode(text));
  initializers.push(intTensor(at("shape"), [2], [-1, width]));
  nodes.push(
    {
      ...node("OneHotEncoder", [input.name], at("hot"), [
        { name: "cats_strings", type: 8, strings: texts },
        intAttribute("zeros", 1),
      ]),
      domain: "ai.onnx.ml",
    },
    node("Reshape", [at("hot"), at("shape")], at("scaled")),
  );
  return at("scaled");
}

function addStandardisation(
  input: NumericInput,
  at: (part: string) => string,
  nodes: OnnxNode[],
  initializers: OnnxTensor[],
): void {
  initializers.push(
    floatTensor(at("mean"), [1], Float32Array.of(input.mean)),
    floatTensor(at("deviation"), [1], Float32Array.of(input.deviation)),
  );
  nodes.push(
    node("IsNaN", [input.name], at("missing")),
    node("Where", [at("missing"), at("mean"), input.name], at("filled")),
    node("Sub", [at("filled"), at("mean")], at("centred")),
    node("Div", [at("centred"), at("deviation")], at("scaled")),
  );
}

function concat(parts: readonly string[], nodes: OnnxNode[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  nodes.push(node("Concat", parts, `${ownPrefix}encoded`, [intAttribute("axis", 1)]));
  return `${ownPrefix}encoded`;
}

function node(
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly OnnxAttribute[] = [],
): OnnxNode {
  return { opType, input, output: [output], name: output, attribute };
}

function intAttribute(name: string, value: number): OnnxAttribute {
  return { name, type: 2, i: value };
}

function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  const rawData = new Uint8Array(values.length * 4);
  const view = new DataView(rawData.buffer);
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return { name, dims, dataType: elementTypes.float, rawData };
}

function intTensor(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  const rawData = new Uint8Array(values.length * 8);
  const view = new DataView(rawData.buffer);
  values.forEach((value, index) => {
    view.setBigInt64(index * 8, BigInt(value), true);
  });
  return { name, dims, dataType: elementTypes.int64, rawData };
}

function describeValue(name: string, elemType: number, width: number): OnnxValue {
  return { name, type: { tensorType: { elemType, shape: { dim: [{ dimParam: "N" }, { dimValue: width }] } } } };
}
