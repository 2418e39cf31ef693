// Pull requests: open, read, change, merge, files, commits.
import { z } from "zod";
import { appOf, authorOf } from "../auth/actor.ts";
import { canSee, roleOf } from "../auth/authorize.ts";
import { mergeByRules } from "../changes/merge-pull.ts";
import { moveRefByRules } from "../changes/move-ref.ts";
import { nextNumber } from "../changes/numbers.ts";
import { closePull, emitPull, issueOf, refreshPull } from "../changes/pull-heads.ts";
import { mergeBase } from "../git/commits.ts";
import { diffText } from "../git/diff.ts";
import { readRef } from "../git/refs.ts";
import { idParam, input, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, forbidden, HttpError, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import { renderCommit, renderDifference } from "../render/commit.ts";
import { pullCommits, pullFiles, renderPull, renderPullSimple } from "../render/pull.ts";
import { viewOf } from "../render/view.ts";
import type { Pull } from "../state/issue.ts";
import { coversRole } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf, findRepository } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";
import { checkBody } from "./issue-access.ts";

const creation = z.object({
  title: z.string().optional(),
  head: z.string(),
  head_repo: z.string().optional(),
  base: z.string(),
  body: z.string().nullish(),
  maintainer_can_modify: z.boolean().optional(),
  draft: z.boolean().optional(),
});
const change = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});
const merging = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).optional(),
});

export function addPullRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["pull_requests:read"] } as const;
  const write = { permissions: ["pull_requests:write"], role: "read" } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/pulls", read, list);
  router.repositoryRoute("POST /repos/{owner}/{repo}/pulls", write, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}", read, get);
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", write, update);
  router.repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", read, (call) => {
    const pull = pullNumbered(call);
    const view = viewOf(call);
    return paginate(call, pullFiles(view, call.repository, pull), (file) =>
      renderDifference(view, call.repository, pull.headSha, file),
    );
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", read, (call) => {
    const view = viewOf(call);
    return paginate(call, pullCommits(view, call.repository, pullNumbered(call)), (commit) =>
      renderCommit(view, call.repository, commit),
    );
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/pulls/{pull_number}/merge", read, (call) => {
    if (pullNumbered(call).mergedAt === null) throw notFound();
    return empty();
  });
  router.repositoryRoute(
    "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
    { permissions: ["contents:write"], role: "write" },
    merge,
  );
  router.repositoryRoute("PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch", write, () => {
    throw new HttpError(422, "There are no new commits on the base branch.");
  });
}

/** The pull request of the path; 404 when there is none. */
export function pullNumbered(call: RepositoryCall): Pull {
  const number = idParam(call, "pull_number");
  const pull = call.platform.store.pulls.group(call.repository.id).find((row) => row.number === number);
  if (pull === undefined) throw notFound();
  return pull;
}

function list(call: RepositoryCall): Reply {
  const { platform, query, repository } = call;
  const { store } = platform;
  const state = query.get("state") ?? "open";
  const [head, base] = [query.get("head"), query.get("base")];
  const labelOf = (pull: Pull): string => {
    const source = pull.headRepositoryId === null ? undefined : store.repositories.get(pull.headRepositoryId);
    return `${source === undefined ? "unknown" : accountOf(store, source.ownerId).login}:${pull.headRef}`;
  };
  const ascending = query.get("direction") === "asc";
  const byUpdate = query.get("sort") === "updated";
  const key = (pull: Pull): number => (byUpdate ? Date.parse(issueOf(platform, pull).updatedAt) : pull.number);
  const rows = store.pulls
    .group(repository.id)
    .filter((pull) => state === "all" || issueOf(platform, pull).state === state)
    .filter((pull) => base === null || pull.baseRef === base)
    .filter((pull) => head === null || !head.includes(":") || labelOf(pull) === head)
    .sort((a, b) => (ascending ? 1 : -1) * (key(a) - key(b) || a.number - b.number));
  return paginate(call, rows, (pull) => renderPullSimple(viewOf(call), repository, pull));
}

function get(call: RepositoryCall): Reply {
  const pull = pullNumbered(call);
  const accept = call.headers.accept ?? "";
  if (/application\/vnd\.github\.(?:v3\.)?(?:diff|patch)/.test(accept)) {
    const folder = call.platform.git.folder(call.repository.id);
    const start = mergeBase(folder, pull.baseSha, pull.headSha) ?? pull.baseSha;
    const bytes = Buffer.from(diffText(folder, start, pull.headSha));
    return { status: 200, bytes, headers: { "content-type": "application/vnd.github.diff; charset=utf-8" } };
  }
  return json(200, renderPull(viewOf(call), call.repository, pull));
}

/** Where the head branch lies: `branch`, `owner:branch`, with `head_repo` for a second repository of the same owner. */
function findHead(
  call: RepositoryCall,
  head: string,
  headRepo: string | undefined,
): { source: Repository; branch: string } | undefined {
  const { store } = call.platform;
  const colon = head.indexOf(":");
  const branch = head.slice(colon + 1);
  if (colon < 0) return { source: call.repository, branch };
  const owner = head.slice(0, colon);
  const name = headRepo?.slice(headRepo.indexOf("/") + 1);
  const candidates = store.repositories
    .all()
    .filter((row) => accountOf(store, row.ownerId).login.toLowerCase() === owner.toLowerCase());
  const source =
    name === undefined
      ? (candidates.find((row) => row.id === call.repository.id) ??
        candidates.find((row) => row.parentId === call.repository.id))
      : findRepository(store, owner, name);
  return source === undefined ? undefined : { source, branch };
}

function create(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const { platform, repository } = call;
  const { store, git } = platform;
  const wanted = input(call, "PullRequest", creation);
  const invalid = (field: string) => validationFailed([{ resource: "PullRequest", field, code: "invalid" }]);
  if (wanted.title === undefined || wanted.title.trim() === "") {
    throw validationFailed([{ resource: "PullRequest", field: "title", code: "missing_field" }]);
  }
  checkBody("PullRequest", wanted.body);
  const head = findHead(call, wanted.head, wanted.head_repo);
  if (head === undefined || (call.actor.kind === "user" && !canSee(store, call.actor, head.source)))
    throw invalid("head");
  const headSha = readRef(git.folder(head.source.id), `refs/heads/${head.branch}`);
  const baseSha = readRef(git.folder(repository.id), `refs/heads/${wanted.base}`);
  if (headSha === undefined) throw invalid("head");
  if (baseSha === undefined) throw invalid("base");
  if (
    call.actor.kind === "user" &&
    head.source.id === repository.id &&
    !coversRole(roleOf(store, repository, author.id), "write")
  ) {
    throw forbidden("must be a collaborator");
  }
  const label = `${accountOf(store, head.source.ownerId).login}:${head.branch}`;
  const same = (pull: Pull): boolean =>
    pull.headRepositoryId === head.source.id &&
    pull.headRef === head.branch &&
    pull.baseRef === wanted.base &&
    issueOf(platform, pull).state === "open";
  const custom = (message: string) => validationFailed([{ resource: "PullRequest", code: "custom", message }]);
  if (store.pulls.group(repository.id).some(same)) throw custom(`A pull request already exists for ${label}.`);
  const number = nextNumber(store, repository.id);
  const draftPull: Pull = {
    id: -1,
    repositoryId: repository.id,
    number,
    headRepositoryId: head.source.id,
    headRef: head.branch,
    headSha,
    baseRef: wanted.base,
    baseSha,
    draft: wanted.draft ?? false,
    maintainerCanModify: wanted.maintainer_can_modify ?? head.source.id !== repository.id,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    mergeable: null,
  };
  if (headSha === baseSha) throw custom(`No commits between ${wanted.base} and ${head.branch}`);
  const createdAt = platform.timestamp();
  store.issues.insert({
    repositoryId: repository.id,
    number,
    title: wanted.title,
    body: wanted.body ?? null,
    state: "open",
    stateReason: null,
    authorId: author.id,
    labelIds: [],
    assigneeIds: [],
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
    closedById: null,
    isPull: true,
    appId: appOf(call.actor)?.id ?? null,
  });
  const { id: _, ...row } = draftPull;
  const pull = refreshPull(platform, repository, store.pulls.insert(row));
  emitPull(platform, repository, pull, "opened", call.actor);
  const rendered = renderPull(viewOf(call), repository, pull);
  return json(201, rendered, { location: String(rendered["url"]) });
}

function update(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const { platform, repository } = call;
  const wanted = input(call, "PullRequest", change);
  const pull = pullNumbered(call);
  const issue = issueOf(platform, pull);
  const role = call.actor.kind === "user" ? roleOf(platform.store, repository, author.id) : "write";
  if (!coversRole(role, "triage") && issue.authorId !== author.id)
    throw forbidden("Must have admin rights to Repository.");
  checkBody("PullRequest", wanted.body);
  const updatedAt = platform.timestamp();
  const opening = wanted.state === "open" && issue.state === "closed" && pull.mergedAt === null;
  if (wanted.state === "open" && pull.mergedAt !== null) {
    throw validationFailed([{ resource: "PullRequest", field: "state", code: "invalid", message: "it is merged" }]);
  }
  platform.store.issues.update(issue.id, {
    title: wanted.title ?? issue.title,
    body: wanted.body === undefined ? issue.body : wanted.body,
    updatedAt,
    ...(opening ? { state: "open", closedAt: null, closedById: null } : {}),
  });
  let updated = platform.store.pulls.update(pull.id, {
    baseRef: wanted.base ?? pull.baseRef,
    maintainerCanModify: wanted.maintainer_can_modify ?? pull.maintainerCanModify,
  });
  if (issue.state === "open" || opening) updated = refreshPull(platform, repository, updated);
  const changes = {
    ...(wanted.title === undefined || wanted.title === issue.title ? {} : { title: { from: issue.title } }),
    ...(wanted.body === undefined || wanted.body === issue.body ? {} : { body: { from: issue.body ?? "" } }),
    ...(wanted.base === undefined || wanted.base === pull.baseRef
      ? {}
      : { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } }),
  };
  if (Object.keys(changes).length > 0) emitPull(platform, repository, updated, "edited", call.actor, { changes });
  if (wanted.state === "closed" && issue.state === "open") closePull(platform, repository, updated, call.actor);
  if (opening) emitPull(platform, repository, updated, "reopened", call.actor);
  return json(200, renderPull(viewOf(call), repository, updated));
}

function merge(call: RepositoryCall): Reply {
  const { platform, repository } = call;
  const wanted = input({ ...call, body: call.body ?? {} }, "PullRequest", merging);
  const merged = mergeByRules(platform, repository, pullNumbered(call), call.actor, {
    method: wanted.merge_method ?? "merge",
    sha: wanted.sha,
    title: wanted.commit_title,
    message: wanted.commit_message,
  });
  if (repository.deleteBranchOnMerge && merged.headRepositoryId === repository.id) {
    moveRefByRules(platform, repository, call.actor, {
      name: `refs/heads/${merged.headRef}`,
      after: undefined,
      force: true,
    });
  }
  return json(200, { sha: merged.mergeCommitSha, merged: true, message: "Pull Request successfully merged" });
}
