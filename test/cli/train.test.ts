// `lock`, `train` and `benchmark` from the terminal, on the repository of the examples.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolder, type Folder } from "./run-in-folder.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

const environment = { PATH: process.env["PATH"] ?? "" };

describe("the example `rain`", () => {
  beforeEach(() => cpSync("examples/rain", folder.path, { recursive: true }));

  it("has a lock that fits its data", async () => {
    const { status, stdout } = await folder.run("lock --json", environment);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "lock-change",
      state: "unchanged",
      models: [{ model: "rain", trainRows: 731, evaluationRows: 334 }],
    });
  });

  it("has data that its script makes from the file it came in", () => {
    const before = readFileSync(join(folder.path, "data/weather.csv"), "utf8");
    spawnSync(process.execPath, ["scripts/prepare.mjs"], { cwd: folder.path });
    expect(readFileSync(join(folder.path, "data/weather.csv"), "utf8")).toBe(before);
  });

  it("trains in one command, to a model whose inputs are its features", async () => {
    const { status, stdout, stderr } = await folder.run("train rain --out run --json", environment);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "run-record",
      model: "rain",
      trainer: "tfjs",
      features: ["wind", "temp_max", "temp_min"],
      data: [
        { name: "train", window: { from: "2012-01-01", to: "2013-12-31" }, rows: 731 },
        { name: "evaluation", window: { from: "2014-01-01", to: "2014-11-30" }, rows: 334 },
      ],
      outputs: [{ path: "rain.onnx" }],
    });
    expect(stderr).toContain("training on 731 rows and 3 columns");
    const measured = await folder.run("benchmark --candidate run/model/rain.onnx --seconds 0.5", environment);
    expect(measured.status).toBe(0);
    expect(measured.stdout).toContain("unpaired: there is no baseline to compare with");
  });

  it("pins data that the lock does not pin, and says so", async () => {
    folder.write("modelgate.lock", '{ "version": 1, "models": {} }\n');
    const { status, stderr } = await folder.run("train rain --out run", environment);
    expect(status).toBe(0);
    expect(stderr).toContain("modelgate.lock does not pin the data of rain");
    await folder.run("lock rain", environment);
    expect(readFileSync(join(folder.path, "modelgate.lock"), "utf8")).toBe(
      readFileSync("examples/rain/modelgate.lock", "utf8"),
    );
  });

  it("refuses data that is not what the lock pins", async () => {
    const data = readFileSync(join(folder.path, "data/weather.csv"), "utf8");
    folder.write("data/weather.csv", data.replace("2012-01-01,12.8", "2012-01-01,55.0"));
    const { status, stderr } = await folder.run("train rain --out run", environment);
    expect(status).toBe(2);
    expect(stderr).toContain("not what modelgate.lock pins");
    expect(existsSync(join(folder.path, "run"))).toBe(false);
  });

  it("names the nearest model for one it does not know", async () => {
    const { status, stderr } = await folder.run("train ruin --out run", environment);
    expect(status).toBe(2);
    expect(stderr).toContain("did you mean `rain`?");
  });
});

describe("a training program that fails", () => {
  it("ends with status 1, one JSON document, its last lines, and no secret in them", async () => {
    const program =
      "console.log('key', process.env.SERVICE_KEY, process.env.GITHUB_TOKEN); console.error('ghs_secret'); process.exit(3)";
    const config = [
      "version: 1",
      "models:",
      "  m:",
      "    model: out/m.bin",
      `    train: { command: ["${process.execPath}", -e, "${program}"], env: [SERVICE_KEY] }`,
    ];
    folder.write(".github/modelgate.yml", config.join("\n"));
    const secrets = { ...environment, SERVICE_KEY: "hunter22", GITHUB_TOKEN: "ghs_secret" };
    const { status, stdout, stderr } = await folder.run("train m --out run --json", secrets);
    expect(status).toBe(1);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      kind: "error",
      problems: [{ message: "the training program exited with status 3" }],
    });
    expect(document.problems[0].received).toContain("key *** undefined");
    expect(stdout + stderr).not.toMatch(/hunter22|ghs_secret/);
    expect(existsSync(join(folder.path, "run"))).toBe(false);
  });
});

describe("the terminal's benchmark", () => {
  it("refuses a time that is none and a model that is missing", async () => {
    const time = await folder.run("benchmark --candidate m.onnx --seconds soon", environment);
    expect([time.status, time.stderr.includes("is not a time to measure for")]).toEqual([2, true]);
    const model = await folder.run("benchmark --candidate m.onnx --seconds 1", environment);
    expect([model.status, model.stderr.includes("the model is missing")]).toEqual([2, true]);
  });
});
