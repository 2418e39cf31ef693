// Model files that are wrong, wherever a model is read; and candidates that a training did not leave whole.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createRepository, trainModel } from "./example.ts";
import { expectFailure } from "./expect-failure.ts";

let model: Buffer;
beforeAll(async () => {
  model = await trainModel();
});

const makers: readonly (readonly [string, () => Uint8Array | string, RegExp])[] = [
  ["empty", () => "", /m\.onnx: the model file is empty/],
  ["truncated in the middle", () => model.subarray(0, model.length >> 1), /not an ONNX model, or is cut off/],
  ["truncated by one byte", () => model.subarray(0, model.length - 1), /not an ONNX model, or is cut off/],
  ["a zip archive", () => "PK\u0003\u0004 and so on", /not an ONNX model[\s\S]*received: a zip archive/],
  ["a pickle", () => new Uint8Array([0x80, 4, 0x95, 1, 2, 3]), /received: a Python pickle/],
  ["a Git LFS pointer", () => "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", /`git lfs pull`/],
  ["an error page", () => "<!doctype html><p>Sign in</p>", /not an ONNX model[\s\S]*received: a text file/],
];

describe.each(makers)("a model that is %s", (_, make, message) => {
  it.each(["validate m --candidate m.onnx", "validate m --candidate good.onnx --baseline m.onnx"])(
    "ends `%s`",
    async (command) => {
      const folder = createRepository({ "m.onnx": make(), "good.onnx": model });
      onTestFinished(folder.remove);
      await expectFailure(folder, command, { status: 2, message });
    },
  );
});

describe("a candidate", () => {
  const folder = createRepository({ "notes/readme.txt": "nothing", "cut/run-record.json": '{"kind":"run-rec' });
  mkdirSync(join(folder.path, "cut/model"));
  folder.write("cut/model/m.onnx", "x");
  afterAll(folder.remove);

  it.each([
    ["validate m --candidate nothing", /nothing: the candidate is missing[\s\S]*modelgate train m/],
    ["validate m --candidate notes", /notes: no runtime knows this format/],
    ["validate m --candidate judge.csv", /judge\.csv: the predictions lack their column/],
    ["validate m --candidate cut", /run-record\.json: the file is not JSON/],
    ["validate m --candidate notes --baseline nothing.onnx", /nothing\.onnx: the baseline is missing/],
    ["publish m --candidate nothing", /nothing\/model: there is no such file/],
    ["card m --candidate notes/readme.txt", /run-record\.json: cannot be read/],
    ["card m --evidence nothing", /nothing: no such file/],
    ["report --evidence train.csv --dry-run", /not JSON/],
  ])("`%s`", async (command, message) => {
    const environment: Record<string, string> = command.startsWith("publish") ? { GITHUB_REPOSITORY: "o/r" } : {};
    await expectFailure(folder, command, { status: 2, message, environment });
  });

  it("whose training failed is a no, and the evidence says why", async () => {
    folder.write(
      "failed/failure.json",
      JSON.stringify({
        kind: "training-failure",
        schemaVersion: 1,
        message: "exited with status 3",
        lines: ["no GPU"],
      }),
    );
    const { status, stdout } = await folder.run("validate m --candidate failed --json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout).models[0]).toMatchObject({ status: "training-failed", verdict: null });
  });
});
