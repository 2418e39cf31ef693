// The part of the ONNX format (onnx.proto, IR version 8) that this house reads and writes, as a protobuf description.
// Tensors travel in `rawData`; the typed data fields are left out on purpose, so reading a large model copies nothing.
import protobuf from "protobufjs/light.js";

export interface OnnxEntry {
  readonly key: string;
  readonly value: string;
}

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly name: string;
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly OnnxEntry[];
  /** 1 = the bytes are in a file beside the model. */
  readonly dataLocation?: number;
}

export interface OnnxAttribute {
  readonly name: string;
  /** 1 float, 2 int, 3 string, 4 tensor, 5 graph, 6 floats, 7 ints, 8 strings, 9 tensors, 10 graphs. */
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: OnnxTensor;
  readonly g?: OnnxGraph;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
  readonly tensors?: readonly OnnxTensor[];
  readonly graphs?: readonly OnnxGraph[];
  readonly sparseTensor?: OnnxSparseTensor;
  readonly sparseTensors?: readonly OnnxSparseTensor[];
}

export interface OnnxSparseTensor {
  readonly values?: OnnxTensor;
  readonly indices?: OnnxTensor;
}

export interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain?: string;
  readonly attribute?: readonly OnnxAttribute[];
}

export interface OnnxValue {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] };
    };
  };
}

export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly name: string;
  readonly initializer: readonly OnnxTensor[];
  readonly sparseInitializer?: readonly OnnxSparseTensor[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
}

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly graph?: OnnxGraph | null;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly OnnxEntry[];
  readonly functions?: readonly { readonly node: readonly OnnxNode[] }[];
}

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: "repeated", type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: one("int64", 1),
        producerName: one("string", 2),
        graph: one("GraphProto", 7),
        opsetImport: many("OperatorSetIdProto", 8),
        metadataProps: many("StringStringEntryProto", 14),
        functions: many("FunctionProto", 25),
      },
    },
    OperatorSetIdProto: { fields: { domain: one("string", 1), version: one("int64", 2) } },
    StringStringEntryProto: { fields: { key: one("string", 1), value: one("string", 2) } },
    FunctionProto: { fields: { node: many("NodeProto", 7) } },
    GraphProto: {
      fields: {
        node: many("NodeProto", 1),
        name: one("string", 2),
        initializer: many("TensorProto", 5),
        input: many("ValueInfoProto", 11),
        output: many("ValueInfoProto", 12),
        sparseInitializer: many("SparseTensorProto", 15),
      },
    },
    NodeProto: {
      fields: {
        input: many("string", 1),
        output: many("string", 2),
        name: one("string", 3),
        opType: one("string", 4),
        attribute: many("AttributeProto", 5),
        domain: one("string", 7),
      },
    },
    AttributeProto: {
      fields: {
        name: one("string", 1),
        f: one("float", 2),
        i: one("int64", 3),
        s: one("bytes", 4),
        t: one("TensorProto", 5),
        g: one("GraphProto", 6),
        floats: { ...many("float", 7), options: { packed: false } },
        ints: { ...many("int64", 8), options: { packed: false } },
        strings: many("bytes", 9),
        tensors: many("TensorProto", 10),
        graphs: many("GraphProto", 11),
        type: one("int32", 20),
        sparseTensor: one("SparseTensorProto", 22),
        sparseTensors: many("SparseTensorProto", 23),
      },
    },
    TensorProto: {
      fields: {
        dims: { ...many("int64", 1), options: { packed: false } },
        dataType: one("int32", 2),
        name: one("string", 8),
        rawData: one("bytes", 9),
        externalData: many("StringStringEntryProto", 13),
        dataLocation: one("int32", 14),
      },
    },
    SparseTensorProto: { fields: { values: one("TensorProto", 1), indices: one("TensorProto", 2) } },
    ValueInfoProto: { fields: { name: one("string", 1), type: one("TypeProto", 2) } },
    TypeProto: { fields: { tensorType: one("TensorTypeProto", 1) } },
    TensorTypeProto: { fields: { elemType: one("int32", 1), shape: one("TensorShapeProto", 2) } },
    TensorShapeProto: { fields: { dim: many("DimensionProto", 1) } },
    DimensionProto: {
      oneofs: { value: { oneof: ["dimValue", "dimParam"] } },
      fields: { dimValue: one("int64", 1), dimParam: one("string", 2) },
    },
  },
});
const modelType = root.lookupType("ModelProto");

/** The bytes of a model. */
export function encodeOnnxModel(model: OnnxModel): Uint8Array {
  return modelType.encode(modelType.fromObject(model)).finish();
}

/** Reads a model's structure; throws whatever protobuf throws on bytes that are none. Tensors are views of `bytes`. */
export function decodeOnnxModel(bytes: Uint8Array): OnnxModel {
  return modelType.decode(bytes) as unknown as OnnxModel;
}
