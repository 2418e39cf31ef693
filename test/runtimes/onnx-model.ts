// Small ONNX models built in the test, and a context to open them in.
import { encodeOnnxModel, type OnnxGraph, type OnnxModel, type OnnxTensor } from "../../src/runtimes/onnx-schema.ts";
import type { Column, Table } from "../../src/tables/table.ts";

const types = { float32: 1, int64: 7, string: 8, float64: 11 } as const;
export type ElementType = keyof typeof types;

/** A graph's input or output; a text in `shape` is a length that may vary. */
export function describeValue(name: string, type: ElementType, shape: readonly (number | string)[]) {
  const dim = shape.map((length) => (typeof length === "number" ? { dimValue: length } : { dimParam: length }));
  return { name, type: { tensorType: { elemType: types[type], shape: { dim } } } };
}

export function floatTensor(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  return { name, dims, dataType: 1, rawData: new Uint8Array(Float32Array.from(values).buffer) };
}

export function buildModel(graph: Partial<OnnxGraph>, changes: Partial<OnnxModel> = {}): Uint8Array {
  return encodeOnnxModel({
    irVersion: 8,
    producerName: "test",
    opsetImport: [{ domain: "", version: 17 }],
    metadataProps: [],
    graph: { name: "g", node: [], initializer: [], input: [], output: [], ...graph },
    ...changes,
  });
}

/** y = x · weights + bias as `[N, features]` → `[N, outputs]`, then `operator` if given. */
export function buildMatrixModel(
  features: number,
  outputs: number,
  weights: readonly number[],
  bias: readonly number[],
  { operator = "Identity", batch = "N" as number | string, output = "probabilities" } = {},
): Uint8Array {
  return buildModel({
    node: [
      { opType: "Gemm", input: ["X", "W", "B"], output: ["raw"], name: "gemm" },
      { opType: operator, input: ["raw"], output: [output], name: "out" },
    ],
    initializer: [floatTensor("W", [features, outputs], weights), floatTensor("B", [outputs], bias)],
    input: [describeValue("X", "float32", [batch, features])],
    output: [describeValue(output, "float32", [batch, outputs])],
  });
}

export function createTable(columns: Readonly<Record<string, readonly (number | string | null)[]>>): Table {
  const list = Object.entries(columns).map(([name, values]): Column => {
    if (values.some((value) => typeof value === "string")) {
      return { name, type: "categorical", values: values as (string | null)[] };
    }
    return { name, type: "numeric", values: Float64Array.from(values as number[], (value) => value ?? Number.NaN) };
  });
  return { rows: list[0]?.values.length ?? 0, columns: new Map(list.map((column) => [column.name, column])) };
}
