// Runs the stub of an action as GitHub's runner does: a process with INPUT_* and the runner's files.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");

export interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
}

/** Runs `dist/<name>.cjs` in `workspace` with these inputs and more environment. */
export async function runStub(
  name: string,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const runner = mkdtempSync(join(tmpdir(), "modelgate-runner-"));
  onTestFinished(() => rmSync(runner, { recursive: true, force: true }));
  for (const file of ["output", "summary", "env", "path", "state"]) writeFileSync(join(runner, file), "");
  const given = Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]);
  const child = spawn(process.env["MODELGATE_RUNNER_NODE"] || process.execPath, [join(root, "dist", `${name}.cjs`)], {
    cwd: workspace,
    env: {
      PATH: process.env["PATH"],
      NODE_PATH: join(root, "node_modules"),
      GITHUB_OUTPUT: join(runner, "output"),
      GITHUB_STEP_SUMMARY: join(runner, "summary"),
      RUNNER_TEMP: runner,
      ...Object.fromEntries(given),
      ...more,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const text = readFileSync(join(runner, "output"), "utf8");
  const outputs = new Map(
    [...text.matchAll(/^(\S+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm)].map((match) => [
      match[1] ?? "",
      match[3] ?? "",
    ]),
  );
  return { status, output, outputs, summary: readFileSync(join(runner, "summary"), "utf8") };
}

export function makeWorkspace(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-workspace-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What the runner says of the workflow run. */
export const workflowRun = (workspace: string, apiUrl = "http://127.0.0.1:9") => ({
  GITHUB_REPOSITORY: "octocat/rain",
  GITHUB_RUN_ID: "5",
  GITHUB_WORKSPACE: workspace,
  GITHUB_SHA: "a".repeat(40),
  GITHUB_API_URL: apiUrl,
  GITHUB_ACTIONS: "true",
  GITHUB_ACTOR: "octocat",
});
