import { spawn, spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { train } from "../../src/commands/train.ts";
import { readTable } from "../../src/data/read-table.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { openModel } from "../../src/runtimes/open-model.ts";
import { clientOf, startTestGitHub } from "../github/testing.ts";
import { createContext } from "../training/test-context.ts";

const python = spawnSync("/usr/bin/python3", ["-c", "import sklearn, onnx"], { encoding: "utf8" });
const missing = python.status !== 0;
const required = process.env["MODELGATE_REQUIRE_COMPONENTS"] !== undefined;
if (missing && !required) {
  const reason = python.error?.message ?? python.stderr.trim().split("\n").at(-1);
  process.stderr.write(`SKIPPED: the Python example needs Debian's python3-sklearn and python3-onnx (${reason})\n`);
}

describe.skipIf(missing && !required)("the Python example", () => {
  it("trains scikit-learn through the command trainer, and its ONNX file says what scikit-learn says", async () => {
    await withTemporaryFolder(async (folder) => {
      cpSync("examples/python", folder, { recursive: true });
      const context = createContext(folder);
      const { document } = await train({ model: "tumour", out: "run", configFile: undefined }, context);
      expect(document).toMatchObject({ trainer: "command", seed: 3, exitCode: 0 });
      expect(document.data.map(({ rows }) => rows)).toEqual([326, 243]);
      expect(document.metrics["train_log_loss"]).toBeLessThan(0.2);
      expect(document.peakMemoryBytes).toBeGreaterThan(20e6);
      const check = await readTable(join(folder, "run/check.csv"), {}, context);
      const data = await readTable(join(folder, "data/tumours.csv"), {}, context);
      const model = await openModel("run/model/tumour.onnx", { task: "binary", withheld: ["malignant"] }, context);
      const predicted = (await model.predict(data)).columns.get("prediction")!;
      await model.dispose();
      const ids = check.columns.get("id")!.values;
      const known = check.columns.get("prediction")!.values as Float64Array;
      const gaps = [...known].map((value, row) => Math.abs(value - predicted[Number(ids[row]) - 1]!));
      expect(gaps).toHaveLength(243);
      expect(Math.max(...gaps)).toBeLessThan(1e-5);
    });
  });

  it("goes through the built actions: one trains it, another judges its ONNX file as data", {
    timeout: 120_000,
  }, async () => {
    const github = await startTestGitHub();
    const client = clientOf(github);
    await client.repos.createForAuthenticatedUser({ name: "tumours", auto_init: true });
    const branch = await client.repos.getBranch({ owner: github.owner, repo: "tumours", branch: "main" });
    await withTemporaryFolder(async (folder) => {
      cpSync("examples/python", folder, { recursive: true });
      const run = (name: string, inputs: Readonly<Record<string, string>>) =>
        runStub(name, folder, inputs, {
          GITHUB_REPOSITORY: `${github.owner}/tumours`,
          GITHUB_SHA: branch.data.commit.sha,
          GITHUB_API_URL: `${github.url}/api/v3`,
        });
      const trained = await run("train", { models: "tumour", artifact: "none", "github-token": github.token });
      expect(trained.output).toContain("trained on 326 rows");
      expect(trained.status).toBe(0);
      const inputs = { models: "tumour", candidates: "candidates", artifact: "none", "benchmark-seconds": "0.5" };
      const judged = await run("validate", { ...inputs, "github-token": github.token });
      expect(judged.output).not.toContain("::error");
      expect(judged.status).toBe(0);
      const evidence = Evidence.parse(JSON.parse(readFileSync(join(folder, "evidence/evidence.json"), "utf8")));
      const [model] = evidence.models;
      expect(evidence.ranProposedCode).toBe(false);
      expect(model).toMatchObject({ model: "tumour", verdict: "pass", firstVersion: true });
      expect(model?.benchmark).toMatchObject({ outcome: "unpaired", engine: { name: "onnxruntime-node" } });
    });
  });
});

/** Runs `dist/<name>.cjs` as the runner does, in the example's folder. */
async function runStub(
  name: string,
  folder: string,
  inputs: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const files = { GITHUB_OUTPUT: "output", GITHUB_STEP_SUMMARY: "summary", GITHUB_STATE: "state" };
  const paths = Object.entries(files).map(([variable, file]) => [
    variable,
    join(folder, "..", `${basename(folder)}.${file}`),
  ]);
  for (const [, path] of paths) writeFileSync(path ?? "", "");
  const given = Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]);
  const node = process.env["MODELGATE_RUNNER_NODE"] ?? process.execPath;
  const child = spawn(node, [resolve("dist", `${name}.cjs`)], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      GITHUB_RUN_ID: "5",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_WORKSPACE: folder,
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "octocat",
      RUNNER_TEMP: folder,
      ...Object.fromEntries([...paths, ...given]),
      ...more,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  for (const [, path] of paths) rmSync(path ?? "", { force: true });
  return { status, output };
}
