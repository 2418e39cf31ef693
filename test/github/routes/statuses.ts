// Commit statuses, the older way of saying whether a commit is good.
import { z } from "zod";
import { appOf, authorOf } from "../auth/actor.ts";
import { readCommit } from "../git/commits.ts";
import { listRefs } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { json, notFound, type Reply, unprocessable } from "../http/reply.ts";
import { renderUserId } from "../render/account.ts";
import { renderStatus } from "../render/check.ts";
import { renderCommit } from "../render/commit.ts";
import { renderRepository, repositoryUrl } from "../render/repository.ts";
import { defaultView, viewOf } from "../render/view.ts";
import type { CommitStatus } from "../state/check.ts";
import { fullName, headKey } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const writing = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().optional(),
});

export function addStatusRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["statuses:read", "contents:read"] } as const;
  router.repositoryRoute("POST /repos/{owner}/{repo}/statuses/{sha}", { permissions: ["statuses:write"] }, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/statuses", read, (call) =>
    paginate(call, statusesOf(call, shaOf(call)), (row) => ({
      ...renderStatus(viewOf(call), call.repository, row),
      creator: renderUserId(viewOf(call), row.creatorId),
    })),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/status", read, combine);
}

function shaOf(call: RepositoryCall): string {
  const sha = resolveCommit(call.platform.git.folder(call.repository.id), param(call, "ref"));
  if (sha === undefined) throw notFound();
  return sha;
}

/** Newest first. */
function statusesOf(call: RepositoryCall, sha: string): CommitStatus[] {
  return call.platform.store.statuses.group(headKey(call.repository.id, sha)).reverse();
}

function create(call: RepositoryCall): Reply {
  const creator = authorOf(call.actor);
  const wanted = input(call, "Status", writing);
  const sha = param(call, "sha");
  const folder = call.platform.git.folder(call.repository.id);
  const commit = readCommit(folder, sha);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${sha}`);
  const status = call.platform.store.statuses.insert({
    repositoryId: call.repository.id,
    sha,
    state: wanted.state,
    context: wanted.context ?? "default",
    description: wanted.description ?? null,
    targetUrl: wanted.target_url ?? null,
    creatorId: creator.id,
    appId: appOf(call.actor)?.id ?? null,
    createdAt: call.platform.timestamp(),
  });
  const view = defaultView(call.platform);
  const url = repositoryUrl(view, call.repository);
  const branches = listRefs(folder, "refs/heads/").filter((ref) => ref.sha === sha);
  const payload = {
    id: status.id,
    sha,
    name: fullName(call.platform.store, call.repository),
    target_url: status.targetUrl,
    avatar_url: `${view.origin}/avatars/${creator.id}`,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: renderCommit(view, call.repository, commit),
    branches: branches.map((ref) => ({
      name: ref.name.slice("refs/heads/".length),
      commit: { sha, url: `${url}/commits/${sha}` },
      protected: false,
    })),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
  call.platform.emitEvent(call.repository, "status", null, payload, call.actor);
  const rendered = {
    ...renderStatus(viewOf(call), call.repository, status),
    creator: renderUserId(viewOf(call), creator.id),
  };
  return json(201, rendered, { location: `${url}/statuses/${sha}` });
}

function combine(call: RepositoryCall): Reply {
  const sha = shaOf(call);
  const newest = new Map<string, CommitStatus>();
  for (const row of statusesOf(call, sha).reverse()) newest.set(row.context, row);
  const rows = [...newest.values()];
  const bad = rows.some((row) => row.state === "failure" || row.state === "error");
  const state = bad
    ? "failure"
    : rows.length === 0 || rows.some((row) => row.state === "pending")
      ? "pending"
      : "success";
  const view = viewOf(call);
  const url = repositoryUrl(view, call.repository);
  return paginate(
    call,
    rows,
    (row) => renderStatus(view, call.repository, row),
    (statuses, total_count) => ({
      state,
      statuses,
      sha,
      total_count,
      repository: renderRepository(view, call.repository),
      commit_url: `${url}/commits/${sha}`,
      url: `${url}/commits/${sha}/status`,
    }),
  );
}
