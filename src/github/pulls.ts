// Pull requests as use cases see them: who, from where, onto what, which files.
import type { RepositoryClient } from "./client.ts";

export interface PullRequest {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly headSha: string;
  readonly headBranch: string;
  /** Null when the fork was deleted. */
  readonly headRepositoryId: number | null;
  readonly baseBranch: string;
  /** Tip of the base branch as GitHub last saw it for this pull request. */
  readonly baseSha: string;
  readonly baseRepositoryId: number;
  readonly fromFork: boolean;
}

interface RawPull {
  readonly number: number;
  readonly state: string;
  readonly merged_at?: string | null;
  readonly html_url: string;
  readonly title: string;
  readonly user: { readonly login: string } | null;
  readonly head: { readonly sha: string; readonly ref: string; readonly repo: { readonly id: number } | null };
  readonly base: { readonly sha: string; readonly ref: string; readonly repo: { readonly id: number } };
}

/** A pull request of the API or of a webhook in our terms. */
export function readPull(pull: RawPull): PullRequest {
  return {
    number: pull.number,
    state: pull.state === "open" ? "open" : "closed",
    merged: typeof pull.merged_at === "string",
    url: pull.html_url,
    title: pull.title,
    author: pull.user?.login ?? "",
    headSha: pull.head.sha,
    headBranch: pull.head.ref,
    headRepositoryId: pull.head.repo?.id ?? null,
    baseBranch: pull.base.ref,
    baseSha: pull.base.sha,
    baseRepositoryId: pull.base.repo.id,
    fromFork: pull.head.repo?.id !== pull.base.repo.id,
  };
}

/** As it is now. */
export async function getPull(repository: RepositoryClient, pullNumber: number): Promise<PullRequest> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.pulls.get({ owner, repo: name, pull_number: pullNumber });
  return readPull(data);
}

/**
 * Open pull requests whose head is exactly this commit of that repository. A commit may be the head of several; a number read from
 * an artifact is never used. `headRepositoryId` null = any.
 */
export async function findPullsByHead(
  repository: RepositoryClient,
  headSha: string,
  headRepositoryId: number | null,
): Promise<readonly PullRequest[]> {
  const found = await listOpenPulls(repository);
  return found.filter(
    (pull) => pull.headSha === headSha && (headRepositoryId === null || pull.headRepositoryId === headRepositoryId),
  );
}

/** All open pull requests, newest first. */
export async function listOpenPulls(repository: RepositoryClient): Promise<readonly PullRequest[]> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.pulls.list, { owner, repo: name, state: "open", per_page: 100 });
  return found.map(readPull).sort((a, b) => b.number - a.number);
}

/** The open pull request from that branch of the same repository, or null. */
export async function findPullByBranch(repository: RepositoryClient, branch: string): Promise<PullRequest | null> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.pulls.list({ owner, repo: name, state: "open", head: `${owner}:${branch}` });
  const found = data.map(readPull).find((pull) => pull.headBranch === branch && !pull.fromFork);
  return found ?? null;
}

/** The newest pull request from that branch of the same repository that was closed without being merged, or null. */
export async function findClosedPullByBranch(
  repository: RepositoryClient,
  branch: string,
): Promise<PullRequest | null> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.pulls.list({
    owner,
    repo: name,
    state: "closed",
    head: `${owner}:${branch}`,
    sort: "created",
    direction: "desc",
  });
  return data.map(readPull).find((pull) => pull.headBranch === branch && !pull.fromFork && !pull.merged) ?? null;
}

/** GitHub lists no more files than this. */
const mostListedFiles = 3000;

/** Paths the pull request changes, with the old names of renamed files; null when GitHub does not list them all. */
export async function listChangedPaths(
  repository: RepositoryClient,
  pullNumber: number,
): Promise<readonly string[] | null> {
  const { client, owner, name } = repository;
  const files = await client.paginate(client.rest.pulls.listFiles, {
    owner,
    repo: name,
    pull_number: pullNumber,
    per_page: 100,
  });
  if (files.length >= mostListedFiles) return null;
  return files.flatMap((file) => (file.previous_filename ? [file.filename, file.previous_filename] : [file.filename]));
}

/** Opens a pull request within the repository. */
export async function openPull(
  repository: RepositoryClient,
  pull: { readonly branch: string; readonly base: string; readonly title: string; readonly body: string },
): Promise<PullRequest> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.pulls.create({
    owner,
    repo: name,
    head: pull.branch,
    base: pull.base,
    title: pull.title,
    body: pull.body,
    maintainer_can_modify: true,
  });
  return readPull(data);
}

/** Pull requests that GitHub names for a commit: those that brought it, and those whose merge it is. */
export async function listPullsOfCommit(
  repository: RepositoryClient,
  commitSha: string,
): Promise<readonly PullRequest[]> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name, commit_sha: commitSha, per_page: 100 };
  const { data } = await client.rest.repos.listPullRequestsAssociatedWithCommit(at);
  return data.map(readPull);
}
