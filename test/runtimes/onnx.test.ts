import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { openModel } from "../../src/runtimes/open-model.ts";
import type { OpenOptions } from "../../src/runtimes/runtime.ts";
import type { Table } from "../../src/tables/table.ts";
import { createContext, writeFiles } from "../training/test-context.ts";
import { buildMatrixModel, buildModel, createTable, describeValue, floatTensor } from "./onnx-model.ts";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const rows = createTable({ a: [1, 2, -3], b: [0.5, -1, 2], label: [1, 0, 1] });

async function predict(model: Uint8Array, table: Table, options: OpenOptions): Promise<Record<string, number[]>> {
  return withTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, "m.onnx"), model);
    const opened = await openModel("m.onnx", options, createContext(folder));
    try {
      const { columns } = await opened.predict(table);
      return Object.fromEntries([...columns].map(([name, values]) => [name, [...values]]));
    } finally {
      await opened.dispose();
    }
  });
}

/** Three significant digits: models compute in 32 bits. */
const about = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(4)));

describe("an ONNX model", () => {
  it("with one matrix takes the features in the order of the config", async () => {
    const model = buildMatrixModel(2, 1, [1, 10], [0.5]);
    const result = await predict(model, rows, { task: "regression", features: ["b", "a"] });
    expect(about(result["prediction"]!)).toEqual([11, 19.5, -27.5]);
  });

  it("of two classes gives the probability of the positive one", async () => {
    const model = buildMatrixModel(2, 2, [0, 1, 0, 1], [0, 0], { operator: "Softmax" });
    const result = await predict(model, rows, { task: "binary", features: ["a", "b"] });
    expect(about(result["prediction"]!)).toEqual(about([sigmoid(1.5), sigmoid(1), sigmoid(-1)]));
  });

  it("of several classes gives a column for each, named by the model or the caller", async () => {
    const model = buildMatrixModel(1, 3, [1, 2, 3], [0, 0, 0], { operator: "Softmax" });
    const one = createTable({ a: [0] });
    const named = await predict(model, one, { task: "multiclass", features: ["a"], classes: ["x", "y", "z"] });
    expect(Object.keys(named)).toEqual(["prediction_x", "prediction_y", "prediction_z"]);
    expect(about(named["prediction_y"]!)).toEqual([0.3333]);
    await expect(predict(model, one, { task: "multiclass", features: ["a"] })).rejects.toThrow("does not fit the task");
  });

  it("is never asked for the label that its classifier gives beside the probabilities", async () => {
    const model = buildModel({
      node: [
        { opType: "Cast", input: ["a"], output: ["label"], name: "label", attribute: [{ name: "to", type: 2, i: 7 }] },
        { opType: "Sigmoid", input: ["a"], output: ["probabilities"], name: "p" },
      ],
      input: [describeValue("a", "float32", ["N", 1])],
      output: [describeValue("label", "int64", ["N", 1]), describeValue("probabilities", "float32", ["N", 1])],
    });
    const result = await predict(model, rows, { task: "binary" });
    expect(about(result["prediction"]!)).toEqual(about([sigmoid(1), sigmoid(2), sigmoid(-3)]));
  });

  it("of a fixed batch is filled up, and only its own rows count", async () => {
    const model = buildMatrixModel(1, 1, [2], [0], { batch: 2 });
    const result = await predict(model, createTable({ a: [1, 2, 3, 4, 5] }), { task: "regression", features: ["a"] });
    expect(result["prediction"]).toEqual([2, 4, 6, 8, 10]);
  });

  it("takes whole numbers and text as its inputs ask for them", async () => {
    const model = buildModel({
      node: [
        { opType: "Cast", input: ["count"], output: ["f"], name: "c", attribute: [{ name: "to", type: 2, i: 1 }] },
        { opType: "Identity", input: ["f"], output: ["y"], name: "i" },
        { opType: "Identity", input: ["plan"], output: ["echo"], name: "e" },
      ],
      input: [describeValue("count", "int64", ["N", 1]), describeValue("plan", "string", ["N", 1])],
      output: [describeValue("y", "float32", ["N", 1]), describeValue("echo", "string", ["N", 1])],
    });
    const good = createTable({ count: [3, 2 ** 31], plan: ["a", null] });
    expect((await predict(model, good, { task: "regression" }))["prediction"]).toEqual([3, 2 ** 31]);
    const holes = createTable({ count: [3, null], plan: ["a", "b"] });
    await expect(predict(model, holes, { task: "regression" })).rejects.toThrow("takes whole numbers");
  });

  it("says which columns it does not find", async () => {
    const model = buildMatrixModel(2, 1, [1, 1], [0]);
    await expect(predict(model, rows, { task: "regression" })).rejects.toThrow("nothing says which columns");
    await expect(predict(model, rows, { features: ["a"] })).rejects.toThrow("another number of features");
    await expect(predict(model, rows, { features: ["a", "c"] })).rejects.toThrow('no column "c"');
    const text = createTable({ a: ["high", "low"], b: [1, 2] });
    await expect(predict(model, text, { features: ["a", "b"] })).rejects.toThrow("takes numbers");
  });

  it("does not see a withheld column, whatever its input is called", async () => {
    const model = buildModel({
      node: [{ opType: "Identity", input: ["label"], output: ["y"], name: "i" }],
      input: [describeValue("label", "float32", ["N", 1])],
      output: [describeValue("y", "float32", ["N", 1])],
    });
    await expect(predict(model, rows, { task: "binary", withheld: ["label"] })).rejects.toThrow(InputError);
  });
});

describe("a model that cannot be opened", () => {
  const good = buildMatrixModel(1, 1, [2], [0]);
  it.each([
    ["is empty", new Uint8Array(), "the model file is empty"],
    ["is cut off", good.subarray(0, good.length - 20), "not an ONNX model, or is cut off"],
    ["is text", Buffer.from('{"format": "layers-model"}'), "not an ONNX model"],
    ["is a pickle", Buffer.from("\u0080\u0004\u0095", "latin1"), "not an ONNX model"],
    ["is a Git LFS pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\n"), "not an ONNX model"],
    ["is noise", Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 7919) % 251)), "not an ONNX model"],
    ["has no graph", buildModel({}, { graph: null }), "not an ONNX model"],
    [
      "holds an operator nobody knows",
      buildModel({
        node: [{ opType: "Teleport", input: ["a"], output: ["y"], name: "t" }],
        input: [describeValue("a", "float32", ["N", 1])],
        output: [describeValue("y", "float32", ["N", 1])],
      }),
      "onnxruntime refuses the model",
    ],
  ])("%s: is an input error", async (_, bytes, message) => {
    const failure = predict(bytes, rows, { task: "regression", features: ["a"] });
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(message);
  });

  it("is missing or of a format nobody knows", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFiles(folder, { "m.pkl": "x" });
      const context = createContext(folder);
      await expect(openModel("none.onnx", {}, context)).rejects.toThrow("the model is missing");
      await expect(openModel("m.pkl", {}, context)).rejects.toThrow("no runtime knows this format");
    });
  });

  it.each([
    ["/etc/hostname", "outside its folder"],
    ["../secret.bin", "outside its folder"],
    ["sub/../../secret.bin", "outside its folder"],
    ["link.bin", "outside its folder"],
    ["gone.bin", "external data is missing"],
    ["", "outside its folder"],
  ])("reads its weights from %j: is refused", async (location, message) => {
    const weights = {
      ...floatTensor("W", [1, 1], []),
      dataLocation: 1,
      externalData: [{ key: "location", value: location }],
    };
    const inner = {
      name: "then",
      node: [],
      initializer: [weights],
      input: [],
      output: [describeValue("W", "float32", [1, 1])],
    };
    const hidden = [
      {
        opType: "If",
        input: ["c"],
        output: ["y"],
        name: "if",
        attribute: [{ name: "then_branch", type: 5, g: inner }],
      },
    ];
    for (const graph of [{ initializer: [weights] }, { node: hidden }]) {
      await withTemporaryFolder(async (folder) => {
        writeFiles(folder, { "secret.bin": "1234", "models/m.onnx": buildModel(graph) });
        symlinkSync(join(folder, "secret.bin"), join(folder, "models/link.bin"));
        await expect(openModel("models/m.onnx", {}, createContext(folder))).rejects.toThrow(message);
      });
    }
  });

  it("opens with its weights beside it, as a folder", async () => {
    await withTemporaryFolder(async (folder) => {
      const external = {
        dataLocation: 1,
        externalData: [
          { key: "location", value: "w.bin" },
          { key: "length", value: "4" },
        ],
      };
      const { rawData: _, ...weight } = floatTensor("W", [1, 1], []);
      const model = buildModel({
        node: [{ opType: "MatMul", input: ["a", "W"], output: ["y"], name: "m" }],
        initializer: [{ ...weight, ...external }],
        input: [describeValue("a", "float32", ["N", 1])],
        output: [describeValue("y", "float32", ["N", 1])],
      });
      writeFiles(folder, { "m/model.onnx": model, "m/w.bin": new Uint8Array(Float32Array.of(3).buffer) });
      const opened = await openModel("m", { task: "regression" }, createContext(folder));
      const { columns } = await opened.predict(rows);
      expect([...columns.get("prediction")!]).toEqual([3, 6, -9]);
      await opened.dispose();
    });
  });
});
