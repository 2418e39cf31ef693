import { describe, expect, it } from "vitest";
import { InputError, RefusedError } from "../../src/errors.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { openModel } from "../../src/runtimes/open-model.ts";
import type { OpenOptions } from "../../src/runtimes/runtime.ts";
import { restoreRemovedUtilities } from "../../src/runtimes/tensorflow.ts";
import { createContext, writeFiles } from "../training/test-context.ts";
import { createTable } from "./onnx-model.ts";

const rows = createTable({ id: ["a", "b", "c"], x: [1, 2, null], label: [0, 1, 1] });

async function predictFrom(files: Readonly<Record<string, string>>, path: string, options: OpenOptions) {
  return withTemporaryFolder(async (folder) => {
    writeFiles(folder, files);
    const model = await openModel(path, options, createContext(folder));
    const { columns } = await model.predict(rows);
    await model.dispose();
    return Object.fromEntries([...columns].map(([name, values]) => [name, [...values]]));
  });
}

describe("a file of predictions", () => {
  const predict = (text: string, options: OpenOptions = { task: "binary" }) =>
    predictFrom({ "p.csv": text }, "p.csv", options);

  it("is matched by id, in whatever order, and keeps its other numbers", async () => {
    const text = "id,prediction,profit_eur,note\nc,0.9,3,x\nz,0.5,0,y\na,0.1,1,z\nb,0.2,2,w\n";
    expect(await predict(text)).toEqual({ prediction: [0.1, 0.2, 0.9], profit_eur: [1, 2, 3] });
  });

  it.each([
    ["lacks a row", "id,prediction\na,0.1\nb,0.2\n", "has no prediction for rows"],
    ["holds a row twice", "id,prediction\na,0.1\nb,0.2\nc,0.3\na,0.4\n", "predicts rows more than once"],
    ["holds a hole", "id,prediction\na,0.1\nb,\nc,0.3\n", "missing or not finite"],
    ["lacks its column", "id,score\na,0.1\nb,0.2\nc,0.3\n", "lack their column"],
    ["lacks the ids", "prediction\n0.1\n0.2\n0.3\n", 'no column "id"'],
    ["is empty", "", "the file is empty"],
  ])("that %s is refused", async (_, text, message) => {
    const failure = predict(text);
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(message);
  });
});

describe("a program that predicts", () => {
  const program = (code: string) => ({ "predict.cjs": code, "model.pkl": "weights" });
  const options = (timeoutSeconds = 30): OpenOptions => ({
    task: "binary",
    withheld: ["label"],
    predict: {
      command: { words: [process.execPath, "predict.cjs"], shell: false },
      timeoutSeconds,
      env: [],
      setup: null,
    },
  });

  it("gets model and rows without the label, and its answer is matched by id", async () => {
    const code = `
      const fs = require("node:fs");
      const [head, ...lines] = fs.readFileSync(process.env.MODELGATE_DATA, "utf8").trim().split("\\n");
      if (head !== "id,x") throw new Error("got " + head);
      if (fs.readFileSync(process.env.MODELGATE_MODEL_PATH, "utf8") !== "weights") throw new Error("no model");
      const answers = lines.reverse().map((line) => [line.split(",")[0], line.split(",")[1] ? 0.25 * line.split(",")[1] : 0.9].join());
      fs.writeFileSync(process.env.MODELGATE_PREDICTIONS, ["id,prediction", ...answers, ""].join("\\n"));`;
    expect(await predictFrom(program(code), "model.pkl", options())).toEqual({ prediction: [0.25, 0.5, 0.9] });
  });

  it.each([
    ["fails", "console.error('no such layer'); process.exit(2)", "exited with status 2", 30],
    ["hangs", "setInterval(() => {}, 1000)", "did not end within its limit of 1 s", 1],
    ["writes nothing", "", "wrote no predictions", 30],
  ])("and %s ends the step", async (_, code, message, timeoutSeconds) => {
    const failure = predictFrom(program(code), "model.pkl", options(timeoutSeconds));
    await expect(failure).rejects.toThrow(RefusedError);
    await expect(failure).rejects.toThrow(message);
  });
});

describe("a TensorFlow.js folder", () => {
  const model = (changes: object) =>
    JSON.stringify({ format: "layers-model", modelTopology: {}, weightsManifest: [], ...changes });
  it.each([
    ["is empty", "", "the model file is empty"],
    ["is cut off", model({}).slice(0, 40), "not JSON, or is cut off"],
    ["is another document", "{}", "not a TensorFlow.js model"],
    ["is a graph model", model({ format: "graph-model" }), "graph models are not supported"],
    [
      "names weights elsewhere",
      model({ weightsManifest: [{ paths: ["../w.bin"], weights: [] }] }),
      "outside its folder",
    ],
    ["lacks its weights", model({ weightsManifest: [{ paths: ["w.bin"], weights: [] }] }), "no such file"],
    ["has no layers", model({}), "TensorFlow.js refuses the model"],
  ])("that %s is refused", async (_, text, message) => {
    const failure = predictFrom({ "tfjs/model.json": text }, "tfjs", {});
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(message);
  });
});

it("puts back what Node took from `util` and the native TensorFlow.js still calls", () => {
  const target: Record<string, unknown> = { isArray: "kept" };
  restoreRemovedUtilities(target);
  const test = target["isNullOrUndefined"] as (value: unknown) => boolean;
  expect([test(null), test(undefined), test(0)]).toEqual([true, true, false]);
  expect(target["isArray"]).toBe("kept");
});
