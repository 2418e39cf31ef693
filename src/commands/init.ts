// Use case: a first config and workflows for the repository one stands in.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { configFileName, parseConfig } from "../config/parse.ts";
import { createStarter, type StarterFile } from "../config/starter.ts";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import { surveyRepository } from "./survey-repository.ts";

export interface InitSettings {
  /** Overwrite files that are there. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** `kept`: it was there and was left as it is. */
export type FileState = "written" | "replaced" | "kept" | "planned";

/** Kind `init`. Paths from the root. */
export interface InitDocument extends JsonDocument {
  readonly kind: "init";
  readonly root: string;
  readonly files: readonly { readonly path: string; readonly state: FileState; readonly text: string }[];
}

/** Writes what is missing; with `force` everything. The repository's root is the first folder upwards with `.git`, else the folder. */
export async function initRepository(settings: InitSettings, context: Context): Promise<Outcome<InitDocument>> {
  const root = findRepositoryRoot(context.folder);
  const survey = await surveyRepository(root, context);
  const starter = createStarter(survey);
  for (const file of starter) if (file.path === configFileName) parseConfig(file.text, configFileName);
  const files = await writeStarter(starter, root, settings);
  const lines = files.map(({ path, state }) => `${state.padEnd(8)}  ${path}`);
  const kept = files.some(({ state }) => state === "kept");
  const next = [
    kept ? "What was there was kept; --force overwrites it." : null,
    "Next: read the config, then `modelgate lock` pins the data and `modelgate doctor` checks everything.",
  ].filter((line) => line !== null);
  return {
    exitCode: 0,
    document: { kind: "init", schemaVersion: 1, root, files },
    text: [...lines, "", ...next].join("\n"),
  };
}

/** Writes files below `root`, keeping those that are there unless `force`; a dry run only plans. */
export async function writeStarter(
  starter: readonly StarterFile[],
  root: string,
  { force, dryRun }: InitSettings,
): Promise<InitDocument["files"]> {
  const files: InitDocument["files"][number][] = [];
  for (const { path, text } of starter) {
    const target = join(root, path);
    const there = existsSync(target);
    const state: FileState = there && !force ? "kept" : dryRun ? "planned" : there ? "replaced" : "written";
    if (state === "written" || state === "replaced") await writeFileAtomically(target, text);
    files.push({ path, state, text });
  }
  return files;
}

function findRepositoryRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}
