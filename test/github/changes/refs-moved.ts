// What follows when branches and tags have moved: push, create and delete events, and pull requests whose head or base it was.
import { type Actor, authorOf } from "../auth/actor.ts";
import { type Commit, commitsBetween, isAncestor, peelToCommit, readCommit } from "../git/commits.ts";
import { readRef, zeroSha } from "../git/refs.ts";
import { changedPaths } from "../git/tree-changes.ts";
import { emptyTreeSha } from "../git/trees.ts";
import type { JsonObject } from "../json.ts";
import type { Platform } from "../platform.ts";
import { accountOfEmail } from "../render/commit.ts";
import { repositoryPage } from "../render/repository.ts";
import { defaultView, type View } from "../render/view.ts";
import type { Repository } from "../state/repository.ts";
import { requestCheckSuites } from "./check-suites.ts";
import { followBase, followHead } from "./pull-heads.ts";

export interface RefMove {
  /** Full name. */
  readonly name: string;
  /** undefined: it did not exist. */
  readonly before: string | undefined;
  /** undefined: it was deleted. */
  readonly after: string | undefined;
}

const maxPushedCommits = 2_048;

/** Called after the refs have moved, in the order in which they did. */
export function refsMoved(platform: Platform, repository: Repository, moves: readonly RefMove[], actor: Actor): void {
  for (const move of moves) {
    const branch = shortName(move.name, "refs/heads/");
    const tag = shortName(move.name, "refs/tags/");
    if ((branch ?? tag) === undefined || move.before === move.after) continue;
    const current = platform.store.repositories.update(repository.id, { pushedAt: platform.timestamp() });
    announceBirthAndDeath(platform, current, move, branch === undefined ? "tag" : "branch", branch ?? tag ?? "", actor);
    platform.emitEvent(current, "push", null, renderPush(platform, current, move, actor), actor);
    if (branch === undefined) continue;
    if (move.after !== undefined) requestCheckSuites(platform, current, branch, move.after, actor);
    followBase(platform, current, branch, actor);
    followHead(platform, current, branch, move, actor);
  }
}

function shortName(name: string, prefix: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

function announceBirthAndDeath(
  platform: Platform,
  repository: Repository,
  move: RefMove,
  kind: "branch" | "tag",
  ref: string,
  actor: Actor,
): void {
  const common = { ref, ref_type: kind, pusher_type: "user" };
  if (move.before === undefined) {
    const payload = { ...common, master_branch: repository.defaultBranch, description: repository.description };
    platform.emitEvent(repository, "create", null, payload, actor);
  }
  if (move.after === undefined) platform.emitEvent(repository, "delete", null, common, actor);
}

function renderPush(platform: Platform, repository: Repository, move: RefMove, actor: Actor): JsonObject {
  const folder = platform.git.folder(repository.id);
  const view = defaultView(platform);
  const page = repositoryPage(view, repository);
  const [before, after] = [move.before ?? zeroSha, move.after ?? zeroSha];
  const head = move.after === undefined ? undefined : peelToCommit(folder, move.after);
  const old = move.before === undefined ? undefined : peelToCommit(folder, move.before);
  const base = old ?? (head && defaultHead(platform, repository, head));
  const commits = head === undefined ? [] : newCommits(folder, base, head);
  const pusher = authorOf(actor);
  return {
    ref: move.name,
    before,
    after,
    created: move.before === undefined,
    deleted: move.after === undefined,
    forced: old !== undefined && head !== undefined && !isAncestor(folder, old, head),
    base_ref: null,
    compare: `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits
      .slice(0, maxPushedCommits)
      .reverse()
      .map((commit) => renderPushedCommit(view, repository, folder, commit)),
    head_commit: head === undefined ? null : renderPushedSha(view, repository, folder, head),
    pusher: { name: pusher.login, email: pusher.email },
  };
}

/** Of a new branch only the commits count that the default branch does not have; none for the first branch of all. */
function defaultHead(platform: Platform, repository: Repository, head: string): string | undefined {
  const folder = platform.git.folder(repository.id);
  const sha = readRef(folder, `refs/heads/${repository.defaultBranch}`);
  return sha === head ? undefined : sha;
}

function newCommits(folder: string, base: string | undefined, head: string): Commit[] {
  if (base === head) return [];
  const commit = readCommit(folder, head);
  if (commit === undefined) return [];
  if (base === undefined || (commit.parents.length === 1 && commit.parents[0] === base)) return [commit];
  return commitsBetween(folder, base, head);
}

function renderPushedSha(view: View, repository: Repository, folder: string, sha: string): JsonObject | null {
  const commit = readCommit(folder, sha);
  return commit === undefined ? null : renderPushedCommit(view, repository, folder, commit);
}

function renderPushedCommit(view: View, repository: Repository, folder: string, commit: Commit): JsonObject {
  const parent = commit.parents[0];
  const before = parent === undefined ? emptyTreeSha : (readCommit(folder, parent)?.tree ?? emptyTreeSha);
  const { added, removed, modified } = changedPaths(folder, before, commit.tree);
  const person = ({ name, email, date }: Commit["author"]): JsonObject => {
    const username = accountOfEmail(view.store, email)?.login;
    return { name, email, date, ...(username === undefined ? {} : { username }) };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryPage(view, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: [...added],
    removed: [...removed],
    modified: [...modified],
  };
}
