// A merge group, as a merge queue makes it: a branch with the merged commit, on the base or on the entry ahead, and the request to check it.
import type { Actor } from "../auth/actor.ts";
import { authorOf } from "../auth/actor.ts";
import { writeCommit } from "../git/commits.ts";
import { listRefs, setRef } from "../git/refs.ts";
import { HttpError, notFound } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import type { Platform } from "../platform.ts";
import type { Repository } from "../state/repository.ts";
import { requestCheckSuites } from "./check-suites.ts";
import { personOf } from "./person.ts";
import { issueOf, mergePull, refreshPull } from "./pull-heads.ts";

/** Queues the pull request, behind the entry of another if `ahead` names one, and sends `merge_group.checks_requested`; returns the merge group. */
export function enqueueMergeGroup(
  platform: Platform,
  repository: Repository,
  number: number,
  actor: Actor,
  ahead: number | null = null,
): JsonObject {
  const { store, git } = platform;
  const found = store.pulls.group(repository.id).find((row) => row.number === number);
  if (found === undefined) throw notFound();
  const refreshed = refreshPull(platform, repository, found);
  const pull =
    ahead === null ? refreshed : { ...refreshed, baseSha: findEntry(platform, repository, refreshed.baseRef, ahead) };
  const outcome = mergePull(platform, repository, pull);
  if (!outcome.merged) throw new HttpError(422, "The pull request has conflicts");
  const folder = git.folder(repository.id);
  const person = personOf(authorOf(actor), platform.timestamp());
  const message = `Merge pull request #${number} from ${pull.headRef}\n\n${issueOf(platform, pull).title}`;
  const parents = [pull.baseSha, pull.headSha];
  const sha = writeCommit(folder, { tree: outcome.tree, parents, author: person, committer: person, message });
  const branch = `gh-readonly-queue/${pull.baseRef}/pr-${number}-${pull.baseSha}`;
  setRef(folder, `refs/heads/${branch}`, sha);
  const group: JsonObject = {
    head_sha: sha,
    head_ref: `refs/heads/${branch}`,
    base_sha: pull.baseSha,
    base_ref: `refs/heads/${pull.baseRef}`,
    head_commit: {
      id: sha,
      tree_id: outcome.tree,
      message,
      timestamp: person.date,
      author: { name: person.name, email: person.email },
      committer: { name: person.name, email: person.email },
    },
  };
  requestCheckSuites(platform, repository, branch, sha, actor);
  platform.emitEvent(repository, "merge_group", "checks_requested", { merge_group: group }, actor);
  return group;
}

/** The commit that the queue made for another pull request. */
function findEntry(platform: Platform, repository: Repository, baseRef: string, number: number): string {
  const prefix = `refs/heads/gh-readonly-queue/${baseRef}/pr-${number}-`;
  const entry = listRefs(platform.git.folder(repository.id), prefix).at(-1);
  if (entry === undefined) throw new HttpError(422, `Pull request ${number} is not queued`);
  return entry.sha;
}
