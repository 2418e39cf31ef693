// What a job's token may do: the `permissions` of workflow and job, the repository's default, and the limits above them.
import { isTemplateMapping, type TemplateValue } from "./template.ts";

export type AccessLevel = "none" | "read" | "write";

/** Scopes as workflows write them (`pull-requests`), each with its level; a scope that is not named has none. */
export type Permissions = Readonly<Record<string, AccessLevel>>;

const scopes = [
  ...["actions", "attestations", "checks", "contents", "deployments", "discussions", "id-token", "issues", "packages"],
  ...["pages", "pull-requests", "repository-projects", "security-events", "statuses"],
];

/** GitHub's restricted default for repositories made since 2023. */
export const defaultPermissions: Permissions = { contents: "read", packages: "read" };

/** Everything, as `write-all`; the ceiling of a run that nothing limits. */
export const allPermissions: Permissions = grantAll("write");

/** Reads a `permissions:` value; undefined when the file does not have one. */
export function readPermissions(value: TemplateValue | undefined): Permissions | undefined {
  if (value === undefined) return undefined;
  if (value === "read-all") return grantAll("read");
  if (value === "write-all") return allPermissions;
  if (!isTemplateMapping(value)) return {};
  return Object.fromEntries([...value.entries].map(([scope, level]) => [scope, toLevel(level)]));
}

/** The lower of the two levels for every scope: a called workflow can keep or lose rights, never gain them. */
export function limitPermissions(wanted: Permissions, ceiling: Permissions): Permissions {
  const kept = Object.entries(wanted).map(([scope, level]): [string, AccessLevel] => [
    scope,
    rank(level) <= rank(ceiling[scope] ?? "none") ? level : (ceiling[scope] ?? "none"),
  ]);
  return Object.fromEntries(kept.filter(([, level]) => level !== "none"));
}

/** What is asked for above the ceiling, in GitHub's words; undefined when nothing is. */
export function describeExcess(wanted: Permissions, ceiling: Permissions): string | undefined {
  const tooHigh = Object.entries(wanted).filter(([scope, level]) => rank(level) > rank(ceiling[scope] ?? "none"));
  if (tooHigh.length === 0) return undefined;
  const list = (levels: readonly (readonly [string, AccessLevel])[]): string =>
    levels.map(([scope, level]) => `${scope}: ${level}`).join(", ");
  return `'${list(tooHigh)}', but is only allowed '${list(tooHigh.map(([scope]) => [scope, ceiling[scope] ?? "none"]))}'.`;
}

/** A fork's pull request: every write becomes a read, and no identity token. */
export function makeReadOnly(permissions: Permissions): Permissions {
  const kept = Object.entries(permissions).filter(([scope, level]) => scope !== "id-token" && level !== "none");
  return Object.fromEntries(kept.map(([scope]) => [scope, "read" as const]));
}

function grantAll(level: AccessLevel): Permissions {
  return Object.fromEntries(scopes.map((scope) => [scope, scope === "id-token" && level === "read" ? "none" : level]));
}

function toLevel(value: TemplateValue): AccessLevel {
  return value === "read" || value === "write" ? value : "none";
}

function rank(level: AccessLevel): number {
  return { none: 0, read: 1, write: 2 }[level];
}
