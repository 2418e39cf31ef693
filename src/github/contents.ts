// Files of a repository at a commit, and small commits made without a clone.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import type { RepositoryClient } from "./client.ts";
import { readStatus } from "./failure.ts";
import { orNullIfMissing } from "./missing.ts";

/** Largest file read through the contents route, in bytes. */
const largestFileBytes = 1_000_000;

/** The bytes of one file at a ref (branch or SHA), or null when it is not there. Folders and links count as not there. */
export async function readFileAt(repository: RepositoryClient, path: string, ref: string): Promise<Uint8Array | null> {
  const { client, owner, name } = repository;
  const answer = await orNullIfMissing(client.rest.repos.getContent({ owner, repo: name, path, ref }));
  const data = answer?.data;
  if (!data || Array.isArray(data) || data.type !== "file" || !("content" in data)) return null;
  if (data.size > largestFileBytes || data.encoding !== "base64") {
    throw new InputError({
      message: "the file is too large to be read from GitHub",
      file: path,
      expected: `at most ${largestFileBytes} bytes`,
      received: `${data.size} bytes`,
    });
  }
  return Buffer.from(data.content, "base64");
}

/** SHA of the commit a branch points to, or null. */
export async function readBranch(repository: RepositoryClient, branch: string): Promise<string | null> {
  const { client, owner, name } = repository;
  const answer = await orNullIfMissing(client.rest.git.getRef({ owner, repo: name, ref: `heads/${branch}` }));
  return answer?.data.object.sha ?? null;
}

export interface BranchCommit {
  readonly branch: string;
  /** The new commit's parent. */
  readonly parentSha: string;
  readonly message: string;
  /** Whole new text by path. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * One commit on top of `parentSha`, and the branch set to it: made when it is not there, moved when it is (it is our own branch, so
 * what was on it is replaced). Running it twice leaves the branch at a commit with the same content. Returns the commit's SHA.
 */
export async function commitToBranch(repository: RepositoryClient, commit: BranchCommit): Promise<string> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name };
  const parent = await client.rest.git.getCommit({ ...at, commit_sha: commit.parentSha });
  const tree = await client.rest.git.createTree({
    ...at,
    base_tree: parent.data.tree.sha,
    tree: [...commit.files].map(([path, content]) => ({
      path,
      content,
      mode: "100644" as const,
      type: "blob" as const,
    })),
  });
  const made = await client.rest.git.createCommit({
    ...at,
    message: commit.message,
    tree: tree.data.sha,
    parents: [commit.parentSha],
  });
  const sha = made.data.sha;
  try {
    await client.rest.git.createRef({ ...at, ref: `refs/heads/${commit.branch}`, sha });
  } catch (error) {
    if (readStatus(error) !== 422) throw error;
    await client.rest.git.updateRef({ ...at, ref: `heads/${commit.branch}`, sha, force: true });
  }
  return sha;
}

/**
 * Paths that differ between two commits (of one network of forks), old names of renamed files included; null when GitHub
 * does not list them all (300 per answer).
 */
export async function listPathsBetween(
  repository: RepositoryClient,
  base: string,
  head: string,
): Promise<readonly string[] | null> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.repos.compareCommitsWithBasehead({
    owner,
    repo: name,
    basehead: `${base}...${head}`,
  });
  const files = data.files ?? [];
  if (files.length >= 300) return null;
  return files.flatMap((file) => (file.previous_filename ? [file.filename, file.previous_filename] : [file.filename]));
}

/** True when `ancestor` is in the history of `commit`, or is it. False when GitHub knows one of them not. */
export async function isAncestor(repository: RepositoryClient, ancestor: string, commit: string): Promise<boolean> {
  const { client, owner, name } = repository;
  const basehead = `${ancestor}...${commit}`;
  const answer = await orNullIfMissing(
    client.rest.repos.compareCommitsWithBasehead({ owner, repo: name, basehead, per_page: 1 }),
  );
  return answer?.data.status === "ahead" || answer?.data.status === "identical";
}

/**
 * Writes the files of a commit whose paths `wanted` accepts below `folder`, and gives their paths; none = there is no such file.
 * @throws InputError when they are more than `largestBytes` together, or the commit has too many files for GitHub to list.
 */
export async function downloadFilesAt(
  repository: RepositoryClient,
  commitSha: string,
  wanted: (path: string) => boolean,
  folder: string,
  largestBytes: number,
): Promise<readonly string[]> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name };
  const { data } = await client.rest.git.getTree({ ...at, tree_sha: commitSha, recursive: "1" });
  const files = data.tree.flatMap(({ path, sha, type, mode, size }) =>
    type === "blob" && mode !== "120000" && path && sha && wanted(path) ? [{ path, sha, bytes: size ?? 0 }] : [],
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (data.truncated) throw new InputError("GitHub does not list all files of the commit");
  if (bytes > largestBytes) {
    throw new InputError({
      message: "the files are too large to be read from GitHub",
      expected: `at most ${largestBytes} bytes`,
      received: `${bytes} bytes`,
    });
  }
  for (const { path, sha } of files) {
    const target = join(folder, path);
    const { data: blob } = await client.rest.git.getBlob({ ...at, file_sha: sha });
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, Buffer.from(blob.content, "base64"));
  }
  return files.map(({ path }) => path);
}

/** Every file at a commit: path → mode and blob id; null when GitHub does not list them all. */
export async function listFilesAt(
  repository: RepositoryClient,
  ref: string,
): Promise<ReadonlyMap<string, string> | null> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.git.getTree({ owner, repo: name, tree_sha: ref, recursive: "1" });
  if (data.truncated) return null;
  return new Map(
    data.tree.filter((entry) => entry.type !== "tree").map((entry) => [entry.path, `${entry.mode} ${entry.sha}`]),
  );
}
