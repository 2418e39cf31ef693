// What an event means for Actions: which commit's workflows are asked, and with which ref and commit they run.
import type { EmittedEvent } from "../events/event.ts";
import { mergeBase, readCommit } from "../git/commits.ts";
import { diffTrees } from "../git/diff.ts";
import type { JsonObject } from "../json.ts";
import type { Platform } from "../platform.ts";
import type { Pull } from "../state/issue.ts";
import type { TriggerFacts } from "./workflow/triggers.ts";
import { defaultHead } from "./workflow-files.ts";

export interface TriggerTarget {
  readonly facts: TriggerFacts;
  /** Commit whose workflow files are read. */
  readonly workflowSha: string;
  readonly ref: string;
  readonly sha: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly headRepositoryId: number;
  readonly pullNumber: number | null;
  readonly isRestricted: boolean;
}

const zeroSha = /^0+$/;

/** The target of an event; undefined when it can start nothing (a deleted branch, a pull request with conflicts). */
export function findTarget(platform: Platform, emitted: EmittedEvent): TriggerTarget | undefined {
  switch (emitted.event) {
    case "push":
      return targetOfPush(platform, emitted);
    case "pull_request":
    case "pull_request_review":
      return targetOfPull(platform, emitted);
    case "merge_group":
      return targetOfMergeGroup(emitted);
    default:
      return targetOfDefaultBranch(platform, emitted);
  }
}

function targetOfPush(platform: Platform, { repository, payload }: EmittedEvent): TriggerTarget | undefined {
  const ref = String(payload["ref"]);
  const after = String(payload["after"]);
  const before = String(payload["before"]);
  const [, kind, name = ""] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  if (zeroSha.test(after) || kind === undefined) return undefined;
  const git = platform.git.folder(repository.id);
  const paths = zeroSha.test(before) ? undefined : changedPaths(git, before, after);
  const commit = String((payload["head_commit"] as JsonObject | null)?.["id"] ?? after);
  return {
    facts: kind === "tags" ? { event: "push", tag: name } : { event: "push", branch: name, paths },
    workflowSha: commit,
    ref,
    sha: commit,
    headSha: commit,
    headBranch: name,
    headRepositoryId: repository.id,
    pullNumber: null,
    isRestricted: false,
  };
}

function targetOfPull(
  platform: Platform,
  { event, action, repository, payload }: EmittedEvent,
): TriggerTarget | undefined {
  const number = Number((payload["pull_request"] as JsonObject | undefined)?.["number"]);
  const pull = platform.store.pulls.group(repository.id).find((row) => row.number === number);
  if (pull === undefined) return undefined;
  const sha = pull.mergeCommitSha ?? (action === "closed" ? pull.headSha : undefined);
  if (sha === undefined) return undefined;
  return {
    facts: { event, type: action ?? undefined, branch: pull.baseRef, paths: pullPaths(platform, repository.id, pull) },
    workflowSha: sha,
    ref: `refs/pull/${number}/merge`,
    sha,
    headSha: pull.headSha,
    headBranch: pull.headRef,
    headRepositoryId: pull.headRepositoryId ?? repository.id,
    pullNumber: number,
    isRestricted: pull.headRepositoryId !== repository.id,
  };
}

function targetOfMergeGroup({ action, repository, payload }: EmittedEvent): TriggerTarget | undefined {
  const group = payload["merge_group"] as JsonObject | undefined;
  if (action !== "checks_requested" || group === undefined) return undefined;
  const sha = String(group["head_sha"]);
  const ref = String(group["head_ref"]);
  const branch = String(group["base_ref"]).replace("refs/heads/", "");
  return {
    facts: { event: "merge_group", type: action, branch },
    ...{ workflowSha: sha, ref, sha, headSha: sha, headBranch: ref.replace("refs/heads/", "") },
    headRepositoryId: repository.id,
    pullNumber: null,
    isRestricted: false,
  };
}

/** Every other event runs the default branch's workflows on the default branch's head. */
function targetOfDefaultBranch(platform: Platform, emitted: EmittedEvent): TriggerTarget | undefined {
  const { event, action, repository, payload } = emitted;
  const sha = defaultHead(platform, repository);
  if (sha === undefined) return undefined;
  const run = payload["workflow_run"] as JsonObject | undefined;
  return {
    facts: {
      event,
      type: action ?? undefined,
      branch: event === "workflow_run" ? String(run?.["head_branch"] ?? "") : undefined,
      workflowName: event === "workflow_run" ? String(run?.["name"] ?? "") : undefined,
      cron: event === "schedule" ? (payload["schedule"] as string | undefined) : undefined,
    },
    workflowSha: sha,
    ref: `refs/heads/${repository.defaultBranch}`,
    sha,
    headSha: sha,
    headBranch: repository.defaultBranch,
    headRepositoryId: repository.id,
    pullNumber: null,
    isRestricted: false,
  };
}

function pullPaths(platform: Platform, repositoryId: number, pull: Pull): readonly string[] | undefined {
  const git = platform.git.folder(repositoryId);
  const base = mergeBase(git, pull.baseSha, pull.headSha);
  return base === undefined ? undefined : changedPaths(git, base, pull.headSha);
}

/** undefined when it cannot be told (the old commit is gone after a forced push): then no path filter applies. */
function changedPaths(git: string, before: string, after: string): readonly string[] | undefined {
  if (readCommit(git, before) === undefined) return undefined;
  return diffTrees(git, before, after).map((file) => file.path);
}
