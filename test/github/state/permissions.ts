// What tokens of Apps and jobs may do, and what people may do: names and order are GitHub's.

export type Access = "read" | "write" | "admin";

/** Permission name as in the API (`pull_requests`) to the highest access granted. */
export type Permissions = Readonly<Record<string, Access>>;

export type Role = "none" | "read" | "triage" | "write" | "maintain" | "admin";

const accessOrder: readonly Access[] = ["read", "write", "admin"];
const roleOrder: readonly Role[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** Whether `granted` covers `needed`; an absent grant covers nothing. */
export function coversAccess(granted: Access | undefined, needed: Access): boolean {
  return granted !== undefined && accessOrder.indexOf(granted) >= accessOrder.indexOf(needed);
}

export function coversRole(held: Role, needed: Role): boolean {
  return roleOrder.indexOf(held) >= roleOrder.indexOf(needed);
}

/** The word of the permission lookup: `maintain` reads as write, `triage` as read. */
export function legacyPermission(role: Role): "admin" | "write" | "read" | "none" {
  if (role === "maintain") return "write";
  if (role === "triage") return "read";
  return role;
}
