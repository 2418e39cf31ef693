// Keeps pull requests in step with their branches: heads, test merges, synchronize, closing when a head goes.
import { execFileSync } from "node:child_process";
import { type Actor, authorOf } from "../auth/actor.ts";
import { isAncestor, mergeBase, readCommit, writeCommit } from "../git/commits.ts";
import { gitEnvironment } from "../git/environment.ts";
import { mergeTrees } from "../git/merge.ts";
import { hasObject } from "../git/objects.ts";
import { readRef, setRef } from "../git/refs.ts";
import { emptyTreeSha } from "../git/trees.ts";
import type { Platform } from "../platform.ts";
import { renderPull } from "../render/pull.ts";
import { defaultView } from "../render/view.ts";
import type { Issue, Pull } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import { personOf } from "./person.ts";
import type { RefMove } from "./refs-moved.ts";

/** The issue half of a pull request. */
export function issueOf(platform: Platform, pull: Pull): Issue {
  const issue = platform.store.issues.group(pull.repositoryId).find((row) => row.number === pull.number);
  if (issue === undefined) throw new Error(`pull request ${pull.number} has no issue`);
  return issue;
}

/** A branch moved: open pull requests whose head it is follow; a deleted head closes them. */
export function followHead(
  platform: Platform,
  repository: Repository,
  branch: string,
  move: RefMove,
  actor: Actor,
): void {
  const { store } = platform;
  for (const pull of store.pulls.all()) {
    if (pull.headRepositoryId !== repository.id || pull.headRef !== branch) continue;
    const issue = issueOf(platform, pull);
    const base = store.repositories.get(pull.repositoryId);
    if (issue.state !== "open" || base === undefined) continue;
    if (move.after === undefined) {
      closePull(platform, base, pull, actor);
      continue;
    }
    if (pull.headSha === move.after) continue;
    store.issues.update(issue.id, { updatedAt: platform.timestamp() });
    const before = pull.headSha;
    const moved = refreshPull(platform, base, store.pulls.update(pull.id, { headSha: move.after }));
    const payload = {
      number: pull.number,
      before,
      after: move.after,
      pull_request: renderPull(defaultView(platform), base, moved),
    };
    platform.emitEvent(base, "pull_request", "synchronize", payload, actor);
  }
}

/** A branch moved: open pull requests into it get a new test merge; those it now contains are merged. */
export function followBase(platform: Platform, repository: Repository, branch: string, actor: Actor): void {
  const { store, git } = platform;
  const folder = git.folder(repository.id);
  const head = readRef(folder, `refs/heads/${branch}`);
  if (head === undefined) return;
  for (const pull of store.pulls.group(repository.id)) {
    if (pull.baseRef !== branch || issueOf(platform, pull).state !== "open") continue;
    if (pull.baseSha !== head && pull.headSha !== head && isAncestor(folder, pull.headSha, head)) {
      completeMerge(platform, repository, pull, pull.headSha, actor);
    } else {
      refreshPull(platform, repository, pull);
    }
  }
}

/** Brings the head's objects over from a fork, moves `refs/pull/N/head` and makes the test merge `refs/pull/N/merge`. */
export function refreshPull(platform: Platform, repository: Repository, pull: Pull): Pull {
  const { store, git } = platform;
  const folder = git.folder(repository.id);
  if (pull.headRepositoryId !== null && !hasObject(folder, pull.headSha)) {
    const source = git.folder(pull.headRepositoryId);
    execFileSync("git", ["-C", folder, "fetch", "-q", "--no-tags", source, pull.headSha], {
      stdio: "ignore",
      env: gitEnvironment(),
    });
  }
  setRef(folder, `refs/pull/${pull.number}/head`, pull.headSha);
  const baseSha = readRef(folder, `refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  const merge = testMerge(platform, repository, { ...pull, baseSha });
  setRef(folder, `refs/pull/${pull.number}/merge`, merge ?? undefined);
  return store.pulls.update(pull.id, { baseSha, mergeCommitSha: merge, mergeable: merge !== null });
}

/** The tree of base and head merged, or the paths in conflict. */
export function mergePull(platform: Platform, repository: Repository, pull: Pull): ReturnType<typeof mergeTrees> {
  const folder = platform.git.folder(repository.id);
  const tree = (sha: string | undefined): string =>
    sha === undefined ? emptyTreeSha : (readCommit(folder, sha)?.tree ?? emptyTreeSha);
  const ancestor = mergeBase(folder, pull.baseSha, pull.headSha);
  return mergeTrees(folder, tree(ancestor), tree(pull.baseSha), tree(pull.headSha));
}

/** Marks the pull request as merged at `sha` and tells it. */
export function completeMerge(platform: Platform, repository: Repository, pull: Pull, sha: string, actor: Actor): Pull {
  const { store } = platform;
  const mergedAt = platform.timestamp();
  const by = authorOf(actor);
  const issue = issueOf(platform, pull);
  store.issues.update(issue.id, { state: "closed", closedAt: mergedAt, closedById: by.id, updatedAt: mergedAt });
  const merged = store.pulls.update(pull.id, { mergedAt, mergedById: by.id, mergeCommitSha: sha, mergeable: null });
  setRef(platform.git.folder(repository.id), `refs/pull/${pull.number}/merge`, undefined);
  emitPull(platform, repository, merged, "closed", actor);
  return merged;
}

/** Closes without merging. */
export function closePull(platform: Platform, repository: Repository, pull: Pull, actor: Actor): void {
  const closedAt = platform.timestamp();
  const closedById = authorOf(actor).id;
  platform.store.issues.update(issueOf(platform, pull).id, {
    state: "closed",
    closedAt,
    closedById,
    updatedAt: closedAt,
  });
  emitPull(platform, repository, pull, "closed", actor);
}

export function emitPull(
  platform: Platform,
  repository: Repository,
  pull: Pull,
  action: string,
  actor: Actor,
  more: object = {},
): void {
  const payload = { number: pull.number, pull_request: renderPull(defaultView(platform), repository, pull), ...more };
  platform.emitEvent(repository, "pull_request", action, payload, actor);
}

function testMerge(platform: Platform, repository: Repository, pull: Pull): string | null {
  const outcome = mergePull(platform, repository, pull);
  if (!outcome.merged) return null;
  const folder = platform.git.folder(repository.id);
  const author = platform.store.accounts.get(issueOf(platform, pull).authorId);
  if (author === undefined) return null;
  const person = personOf(author, platform.timestamp());
  return writeCommit(folder, {
    tree: outcome.tree,
    parents: [pull.baseSha, pull.headSha],
    author: person,
    committer: person,
    message: `Merge ${pull.headSha} into ${pull.baseSha}`,
  });
}
