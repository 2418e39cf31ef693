// Who may work on a repository, and with which role.
import { z } from "zod";
import { roleOf } from "../auth/authorize.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderUser } from "../render/account.ts";
import { renderRights } from "../render/repository.ts";
import { viewOf } from "../render/view.ts";
import type { Account } from "../state/account.ts";
import { legacyPermission, type Role } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf, findAccount, type Store } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const roles: Readonly<Record<string, Role>> = {
  pull: "read",
  triage: "triage",
  push: "write",
  maintain: "maintain",
  admin: "admin",
};

export function addCollaboratorRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const admin = { permissions: ["administration:write"], role: "admin" } as const;
  const read = { permissions: ["metadata:read"], role: "read" } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/collaborators", { ...read, role: "write" }, list);
  router.repositoryRoute("GET /repos/{owner}/{repo}/collaborators/{username}", read, (call) => {
    const account = accountNamed(call);
    const listed = call.platform.store.collaborators
      .group(call.repository.id)
      .some((row) => row.accountId === account.id);
    if (!listed && account.id !== call.repository.ownerId) throw notFound();
    return empty();
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/collaborators/{username}/permission", read, getPermission);
  router.repositoryRoute("PUT /repos/{owner}/{repo}/collaborators/{username}", admin, add);
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/collaborators/{username}", admin, (call) => {
    setRole(call.platform.store, call.repository, accountNamed(call).id, "none");
    return empty();
  });
}

/** Gives somebody a role on a repository; `none` takes it away. */
export function setRole(store: Store, repository: Repository, accountId: number, role: Role): void {
  const known = store.collaborators.group(repository.id).find((row) => row.accountId === accountId);
  if (role === "none") {
    if (known !== undefined) store.collaborators.remove(known.id);
  } else if (known === undefined) store.collaborators.insert({ repositoryId: repository.id, accountId, role });
  else store.collaborators.update(known.id, { role });
}

function accountNamed(call: RepositoryCall): Account {
  const account = findAccount(call.platform.store, param(call, "username"));
  if (account === undefined) throw notFound();
  return account;
}

function renderCollaborator(call: RepositoryCall, account: Account): JsonObject {
  const role = roleOf(call.platform.store, call.repository, account.id);
  return { ...renderUser(viewOf(call), account), permissions: renderRights(role), role_name: role };
}

function list(call: RepositoryCall): Reply {
  const { store } = call.platform;
  const ids = [call.repository.ownerId, ...store.collaborators.group(call.repository.id).map((row) => row.accountId)];
  return paginate(call, ids, (id) => renderCollaborator(call, accountOf(store, id)));
}

function getPermission(call: RepositoryCall): Reply {
  const account = accountNamed(call);
  const role = roleOf(call.platform.store, call.repository, account.id);
  return json(200, { permission: legacyPermission(role), role_name: role, user: renderCollaborator(call, account) });
}

function add(call: RepositoryCall): Reply {
  const wanted = input(call, "Collaborator", z.object({ permission: z.string().optional() }));
  const role = roles[wanted.permission ?? "push"];
  if (role === undefined) throw validationFailed([{ resource: "Collaborator", field: "permission", code: "invalid" }]);
  setRole(call.platform.store, call.repository, accountNamed(call).id, role);
  return empty();
}
