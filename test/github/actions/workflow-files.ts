// Workflow files in a repository: found and parsed at a commit, each version parsed once.
import { readCommit } from "../git/commits.ts";
import { readContent } from "../git/objects.ts";
import { readRef } from "../git/refs.ts";
import { findEntry, readTree } from "../git/trees.ts";
import type { Platform } from "../platform.ts";
import type { Repository } from "../state/repository.ts";
import { findRepository } from "../state/store.ts";
import { resolveCommit } from "./runner/action-source.ts";
import type { Frame } from "./scheduler/frame.ts";
import { type ParsedWorkflow, readWorkflow } from "./workflow/parse-workflow.ts";

const folderPath = ".github/workflows";
const parsedByBlob = new Map<string, Promise<ParsedWorkflow>>();

export interface WorkflowFile {
  readonly path: string;
  readonly parsed: ParsedWorkflow;
}

/** Every workflow file of a commit, valid or not; none when the commit or the folder is not there. */
export async function discoverWorkflows(
  platform: Platform,
  repository: Repository,
  sha: string,
): Promise<WorkflowFile[]> {
  const git = platform.git.folder(repository.id);
  const commit = readCommit(git, sha);
  const folder = commit && findEntry(git, commit.tree, folderPath);
  const files = (folder && readTree(git, folder.sha)) ?? [];
  const found = files.filter((file) => /\.ya?ml$/.test(file.name));
  return Promise.all(
    found.map(async (file) => {
      const path = `${folderPath}/${file.name}`;
      return { path, parsed: await parseBlob(git, path, file.sha) };
    }),
  );
}

/** One workflow file of a commit; undefined when it is not there. */
export async function readWorkflowAt(
  platform: Platform,
  repository: Repository,
  sha: string,
  path: string,
): Promise<ParsedWorkflow | undefined> {
  const git = platform.git.folder(repository.id);
  const commit = readCommit(git, sha);
  const entry = commit && findEntry(git, commit.tree, path);
  return entry && (await parseBlob(git, path, entry.sha));
}

/** The head of the default branch, or undefined in an empty repository. */
export function defaultHead(platform: Platform, repository: Repository): string | undefined {
  return readRef(platform.git.folder(repository.id), `refs/heads/${repository.defaultBranch}`);
}

/** The workflow that a job's `uses` names: `./path` of the same commit, or `owner/name/path@ref` of this server. */
export async function loadCalledWorkflow(
  platform: Platform,
  uses: string,
  source: Frame["source"],
): Promise<Pick<Frame, "workflow" | "source">> {
  const remote = /^([^/]+)\/([^/]+)\/(.+)@([^@]+)$/.exec(uses);
  const [owner = "", name = ""] = remote === null ? source.repository.split("/") : [remote[1]!, remote[2]!];
  const repository = findRepository(platform.store, owner, name);
  const sha =
    repository && (remote === null ? source.sha : await resolveCommit(platform.git.folder(repository.id), remote[4]!));
  const path = remote === null ? uses.replace(/^\.\//, "") : remote[3]!;
  const parsed = repository && sha && (await readWorkflowAt(platform, repository, sha, path));
  if (!parsed || !sha) throw new Error(`error parsing called workflow "${uses}": workflow was not found`);
  if (parsed.workflow === undefined)
    throw new Error(`error parsing called workflow "${uses}": ${parsed.problems.join("; ")}`);
  return { workflow: parsed.workflow, source: { repository: `${owner}/${name}`, sha } };
}

function parseBlob(git: string, path: string, sha: string): Promise<ParsedWorkflow> {
  const key = `${sha} ${path}`;
  const known = parsedByBlob.get(key);
  if (known !== undefined) return known;
  const content = readContent(git, sha, "blob")?.toString("utf8") ?? "";
  const parsed = readWorkflow(path, content);
  parsedByBlob.set(key, parsed);
  return parsed;
}
