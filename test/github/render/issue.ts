// Issues, comments, labels and reviews as the API shows them.
import { roleOf } from "../auth/authorize.ts";
import type { JsonObject } from "../json.ts";
import type { Issue, IssueComment, Label, Review } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import { renderUserId } from "./account.ts";
import { renderAppId } from "./app.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";
import { nodeId, type View } from "./view.ts";

/** How somebody stands to the repository; says nothing of rights. */
export function authorAssociation(view: View, repository: Repository, accountId: number): string {
  if (accountId === repository.ownerId) return "OWNER";
  const collaborator = view.store.collaborators.group(repository.id).find((row) => row.accountId === accountId);
  if (collaborator !== undefined && roleOf(view.store, repository, accountId) !== "none") return "COLLABORATOR";
  const own = new Set<number>();
  for (const issue of view.store.issues.group(repository.id)) {
    if (issue.isPull && issue.authorId === accountId) own.add(issue.number);
  }
  const merged = view.store.pulls.group(repository.id).some((pull) => pull.mergedAt !== null && own.has(pull.number));
  return merged ? "CONTRIBUTOR" : "NONE";
}

export function renderLabel(view: View, repository: Repository, label: Label): JsonObject {
  return {
    id: label.id,
    node_id: nodeId("Label", label.id),
    url: `${repositoryUrl(view, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    description: label.description,
    color: label.color,
    default: label.isDefault,
  };
}

/** The labels of an issue, in the order in which they were added. */
export function renderLabels(view: View, repository: Repository, issue: Issue): JsonObject[] {
  return issue.labelIds.flatMap((id) => {
    const label = view.store.labels.get(id);
    return label === undefined ? [] : [renderLabel(view, repository, label)];
  });
}

/** `issue`; pull requests are issues with `pull_request`. */
export function renderIssue(view: View, repository: Repository, issue: Issue): JsonObject {
  const url = `${repositoryUrl(view, repository)}/issues/${issue.number}`;
  const page = repositoryPage(view, repository);
  const pull = issue.isPull
    ? view.store.pulls.group(repository.id).find((row) => row.number === issue.number)
    : undefined;
  return {
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    url,
    repository_url: repositoryUrl(view, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${page}/${issue.isPull ? "pull" : "issues"}/${issue.number}`,
    number: issue.number,
    title: issue.title,
    user: renderUserId(view, issue.authorId),
    labels: renderLabels(view, repository, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: issue.assigneeIds[0] === undefined ? null : renderUserId(view, issue.assigneeIds[0]),
    assignees: issue.assigneeIds.map((id) => renderUserId(view, id)),
    milestone: null,
    comments: commentsOf(view, repository, issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedById === null ? null : renderUserId(view, issue.closedById),
    author_association: authorAssociation(view, repository, issue.authorId),
    body: issue.body,
    reactions: renderReactions(`${url}/reactions`),
    performed_via_github_app: issue.appId === null ? null : renderAppId(view, issue.appId),
    ...(pull === undefined
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: `${repositoryUrl(view, repository)}/pulls/${issue.number}`,
            html_url: `${page}/pull/${issue.number}`,
            diff_url: `${page}/pull/${issue.number}.diff`,
            patch_url: `${page}/pull/${issue.number}.patch`,
            merged_at: pull.mergedAt,
          },
        }),
  };
}

/** Comments of an issue or pull request, oldest first. */
export function commentsOf(view: View, repository: Repository, number: number): IssueComment[] {
  return view.store.comments.group(repository.id).filter((comment) => comment.issueNumber === number);
}

export function renderComment(view: View, repository: Repository, comment: IssueComment): JsonObject {
  const url = `${repositoryUrl(view, repository)}/issues/comments/${comment.id}`;
  const isPull = view.store.pulls.group(repository.id).some((pull) => pull.number === comment.issueNumber);
  const page = `${repositoryPage(view, repository)}/${isPull ? "pull" : "issues"}/${comment.issueNumber}`;
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(view, repository)}/issues/${comment.issueNumber}`,
    user: renderUserId(view, comment.authorId),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(view, repository, comment.authorId),
    body: comment.body,
    reactions: renderReactions(`${url}/reactions`),
    performed_via_github_app: comment.appId === null ? null : renderAppId(view, comment.appId),
  };
}

export function renderReview(view: View, repository: Repository, review: Review): JsonObject {
  const page = `${repositoryPage(view, repository)}/pull/${review.pullNumber}`;
  const pullUrl = `${repositoryUrl(view, repository)}/pulls/${review.pullNumber}`;
  const html = `${page}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: renderUserId(view, review.authorId),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
    author_association: authorAssociation(view, repository, review.authorId),
  };
}

function renderReactions(url: string): JsonObject {
  const none = { "+1": 0, "-1": 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url, total_count: 0, ...none };
}
