// Finds the folder of an action: in the workspace, or of a repository of this server at a ref, unpacked once per commit.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { promisify } from "node:util";
import type { RunnerSettings } from "./order.ts";

const run = promisify(execFile);

export interface ActionReference {
  readonly repository: string;
  readonly path: string;
  readonly ref: string;
}

/** Splits `owner/name/path@ref`. Throws when it is none of that. */
export function parseActionReference(uses: string): ActionReference {
  const match = /^([\w.-]+\/[\w.-]+)((?:\/[^@]+)?)@(.+)$/.exec(uses);
  if (match === null) throw new Error(`Expected format {owner}/{repo}[/path]@{ref}. Actual '${uses}'`);
  return { repository: match[1]!, path: match[2]!.replace(/^\//, ""), ref: match[3]! };
}

/** The folder of `./path` inside the workspace; a path that leaves it is refused. */
export function locateLocalAction(uses: string, workspace: string): string {
  const folder = resolve(workspace, uses);
  if (folder !== workspace && !folder.startsWith(workspace + sep)) throw new Error(`'${uses}' leaves the workspace`);
  return folder;
}

/** The folder of an action of this server, checked out once per commit and kept. */
export async function fetchAction(reference: ActionReference, settings: RunnerSettings): Promise<string> {
  const gitFolder = settings.findRepository(reference.repository);
  if (gitFolder === undefined) {
    throw new Error(`Unable to resolve action ${reference.repository}, repository not found`);
  }
  const sha = await resolveCommit(gitFolder, reference.ref);
  if (sha === undefined) {
    throw new Error(`Unable to resolve action \`${reference.repository}@${reference.ref}\`, unable to find version`);
  }
  const folder = join(settings.actionsFolder, reference.repository.replace("/", "_"), sha);
  if (!existsSync(folder)) await unpack(gitFolder, sha, folder);
  return join(folder, reference.path);
}

/** The commit a branch, tag or sha names, or undefined. */
export async function resolveCommit(gitFolder: string, ref: string): Promise<string | undefined> {
  for (const name of [`refs/tags/${ref}`, `refs/heads/${ref}`, ref]) {
    try {
      const { stdout } = await run("git", [
        "--git-dir",
        gitFolder,
        "rev-parse",
        "--verify",
        "--quiet",
        `${name}^{commit}`,
      ]);
      return stdout.trim();
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}

async function unpack(gitFolder: string, sha: string, folder: string): Promise<void> {
  mkdirSync(join(folder, ".."), { recursive: true });
  const fresh = mkdtempSync(`${folder}.`);
  const archive = `${fresh}.tar`;
  await run("git", ["--git-dir", gitFolder, "archive", "--format=tar", "-o", archive, sha]);
  await run("tar", ["-xf", archive, "-C", fresh]);
  rmSync(archive);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    // Another job unpacked the same commit in the meantime; its copy is as good.
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true });
  }
}
