// Who may do what: asked of GitHub each time, and anything but a clear answer is no.
import type { RepositoryClient } from "./client.ts";

const levels = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type PermissionLevel = (typeof levels)[number];

/**
 * The person's level in the repository. Custom roles count as the level they are built on; somebody unknown has none.
 * Any failure of the request is thrown: the caller refuses.
 */
export async function readPermission(repository: RepositoryClient, login: string): Promise<PermissionLevel> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.repos.getCollaboratorPermissionLevel({ owner, repo: name, username: login });
  const role = levels.find((level) => level === data.role_name);
  if (role) return role;
  return levels.find((level) => level === data.permission) ?? "none";
}

/** True when `level` is `needed` or more. */
export function isAtLeast(level: PermissionLevel, needed: PermissionLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(needed);
}
