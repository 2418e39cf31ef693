// The command files of one step: made empty before it runs, read when it ended.
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseCommandFile } from "./commands.ts";

export interface StepFiles {
  /** GITHUB_OUTPUT and its siblings. */
  readonly variables: Readonly<Record<string, string>>;
  readonly collect: () => StepEffects;
}

export interface StepEffects {
  readonly outputs: readonly (readonly [string, string])[];
  readonly environment: readonly (readonly [string, string])[];
  readonly state: readonly (readonly [string, string])[];
  readonly paths: readonly string[];
  readonly summary: string;
}

const largestSummaryBytes = 1024 * 1024;

/** Makes the five files under the job's temporary folder. */
export function createStepFiles(temp: string): StepFiles {
  const folder = join(temp, "_runner_file_commands");
  mkdirSync(folder, { recursive: true });
  const id = randomUUID();
  const files = Object.fromEntries(
    ["output", "env", "state", "path", "step_summary"].map((name) => [name, join(folder, `${name}_${id}`)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, "");
  const read = (name: string): string => readFileSync(files[name]!, "utf8");
  return {
    variables: Object.fromEntries(Object.entries(files).map(([name, file]) => [`GITHUB_${name.toUpperCase()}`, file])),
    collect: () => ({
      outputs: parseCommandFile(read("output")),
      environment: parseCommandFile(read("env")),
      state: parseCommandFile(read("state")),
      paths: read("path").split(/\r?\n/).filter(Boolean),
      summary: keepSummary(read("step_summary")),
    }),
  };
}

/** GitHub drops a summary above 1 MiB as a whole; the step still counts as it ended. */
function keepSummary(text: string): string {
  return Buffer.byteLength(text) >= largestSummaryBytes ? "" : text;
}
