// The ledger on GitHub: an orphan branch, one commit per event, moved only from the head that was read.
import { RefusedError } from "../errors.ts";
import { type AnswerCache, createMemoryCache } from "../host/answer-cache.ts";
import type { AppendResult, LedgerCommit, LedgerFile, LedgerPort } from "../registry/ledger.ts";
import { readHeadEvent } from "../registry/ledger.ts";
import { LostAnswerError } from "../registry/lost-answer.ts";
import { ledgerBranch } from "../registry/names.ts";
import type { RepositoryClient } from "./client.ts";
import { explained, GitHubError } from "./failure.ts";
import { readTogether } from "./read-together.ts";

const pageSize = 100;
const pagesAtATime = 6;

/**
 * The ledger of a repository. Reads need `contents: read`, appends `contents: write`; the branch is made by the first append.
 * What was read of the branch stays in `answers`: asked for again, an unchanged file costs no quota.
 */
export function createGitHubLedger(
  repository: RepositoryClient,
  answers: AnswerCache = createMemoryCache(),
): LedgerPort {
  // Trees of commits that were read or made here: spares a request per append.
  const trees = new Map<string, string>();
  return {
    readHead: () => readHead(repository, trees),
    readFile: (path, commit) => readFile(repository, path, commit ?? ledgerBranch, answers),
    readTogether: (paths) => readHeadAndFiles(repository, trees, paths, answers),
    listFolder: (path, commit) => listFolder(repository, trees.get(commit) ?? commit, path.split("/")),
    append: (head, message, files) => append(repository, trees, head, message, files),
    readCommits: (head) => readCommits(repository, head),
    readCommitsBack: (commit, count) => readCommitsBack(repository, commit, count),
    readFileIds: async (commit) => {
      const ids = new Map<string, string>();
      await collectFileIds(repository, trees.get(commit) ?? commit, "", ids);
      return ids;
    },
  };
}

interface RawCommit {
  readonly sha: string;
  readonly parents: readonly { readonly sha: string }[];
  readonly author: { readonly login?: string } | null;
  readonly commit: { readonly message: string; readonly tree: { readonly sha: string } };
}

function readCommit(raw: RawCommit): LedgerCommit {
  return {
    commit: raw.sha,
    parent: raw.parents[0]?.sha ?? null,
    parents: raw.parents.length,
    message: raw.commit.message,
    author: raw.author?.login ?? null,
  };
}

async function readHead(repository: RepositoryClient, trees: Map<string, string>): Promise<LedgerCommit | null> {
  const { client, owner, name } = repository;
  const answer = await readBranch(repository);
  if (answer instanceof GitHubError) {
    if (/branch not found/i.test(answer.problems[0].received ?? "")) return null;
    // A repository that may not be seen answers 404 too, and must not pass for one without a ledger: that would let a
    // first version through. So GitHub has to show the repository, and then say once more that there is no such branch.
    await explained(() => client.rest.repos.get({ owner, repo: name }));
  }
  const data = answer instanceof GitHubError ? await readBranch(repository) : answer;
  if (data instanceof GitHubError) return null;
  trees.set(data.commit.sha, data.commit.commit.tree.sha);
  return readCommit(data.commit as RawCommit);
}

/** In one request where GitHub answers it; else one for the head and one for each file. */
async function readHeadAndFiles(
  repository: RepositoryClient,
  trees: Map<string, string>,
  paths: readonly string[],
  answers: AnswerCache,
): ReturnType<LedgerPort["readTogether"]> {
  const snapshot = await readTogether(repository, ledgerBranch, paths);
  if (snapshot !== null) {
    const { commit, tree, parents, parentCount, message, author, files } = snapshot;
    trees.set(commit, tree);
    return { head: { commit, parent: parents[0] ?? null, parents: parentCount, message, author }, files };
  }
  const head = await readHead(repository, trees);
  const files = new Map<string, string>();
  if (head !== null)
    for (const path of paths) {
      const text = await readFile(repository, path, head.commit, answers);
      if (text !== null) files.set(path, text);
    }
  return { head, files };
}

/** GitHub's branch, or its 404. */
async function readBranch({ client, owner, name }: RepositoryClient) {
  try {
    return (await explained(() => client.rest.repos.getBranch({ owner, repo: name, branch: ledgerBranch }))).data;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return error;
    throw error;
  }
}

async function readFile(
  repository: RepositoryClient,
  path: string,
  ref: string,
  answers: AnswerCache,
): Promise<string | null> {
  const { client, owner, name } = repository;
  const key = `${owner}/${name}:${path}`.toLowerCase();
  const known = ref === ledgerBranch ? await answers.read(key) : null;
  const headers = known ? { "if-none-match": known.etag } : {};
  try {
    const { data, headers: answered } = await explained(() =>
      client.rest.repos.getContent({ owner, repo: name, path, ref, headers }),
    );
    if (Array.isArray(data) || data.type !== "file") return null;
    const text = data.encoding === "base64" ? decode(data.content) : await readBlob(repository, data.sha);
    if (ref === ledgerBranch && answered.etag) await answers.write(key, { etag: answered.etag, text });
    return text;
  } catch (error) {
    if (known && error instanceof GitHubError && error.status === 304) return known.text;
    if (error instanceof GitHubError && error.status === 404) return null;
    throw error;
  }
}

/** Beyond 1 MB the content is not in the answer of the contents route. */
async function readBlob(repository: RepositoryClient, sha: string): Promise<string> {
  const { client, owner, name } = repository;
  const { data } = await explained(() => client.rest.git.getBlob({ owner, repo: name, file_sha: sha }));
  return decode(data.content);
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

async function append(
  repository: RepositoryClient,
  trees: Map<string, string>,
  head: LedgerCommit | null,
  message: string,
  files: readonly LedgerFile[],
): Promise<AppendResult> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name };
  const baseTree = head === null ? undefined : (trees.get(head.commit) ?? (await readTreeSha(repository, head.commit)));
  try {
    const tree = await explained(() =>
      client.rest.git.createTree({
        ...at,
        ...(baseTree === undefined ? {} : { base_tree: baseTree }),
        tree: files.map((file) => ({ path: file.path, mode: "100644", type: "blob", content: file.content })),
      }),
    );
    const made = await explained(() =>
      client.rest.git.createCommit({
        ...at,
        message,
        tree: tree.data.sha,
        parents: head === null ? [] : [head.commit],
      }),
    );
    const moved = await moveBranch(repository, head, made.data.sha);
    if (!moved) return { outcome: "moved" };
    trees.set(made.data.sha, tree.data.sha);
    const parent = head?.commit ?? null;
    return {
      outcome: "appended",
      head: { commit: made.data.sha, parent, parents: parent === null ? 0 : 1, message, author: null },
    };
  } catch (error) {
    throw describeWriteFailure(error);
  }
}

async function readTreeSha(repository: RepositoryClient, commit: string): Promise<string> {
  const { client, owner, name } = repository;
  const { data } = await explained(() => client.rest.git.getCommit({ owner, repo: name, commit_sha: commit }));
  return data.tree.sha;
}

/** Sets the branch to `sha`, or makes it; false when it is no longer at the head that was read. */
async function moveBranch(repository: RepositoryClient, head: LedgerCommit | null, sha: string): Promise<boolean> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name };
  try {
    await explained<unknown>(() =>
      head === null
        ? client.rest.git.createRef({ ...at, ref: `refs/heads/${ledgerBranch}`, sha })
        : client.rest.git.updateRef({ ...at, ref: `heads/${ledgerBranch}`, sha, force: false }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
    if (/fast.?forward|already exists/i.test(error.problems[0].received ?? "")) return false;
    // Another 422: either the branch moved or went away, or a ruleset forbids the write.
    const now = await readHead(repository, new Map());
    if (now?.commit !== head?.commit) return false;
    throw error;
  }
}

/** Failures after which the branch may have moved all the same become LostAnswerError. */
function describeWriteFailure(error: unknown): unknown {
  if (!(error instanceof GitHubError)) return error;
  if (error.status === 0 || error.status >= 500) return new LostAnswerError(error.problems);
  if (error.status === 409)
    return new RefusedError({
      ...error.problems[0],
      message: "GitHub cannot write the ledger now",
      hint: "an empty repository has to get its first commit before it can hold a registry",
    });
  return error;
}

async function readCommits(repository: RepositoryClient, head: LedgerCommit): Promise<readonly LedgerCommit[]> {
  // A ledger in order has as many commits as its newest event says; what is there beyond is read page by page.
  const expected = readSequence(head);
  const commits: LedgerCommit[] = [];
  for (let page = 1; ; ) {
    const ahead = Math.max(1, Math.min(pagesAtATime, Math.ceil(expected / pageSize) - page + 1));
    const numbers = Array.from({ length: ahead }, (_, index) => page + index);
    const pages = await Promise.all(numbers.map((number) => readPage(repository, head.commit, number)));
    commits.push(...pages.flat());
    page += ahead;
    if ((pages.at(-1)?.length ?? 0) < pageSize) return commits.reverse();
  }
}

async function readCommitsBack(
  repository: RepositoryClient,
  commit: string,
  count: number,
): Promise<readonly LedgerCommit[]> {
  const commits: LedgerCommit[] = [];
  for (let page = 1; commits.length < count; page += 1) {
    const read = await readPage(repository, commit, page, Math.min(pageSize, count));
    commits.push(...read);
    if (read.length < Math.min(pageSize, count)) break;
  }
  return commits.slice(0, count);
}

function readSequence(head: LedgerCommit): number {
  try {
    return readHeadEvent(head)?.sequence ?? 1;
  } catch {
    return 1;
  }
}

async function readPage(
  repository: RepositoryClient,
  sha: string,
  page: number,
  size = pageSize,
): Promise<readonly LedgerCommit[]> {
  const { client, owner, name } = repository;
  const { data } = await explained(() =>
    client.rest.repos.listCommits({ owner, repo: name, sha, per_page: size, page }),
  );
  return data.map((commit) => readCommit(commit as RawCommit));
}

/** By trees, which hold 100,000 entries; the contents of a folder are listed up to 1,000 only. One request per level. */
async function listFolder(
  repository: RepositoryClient,
  treeSha: string,
  [folder, ...below]: readonly string[],
): Promise<readonly string[]> {
  const { client, owner, name } = repository;
  const { data } = await explained(() => client.rest.git.getTree({ owner, repo: name, tree_sha: treeSha }));
  if (folder === undefined) return data.tree.map(({ path }) => path);
  const inner = data.tree.find(({ path, type }) => path === folder && type === "tree");
  return inner === undefined ? [] : await listFolder(repository, inner.sha, below);
}

/** Blob ids below a tree; a tree too large for one answer is read folder by folder. */
async function collectFileIds(
  repository: RepositoryClient,
  treeSha: string,
  prefix: string,
  ids: Map<string, string>,
): Promise<void> {
  const { client, owner, name } = repository;
  const read = async (recursive: boolean) =>
    (
      await explained(() =>
        client.rest.git.getTree({ owner, repo: name, tree_sha: treeSha, ...(recursive ? { recursive: "1" } : {}) }),
      )
    ).data;
  const whole = await read(true);
  const { tree } = whole.truncated ? await read(false) : whole;
  for (const entry of tree) {
    if (entry.type === "blob") ids.set(`${prefix}${entry.path}`, entry.sha);
    else if (entry.type === "tree" && whole.truncated)
      await collectFileIds(repository, entry.sha, `${prefix}${entry.path}/`, ids);
  }
}
