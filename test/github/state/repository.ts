// A repository, who may work on it, and the rules for its branches and tags.
import type { Row } from "./database.ts";
import type { Role } from "./permissions.ts";

export interface Repository extends Row {
  readonly name: string;
  readonly ownerId: number;
  readonly description: string | null;
  readonly homepage: string | null;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** The repository this one was forked from. */
  readonly parentId: number | null;
  readonly archived: boolean;
  readonly topics: readonly string[];
  readonly hasIssues: boolean;
  readonly allowMergeCommit: boolean;
  readonly allowSquashMerge: boolean;
  readonly allowRebaseMerge: boolean;
  readonly deleteBranchOnMerge: boolean;
  readonly immutableReleases: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly pushedAt: string;
}

export interface Collaborator extends Row {
  readonly repositoryId: number;
  readonly accountId: number;
  readonly role: Role;
}

/** A context or check name that must have succeeded; `appId` null: whoever reports it. */
export interface RequiredCheck {
  readonly context: string;
  readonly appId: number | null;
}

export interface BranchProtection extends Row {
  readonly repositoryId: number;
  readonly branch: string;
  readonly requiredChecks: readonly RequiredCheck[] | null;
  /** The branch must contain its base before it may be merged. */
  readonly strict: boolean;
  readonly enforceAdmins: boolean;
  readonly requiredApprovals: number | null;
  readonly linearHistory: boolean;
  readonly allowForcePushes: boolean;
  readonly allowDeletions: boolean;
  readonly lockBranch: boolean;
  /** Logins and App slugs that alone may push; null: everybody with write access. */
  readonly restrictions: { readonly users: readonly string[]; readonly apps: readonly string[] } | null;
}

export interface RulesetRule {
  readonly type: string;
  readonly parameters?: { readonly [key: string]: unknown };
}

export interface BypassActor {
  readonly actor_id: number | null;
  readonly actor_type: string;
  readonly bypass_mode: string;
}

export interface Ruleset extends Row {
  readonly repositoryId: number;
  readonly name: string;
  readonly target: "branch" | "tag";
  readonly enforcement: "disabled" | "active" | "evaluate";
  /** Patterns such as `refs/heads/release/**`, `~DEFAULT_BRANCH`, `~ALL`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly RulesetRule[];
  readonly bypassActors: readonly BypassActor[];
  readonly createdAt: string;
  readonly updatedAt: string;
}
