// Pull requests as the API shows them.
import { protectionOf, requiredByRule, rulesetsFor } from "../changes/ref-rules.ts";
import { missingChecks, reportedChecks } from "../changes/required-checks.ts";
import { commitsBetween, isAncestor, mergeBase } from "../git/commits.ts";
import { diffTrees, type FileDifference } from "../git/diff.ts";
import type { JsonObject } from "../json.ts";
import type { Issue, Pull } from "../state/issue.ts";
import type { Repository, RequiredCheck } from "../state/repository.ts";
import { accountOf } from "../state/store.ts";
import { renderUser, renderUserId } from "./account.ts";
import { authorAssociation, commentsOf, renderLabels } from "./issue.ts";
import { renderFullRepository, repositoryPage, repositoryUrl } from "./repository.ts";
import { nodeId, type View } from "./view.ts";

/** `pull-request-simple`: as in lists. */
export function renderPullSimple(view: View, repository: Repository, pull: Pull): JsonObject {
  const issue = issueOfPull(view, pull);
  const url = repositoryUrl(view, repository);
  const self = `${url}/pulls/${pull.number}`;
  const page = `${repositoryPage(view, repository)}/pull/${pull.number}`;
  const head = pull.headRepositoryId === null ? undefined : view.store.repositories.get(pull.headRepositoryId);
  const links = {
    self,
    html: page,
    issue: `${url}/issues/${pull.number}`,
    comments: `${url}/issues/${pull.number}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${url}/pulls/comments{/number}`,
    commits: `${self}/commits`,
    statuses: `${url}/statuses/${pull.headSha}`,
  };
  return {
    url: self,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    number: pull.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: renderUserId(view, issue.authorId),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: issue.assigneeIds[0] === undefined ? null : renderUserId(view, issue.assigneeIds[0]),
    assignees: issue.assigneeIds.map((id) => renderUserId(view, id)),
    requested_reviewers: [],
    requested_teams: [],
    labels: renderLabels(view, repository, issue),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: renderEnd(view, head ?? null, pull.headRef, pull.headSha),
    base: renderEnd(view, repository, pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: authorAssociation(view, repository, issue.authorId),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** `pull-request`: with what it changes and whether it can be merged. */
export function renderPull(view: View, repository: Repository, pull: Pull): JsonObject {
  const files = pullFiles(view, repository, pull);
  const sum = (count: (file: FileDifference) => number): number =>
    files.reduce((total, file) => total + count(file), 0);
  return {
    ...renderPullSimple(view, repository, pull),
    merged: pull.mergedAt !== null,
    mergeable: pull.mergedAt === null ? pull.mergeable : null,
    rebaseable: pull.mergedAt === null ? pull.mergeable : null,
    mergeable_state: mergeableState(view, repository, pull),
    merged_by: pull.mergedById === null ? null : renderUserId(view, pull.mergedById),
    comments: commentsOf(view, repository, pull.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: pullCommits(view, repository, pull).length,
    additions: sum((file) => file.additions),
    deletions: sum((file) => file.deletions),
    changed_files: files.length,
  };
}

const differences = new Map<string, FileDifference[]>();

/** What the pull request changes: from where its head left the base to its head. */
export function pullFiles(view: View, repository: Repository, pull: Pull): FileDifference[] {
  const folder = view.platform.git.folder(repository.id);
  const start = mergeBase(folder, pull.baseSha, pull.headSha) ?? pull.baseSha;
  const key = `${start} ${pull.headSha}`;
  const known = differences.get(key);
  if (known !== undefined) return known;
  const files = diffTrees(folder, start, pull.headSha);
  if (differences.size > 200) differences.clear();
  differences.set(key, files);
  return files;
}

/** The commits that the base does not have, oldest first. */
export function pullCommits(view: View, repository: Repository, pull: Pull): ReturnType<typeof commitsBetween> {
  return commitsBetween(view.platform.git.folder(repository.id), pull.baseSha, pull.headSha).reverse();
}

/** All checks that the base branch requires, of its protection and of rulesets. */
export function requiredChecksOf(view: View, repository: Repository, branch: string): RequiredCheck[] {
  const ref = `refs/heads/${branch}`;
  const fromRules = rulesetsFor(view.platform, repository, ref).flatMap((ruleset) =>
    ruleset.rules.filter((rule) => rule.type === "required_status_checks").flatMap(requiredByRule),
  );
  return [...(protectionOf(view.platform, repository, ref)?.requiredChecks ?? []), ...fromRules];
}

/** `dirty`: conflicts; `blocked`: a required check does not hold; `behind`: must contain its base; `unstable`: another check failed. */
function mergeableState(view: View, repository: Repository, pull: Pull): string {
  if (pull.mergedAt !== null || pull.mergeable === null) return "unknown";
  if (!pull.mergeable) return "dirty";
  if (pull.draft) return "draft";
  const { platform } = view;
  const required = requiredChecksOf(view, repository, pull.baseRef);
  if (missingChecks(platform, repository, [pull.headSha], required).length > 0) return "blocked";
  const strict = protectionOf(platform, repository, `refs/heads/${pull.baseRef}`)?.strict ?? false;
  if (strict && !isAncestor(platform.git.folder(repository.id), pull.baseSha, pull.headSha)) return "behind";
  const reported = reportedChecks(platform, repository, pull.headSha);
  return missingChecks(platform, repository, [pull.headSha], reported).length > 0 ? "unstable" : "clean";
}

function issueOfPull(view: View, pull: Pull): Issue {
  const issue = view.store.issues.group(pull.repositoryId).find((row) => row.number === pull.number);
  if (issue === undefined) throw new Error(`pull request ${pull.number} has no issue`);
  return issue;
}

function renderEnd(view: View, repository: Repository | null, ref: string, sha: string): JsonObject {
  if (repository === null) return { label: `unknown:${ref}`, ref, sha, user: null, repo: null };
  const owner = accountOf(view.store, repository.ownerId);
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: renderUser(view, owner),
    repo: renderFullRepository(view, repository),
  };
}
