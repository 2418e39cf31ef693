// Issues; pull requests are among them.
import { z } from "zod";
import { appOf, authorOf } from "../auth/actor.ts";
import { roleOf } from "../auth/authorize.ts";
import { nextNumber } from "../changes/numbers.ts";
import { closePull, emitPull } from "../changes/pull-heads.ts";
import { input, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { HttpError, json, type Reply, validationFailed } from "../http/reply.ts";
import { renderIssue } from "../render/issue.ts";
import { viewOf } from "../render/view.ts";
import type { Issue } from "../state/issue.ts";
import { coversRole } from "../state/permissions.ts";
import { findAccount } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";
import { checkBody, emitIssue, issueNumbered } from "./issue-access.ts";
import { labelsNamed } from "./labels.ts";

const labelList = z.array(z.union([z.string(), z.object({ name: z.string() })])).optional();
const creation = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().nullish(),
  labels: labelList,
  assignees: z.array(z.string()).optional(),
});
const change = z.object({
  title: z.union([z.string(), z.number()]).nullish(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish(),
  labels: labelList,
  assignees: z.array(z.string()).optional(),
});

export function addIssueRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["issues:read", "pull_requests:read"] } as const;
  const write = { permissions: ["issues:write", "pull_requests:write"], role: "read" } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/issues", read, list);
  router.repositoryRoute("POST /repos/{owner}/{repo}/issues", { permissions: ["issues:write"], role: "read" }, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/issues/{issue_number}", read, (call) =>
    json(200, renderIssue(viewOf(call), call.repository, issueNumbered(call))),
  );
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/issues/{issue_number}", write, update);
}

function list(call: RepositoryCall): Reply {
  const { store } = call.platform;
  const { query } = call;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter((name) => name !== "");
  const creator = query.get("creator");
  const since = query.get("since");
  const direction = query.get("direction") === "asc" ? 1 : -1;
  const sort = query.get("sort") ?? "created";
  const nameOf = (id: number): string => store.labels.get(id)?.name.toLowerCase() ?? "";
  const rows = store.issues
    .group(call.repository.id)
    .filter((row) => state === "all" || row.state === state)
    .filter((row) => labels.every((name) => row.labelIds.some((id) => nameOf(id) === name.toLowerCase())))
    .filter((row) => creator === null || store.accounts.get(row.authorId)?.login === creator)
    .filter((row) => since === null || Date.parse(row.updatedAt) >= Date.parse(since));
  const commentCount = (row: Issue): number =>
    store.comments.group(call.repository.id).filter((comment) => comment.issueNumber === row.number).length;
  const key = (row: Issue): number =>
    sort === "updated" ? Date.parse(row.updatedAt) : sort === "comments" ? commentCount(row) : row.number;
  rows.sort((a, b) => direction * (key(a) - key(b)) || direction * (a.number - b.number));
  return paginate(call, rows, (row) => renderIssue(viewOf(call), call.repository, row));
}

function create(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const wanted = input(call, "Issue", creation);
  if (!call.repository.hasIssues) throw new HttpError(410, "Issues has been disabled in this repository.");
  if (wanted.title.trim() === "")
    throw validationFailed([{ resource: "Issue", field: "title", code: "missing_field" }]);
  checkBody("Issue", wanted.body);
  const trusted =
    call.actor.kind !== "user" || coversRole(roleOf(call.platform.store, call.repository, author.id), "triage");
  const createdAt = call.platform.timestamp();
  const issue = call.platform.store.issues.insert({
    repositoryId: call.repository.id,
    number: nextNumber(call.platform.store, call.repository.id),
    title: wanted.title,
    body: wanted.body ?? null,
    state: "open",
    stateReason: null,
    authorId: author.id,
    labelIds: trusted ? labelsNamed(call, wanted.labels ?? []) : [],
    assigneeIds: trusted ? accountsNamed(call, wanted.assignees ?? []) : [],
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
    closedById: null,
    isPull: false,
    appId: appOf(call.actor)?.id ?? null,
  });
  emitIssue(call, issue, "opened");
  const rendered = renderIssue(viewOf(call), call.repository, issue);
  return json(201, rendered, { location: String(rendered["url"]) });
}

function update(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const { store } = call.platform;
  const issue = issueNumbered(call);
  const wanted = input(call, "Issue", change);
  const role = call.actor.kind === "user" ? roleOf(store, call.repository, author.id) : "write";
  if (!coversRole(role, "triage") && issue.authorId !== author.id) {
    throw new HttpError(403, "Must have admin rights to Repository.");
  }
  checkBody("Issue", wanted.body);
  const updatedAt = call.platform.timestamp();
  const closing = wanted.state === "closed" && issue.state === "open";
  const opening = wanted.state === "open" && issue.state === "closed";
  const updated = store.issues.update(issue.id, {
    title: wanted.title == null ? issue.title : String(wanted.title),
    body: wanted.body === undefined ? issue.body : wanted.body,
    labelIds: wanted.labels === undefined ? issue.labelIds : labelsNamed(call, wanted.labels),
    assigneeIds: wanted.assignees === undefined ? issue.assigneeIds : accountsNamed(call, wanted.assignees),
    updatedAt,
    ...(closing && !issue.isPull
      ? { state: "closed", stateReason: closeReason(wanted.state_reason), closedAt: updatedAt, closedById: author.id }
      : {}),
    ...(opening
      ? { state: "open", stateReason: issue.isPull ? null : "reopened", closedAt: null, closedById: null }
      : {}),
  });
  announce(call, issue, updated, closing, opening);
  return json(200, renderIssue(viewOf(call), call.repository, store.issues.get(issue.id) ?? updated));
}

function closeReason(reason: string | null | undefined): "completed" | "not_planned" | "duplicate" {
  return reason === "not_planned" || reason === "duplicate" ? reason : "completed";
}

function announce(call: RepositoryCall, before: Issue, after: Issue, closing: boolean, opening: boolean): void {
  const pull = after.isPull
    ? call.platform.store.pulls.group(call.repository.id).find((row) => row.number === after.number)
    : undefined;
  if (pull !== undefined) {
    if (closing) closePull(call.platform, call.repository, pull, call.actor);
    if (opening) emitPull(call.platform, call.repository, pull, "reopened", call.actor);
    return;
  }
  const changes = {
    ...(before.title === after.title ? {} : { title: { from: before.title } }),
    ...(before.body === after.body ? {} : { body: { from: before.body ?? "" } }),
  };
  if (Object.keys(changes).length > 0) emitIssue(call, after, "edited", { changes });
  if (closing) emitIssue(call, after, "closed");
  if (opening) emitIssue(call, after, "reopened");
}

function accountsNamed(call: RepositoryCall, logins: readonly string[]): number[] {
  return logins.flatMap((login) => {
    const account = findAccount(call.platform.store, login);
    return account === undefined ? [] : [account.id];
  });
}
