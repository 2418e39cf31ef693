// Whether an actor may do this to this repository: 401, 403 and 404 as GitHub answers them.

import { forbidden, notFound, unauthorized } from "../http/reply.ts";
import type { RouteOptions } from "../http/router.ts";
import type { Access } from "../state/permissions.ts";
import { coversAccess, coversRole, type Role } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf, type Store } from "../state/store.ts";
import type { Actor } from "./actor.ts";

/** The role a person holds: owner admin, collaborator as given, everybody else `read` on public repositories. */
export function roleOf(store: Store, repository: Repository, accountId: number): Role {
  if (repository.ownerId === accountId) return "admin";
  const account = accountOf(store, accountId);
  if (account.siteAdmin) return "admin";
  const collaborator = store.collaborators.group(repository.id).find((row) => row.accountId === accountId);
  if (collaborator !== undefined && collaborator.role !== "none") return collaborator.role;
  return repository.private ? "none" : "read";
}

/** Whether an App's or job's token reaches the repository at all. */
export function reaches(actor: Actor, repository: Repository): boolean {
  if (actor.kind === "job") return actor.repositoryIds?.includes(repository.id) ?? false;
  if (actor.kind !== "installation") return false;
  if (actor.installation.accountId !== repository.ownerId) return false;
  const within = (ids: readonly number[] | null): boolean => ids === null || ids.includes(repository.id);
  return within(actor.installation.repositoryIds) && within(actor.repositoryIds);
}

/** Whether the actor may see that the repository exists. */
export function canSee(store: Store, actor: Actor, repository: Repository): boolean {
  if (!repository.private) return true;
  if (actor.kind === "user") return coversRole(roleOf(store, repository, actor.account.id), "read");
  return reaches(actor, repository);
}

/** Throws unless the actor may do what the route needs. `method` decides what an unauthenticated reader may do. */
export function authorize(
  store: Store,
  actor: Actor,
  repository: Repository,
  options: RouteOptions,
  method: string,
): void {
  if (!canSee(store, actor, repository)) throw notFound();
  const needed = (options.permissions ?? []).map(parsePermission);
  const readOnly = needed.every(({ access }) => access === "read") && (method === "GET" || method === "HEAD");
  if (actor.kind === "anonymous") {
    if (!readOnly) throw unauthorized("Requires authentication");
    return;
  }
  if (actor.kind === "app") throw unauthorized("A JSON web token could not be used here");
  if (actor.kind === "user") {
    const role = options.role ?? (readOnly ? "read" : "write");
    if (coversRole(roleOf(store, repository, actor.account.id), role)) return;
    throw forbidden(
      role === "admin" ? "Must have admin rights to Repository." : `Must have ${role} access to Repository.`,
    );
  }
  if (readOnly && !repository.private && !reaches(actor, repository)) return;
  if (!reaches(actor, repository)) throw forbidden("Resource not accessible by integration");
  if (needed.length === 0) return;
  if (needed.some(({ name, access }) => coversAccess(actor.permissions[name], access))) return;
  throw forbidden("Resource not accessible by integration", acceptedPermissions(options));
}

/** The header that names the permissions one of which would have been enough. */
export function acceptedPermissions(options: RouteOptions): Record<string, string> {
  const list = (options.permissions ?? []).map((permission) => permission.replace(":", "="));
  return list.length === 0 ? {} : { "x-accepted-github-permissions": list.join("; ") };
}

function parsePermission(text: string): { name: string; access: Access } {
  const [name = "", access = "read"] = text.split(":");
  return { name, access: access as Access };
}
