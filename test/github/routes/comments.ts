// Comments on issues and pull requests.
import { z } from "zod";
import { appOf, authorOf } from "../auth/actor.ts";
import { roleOf } from "../auth/authorize.ts";
import { idParam, input, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, forbidden, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import { commentsOf, renderComment, renderIssue } from "../render/issue.ts";
import { defaultView, viewOf } from "../render/view.ts";
import type { IssueComment } from "../state/issue.ts";
import { coversRole } from "../state/permissions.ts";
import type { RouteTools } from "./catalog.ts";
import { checkBody, issueNumbered } from "./issue-access.ts";

const writing = z.object({ body: z.string() });

export function addCommentRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["issues:read", "pull_requests:read"] } as const;
  const write = { permissions: ["issues:write", "pull_requests:write"], role: "read" } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", read, (call) => {
    const since = call.query.get("since");
    const rows = commentsOf(viewOf(call), call.repository, issueNumbered(call).number).filter(
      (row) => since === null || Date.parse(row.updatedAt) >= Date.parse(since),
    );
    return paginate(call, rows, (row) => renderComment(viewOf(call), call.repository, row));
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/issues/comments", read, (call) =>
    paginate(call, call.platform.store.comments.group(call.repository.id), (row) =>
      renderComment(viewOf(call), call.repository, row),
    ),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", write, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", read, (call) =>
    json(200, renderComment(viewOf(call), call.repository, commentOf(call))),
  );
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", write, update);
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", write, remove);
}

function commentOf(call: RepositoryCall): IssueComment {
  const comment = call.platform.store.comments.get(idParam(call, "comment_id"));
  if (comment?.repositoryId !== call.repository.id) throw notFound();
  return comment;
}

function create(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const { body } = input(call, "IssueComment", writing);
  if (body.trim() === "") {
    throw validationFailed([
      { resource: "IssueComment", field: "body", code: "unprocessable", message: "Body cannot be blank" },
    ]);
  }
  checkBody("IssueComment", body);
  const { store } = call.platform;
  const issue = issueNumbered(call);
  const createdAt = call.platform.timestamp();
  const comment = store.comments.insert({
    repositoryId: call.repository.id,
    issueNumber: issue.number,
    authorId: author.id,
    body,
    createdAt,
    updatedAt: createdAt,
    appId: appOf(call.actor)?.id ?? null,
  });
  store.issues.update(issue.id, { updatedAt: createdAt });
  emitComment(call, comment, "created");
  const rendered = renderComment(viewOf(call), call.repository, comment);
  return json(201, rendered, { location: String(rendered["url"]) });
}

function update(call: RepositoryCall): Reply {
  const comment = commentOf(call);
  checkMayChange(call, comment);
  const { body } = input(call, "IssueComment", writing);
  checkBody("IssueComment", body);
  const changed = call.platform.store.comments.update(comment.id, { body, updatedAt: call.platform.timestamp() });
  emitComment(call, changed, "edited", { changes: { body: { from: comment.body } } });
  return json(200, renderComment(viewOf(call), call.repository, changed));
}

function remove(call: RepositoryCall): Reply {
  const comment = commentOf(call);
  checkMayChange(call, comment);
  call.platform.store.comments.remove(comment.id);
  emitComment(call, comment, "deleted");
  return empty();
}

/** Only the author, and people who may write, change a comment. */
function checkMayChange(call: RepositoryCall, comment: IssueComment): void {
  const author = authorOf(call.actor);
  if (comment.authorId === author.id || call.actor.kind !== "user") return;
  if (coversRole(roleOf(call.platform.store, call.repository, author.id), "write")) return;
  throw forbidden("Must have admin rights to Repository.");
}

function emitComment(call: RepositoryCall, comment: IssueComment, action: string, more: object = {}): void {
  const view = defaultView(call.platform);
  const issue = call.platform.store.issues.group(call.repository.id).find((row) => row.number === comment.issueNumber);
  if (issue === undefined) return;
  const payload = {
    issue: renderIssue(view, call.repository, issue),
    comment: renderComment(view, call.repository, comment),
    ...more,
  };
  call.platform.emitEvent(call.repository, "issue_comment", action, payload, call.actor);
}
