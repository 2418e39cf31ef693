// Programs that train and fail, from the terminal: exit 1, the last lines, no secret, and the results of before untouched.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFolder } from "../cli/run-in-folder.ts";
import { expectClean, expectFailure, secret } from "./expect-failure.ts";

const writeModel = `require("node:fs").mkdirSync("out", { recursive: true }); require("node:fs").writeFileSync("out/m.bin", "model");`;
const writeMetrics = (text: string) =>
  `${writeModel} require("node:fs").writeFileSync(process.env.MODELGATE_OUT + "/metrics.json", ${JSON.stringify(text)});`;
const leak = `console.log("key " + process.env.SERVICE_KEY, "and ${secret}");`;

const programs: readonly (readonly [string, string, RegExp])[] = [
  ["exits 3", `${leak} process.exit(3)`, /exited with status 3[\s\S]*key \*\*\* and \*\*\*/],
  ["is killed", `${leak} process.kill(process.pid, "SIGKILL")`, /was killed by SIGKILL/],
  ["hangs past its limit", "setInterval(() => {}, 1000)", /did not end within its limit of 1 s and was killed/],
  ["writes NaN metrics", writeMetrics('{ "loss": NaN }'), /metrics that are not finite numbers[\s\S]*"loss": NaN/],
  ["writes an infinite metric", writeMetrics('{ "loss": 1e999 }'), /metrics that are not finite numbers/],
  ["writes metrics that are cut off", writeMetrics('{ "loss": 0.'), /metrics/],
  ["writes no model", "", /wrote no model/],
  ["writes an empty model", writeModel.replace('"model"', '""'), /wrote an empty model/],
];

function renderConfig(words: readonly string[]): string {
  return `version: 1\nmodels:\n  m:\n    model: out/m.bin\n    train: { command: ${JSON.stringify(words)}, timeout: 1s, env: [SERVICE_KEY] }\n`;
}

describe.each(programs)("a program that %s", (_, program, message) => {
  it("fails the run and leaves the results of the last one", async () => {
    const folder = createFolder();
    onTestFinished(folder.remove);
    folder.write(".github/modelgate.yml", renderConfig([process.execPath, "train.cjs"]));
    folder.write("train.cjs", program);
    folder.write("run/run-record.json", "{}");
    folder.write("run/model/m.bin", "the last one");
    // What the program itself left in its own folder is its own; the results are as they were.
    const before = existsSync(join(folder.path, "out"));
    const environment = { PATH: process.env["PATH"] ?? "", SERVICE_KEY: "hunter22hunter", GITHUB_TOKEN: secret };
    const told = await folder.run("train m --out run --json", environment);
    expect(told.status, told.stdout).toBe(1);
    const document = JSON.parse(told.stdout);
    expect(document).toMatchObject({ kind: "error", schemaVersion: 1 });
    const [problem] = document.problems;
    expect([problem.message, problem.received].join("\n")).toMatch(message);
    expect(problem.hint ?? problem.expected).toBeTruthy();
    expectClean(told);
    expect(told.stdout + told.stderr).not.toContain("hunter22hunter");
    expect(before).toBe(false);
    expect(readdirSync(join(folder.path, "run")).sort()).toEqual(["model", "run-record.json"]);
    expect(readdirSync(folder.path).filter((name) => name.includes("draft"))).toEqual([]);
  });
});

it.each([
  ["is not found", ["no-such-program-anywhere", "x"], /the training program was not found/],
  ["is a folder", ["./data"], /the training program (was not found|could not be started|may not be run)/],
])("a program that %s", async (_, words, message) => {
  const folder = createFolder();
  onTestFinished(folder.remove);
  folder.write(".github/modelgate.yml", renderConfig(words));
  folder.write("data/x.csv", "x\n1\n");
  await expectFailure(folder, "train m --out run", { status: 1, message });
});

it("a program that is to be given the workflow's token", async () => {
  const folder = createFolder();
  onTestFinished(folder.remove);
  folder.write(".github/modelgate.yml", renderConfig(["true"]).replace("SERVICE_KEY", "GITHUB_TOKEN"));
  await expectFailure(folder, "train m --out run", { status: 2, message: /is never handed to a program/ });
});
