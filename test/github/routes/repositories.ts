// Repositories: create, read, change, delete, fork; branches of a repository are in branches.ts.
import { rmSync } from "node:fs";
import { z } from "zod";
import { authorOf } from "../auth/actor.ts";
import { canSee, roleOf } from "../auth/authorize.ts";
import { createRepository } from "../changes/create-repository.ts";
import { forkRepository } from "../changes/fork-repository.ts";
import { type Call, input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, forbidden, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import { renderFullRepository, renderRepository } from "../render/repository.ts";
import { viewOf } from "../render/view.ts";
import type { Account } from "../state/account.ts";
import { findAccount, findRepository } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const settings = {
  description: z.string().nullish(),
  homepage: z.string().nullish(),
  private: z.boolean().optional(),
  has_issues: z.boolean().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
};
const creation = z.object({ ...settings, name: z.string().min(1), auto_init: z.boolean().optional() });
const change = z.object({
  ...settings,
  name: z.string().min(1).optional(),
  default_branch: z.string().optional(),
  archived: z.boolean().optional(),
  visibility: z.string().optional(),
});
const forking = z.object({
  name: z.string().optional(),
  organization: z.string().optional(),
  default_branch_only: z.boolean().optional(),
});

export function addRepositoryRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  router.route("POST /user/repos", {}, (call) => create(call, authorOf(call.actor)));
  router.route("POST /orgs/{org}/repos", {}, (call) => {
    const owner = findAccount(call.platform.store, param(call, "org"));
    if (owner?.type !== "Organization") throw notFound();
    return create(call, owner);
  });
  router.route("GET /user/repos", {}, listOwn);
  router.route("GET /users/{username}/repos", { actor: "anyone" }, listOfUser);
  router.repositoryRoute("GET /repos/{owner}/{repo}", {}, (call) =>
    json(200, renderFullRepository(viewOf(call), call.repository, readerOf(call))),
  );
  router.repositoryRoute(
    "PATCH /repos/{owner}/{repo}",
    { permissions: ["administration:write"], role: "admin" },
    update,
  );
  router.repositoryRoute(
    "DELETE /repos/{owner}/{repo}",
    { permissions: ["administration:write"], role: "admin" },
    remove,
  );
  router.repositoryRoute(
    "POST /repos/{owner}/{repo}/forks",
    { permissions: ["administration:write"], role: "read" },
    fork,
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/forks", { permissions: ["metadata:read"] }, (call) => {
    const forks = call.platform.store.repositories.all().filter((row) => row.parentId === call.repository.id);
    return paginate(call, forks, (row) => renderRepository(viewOf(call), row));
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/topics", { permissions: ["metadata:read"] }, (call) =>
    json(200, { names: call.repository.topics }),
  );
  router.repositoryRoute(
    "PUT /repos/{owner}/{repo}/topics",
    { permissions: ["administration:write"], role: "admin" },
    (call) => {
      const { names } = input(call, "Repository", z.object({ names: z.array(z.string()) }));
      call.platform.store.repositories.update(call.repository.id, { topics: names });
      return json(200, { names });
    },
  );
  router.repositoryRoute(
    "GET /repos/{owner}/{repo}/immutable-releases",
    { permissions: ["administration:read"], role: "admin" },
    (call) => {
      if (!call.repository.immutableReleases) throw notFound();
      return json(200, { enabled: true, enforced_by_owner: false });
    },
  );
  const immutable = (enabled: boolean) => (call: RepositoryCall) => {
    call.platform.store.repositories.update(call.repository.id, { immutableReleases: enabled });
    return empty();
  };
  const admin = { permissions: ["administration:write"], role: "admin" } as const;
  router.repositoryRoute("PUT /repos/{owner}/{repo}/immutable-releases", admin, immutable(true));
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/immutable-releases", admin, immutable(false));
}

function readerOf(call: Call): number | undefined {
  return call.actor.kind === "user" ? call.actor.account.id : undefined;
}

function create(call: Call, owner: Account): Reply {
  const author = authorOf(call.actor);
  if (call.actor.kind !== "user") throw forbidden("Resource not accessible by integration");
  if (owner.id !== author.id && owner.type !== "Organization") throw notFound();
  const wanted = input(call, "Repository", creation);
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(wanted.name)) {
    throw validationFailed([{ resource: "Repository", field: "name", code: "custom", message: "name is invalid" }]);
  }
  if (findRepository(call.platform.store, owner.login, wanted.name) !== undefined) {
    throw validationFailed([
      { resource: "Repository", field: "name", code: "custom", message: "name already exists on this account" },
    ]);
  }
  const repository = createRepository(
    call.platform,
    {
      ownerId: owner.id,
      name: wanted.name,
      description: wanted.description ?? null,
      homepage: wanted.homepage ?? null,
      private: wanted.private ?? false,
      hasIssues: wanted.has_issues ?? true,
      allowMergeCommit: wanted.allow_merge_commit ?? true,
      allowSquashMerge: wanted.allow_squash_merge ?? true,
      allowRebaseMerge: wanted.allow_rebase_merge ?? true,
      deleteBranchOnMerge: wanted.delete_branch_on_merge ?? false,
      autoInit: wanted.auto_init ?? false,
    },
    call.actor,
  );
  const view = viewOf(call);
  return json(201, renderFullRepository(view, repository, author.id), {
    location: `${view.api}/repos/${owner.login}/${repository.name}`,
  });
}

function listOwn(call: Call): Reply {
  const author = authorOf(call.actor);
  const { store } = call.platform;
  const rows = store.repositories
    .all()
    .filter(
      (row) =>
        row.ownerId === author.id || store.collaborators.group(row.id).some((one) => one.accountId === author.id),
    );
  return paginate(call, rows, (row) => renderRepository(viewOf(call), row, author.id));
}

function listOfUser(call: Call): Reply {
  const { store } = call.platform;
  const account = findAccount(store, param(call, "username"));
  if (account === undefined) throw notFound();
  const rows = store.repositories.group(account.id).filter((row) => canSee(store, call.actor, row));
  return paginate(call, rows, (row) => renderRepository(viewOf(call), row));
}

function update(call: RepositoryCall): Reply {
  const { store, git } = call.platform;
  const { repository } = call;
  const wanted = input(call, "Repository", change);
  if (wanted.default_branch !== undefined) git.setHead(repository.id, wanted.default_branch);
  const hidden = wanted.visibility === undefined ? wanted.private : wanted.visibility !== "public";
  const updated = store.repositories.update(repository.id, {
    name: wanted.name ?? repository.name,
    description: wanted.description === undefined ? repository.description : wanted.description,
    homepage: wanted.homepage === undefined ? repository.homepage : wanted.homepage,
    private: hidden ?? repository.private,
    defaultBranch: wanted.default_branch ?? repository.defaultBranch,
    archived: wanted.archived ?? repository.archived,
    hasIssues: wanted.has_issues ?? repository.hasIssues,
    allowMergeCommit: wanted.allow_merge_commit ?? repository.allowMergeCommit,
    allowSquashMerge: wanted.allow_squash_merge ?? repository.allowSquashMerge,
    allowRebaseMerge: wanted.allow_rebase_merge ?? repository.allowRebaseMerge,
    deleteBranchOnMerge: wanted.delete_branch_on_merge ?? repository.deleteBranchOnMerge,
    updatedAt: call.platform.timestamp(),
  });
  return json(200, renderFullRepository(viewOf(call), updated, readerOf(call)));
}

function remove(call: RepositoryCall): Reply {
  const { store, git } = call.platform;
  const { repository } = call;
  const hasForks = store.repositories.find((row) => row.parentId === repository.id) !== undefined;
  for (const pull of store.pulls.all()) {
    if (pull.headRepositoryId === repository.id) store.pulls.update(pull.id, { headRepositoryId: null });
  }
  for (const row of store.collaborators.group(repository.id)) store.collaborators.remove(row.id);
  store.repositories.remove(repository.id);
  if (!hasForks) rmSync(git.folder(repository.id), { recursive: true, force: true });
  return empty();
}

function fork(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const { store } = call.platform;
  const wanted = input(call, "Fork", forking);
  const owner = wanted.organization === undefined ? author : findAccount(store, wanted.organization);
  if (owner === undefined) throw validationFailed([{ resource: "Fork", field: "organization", code: "invalid" }]);
  const name = wanted.name ?? call.repository.name;
  const existing = findRepository(store, owner.login, name);
  if (existing !== undefined && existing.parentId !== call.repository.id) {
    if (existing.id === call.repository.id || roleOf(store, existing, author.id) === "admin") {
      throw validationFailed([{ resource: "Fork", field: "name", code: "already_exists" }]);
    }
    throw forbidden("name already exists on this account");
  }
  const made = existing ?? forkRepository(call.platform, call.repository, owner, name, call.actor);
  return json(202, renderFullRepository(viewOf(call), made, author.id));
}
