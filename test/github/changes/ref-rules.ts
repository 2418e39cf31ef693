// Whether branch protection and rulesets allow a branch or tag to move.
import { type Actor, appOf } from "../auth/actor.ts";
import { roleOf } from "../auth/authorize.ts";
import { readCommit } from "../git/commits.ts";
import { listRefs } from "../git/refs.ts";
import { findEntry } from "../git/trees.ts";
import type { Platform } from "../platform.ts";
import type { BranchProtection, Repository, Ruleset, RulesetRule } from "../state/repository.ts";
import type { RefMove } from "./refs-moved.ts";
import { missingChecks } from "./required-checks.ts";

export interface RefVerdict {
  /** Reasons against, as GitHub words them; empty: allowed. */
  readonly refusals: readonly string[];
  /** The move is allowed only if it is a fast-forward. */
  readonly fastForwardOnly: boolean;
}

/** `merging`: a pull request is being merged, whose own conditions were checked. */
export function judgeRefMove(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  move: RefMove,
  merging: boolean,
): RefVerdict {
  const refusals: string[] = [];
  let fastForwardOnly = false;
  if (move.name.startsWith("refs/pull/")) refusals.push("deny updating a hidden ref");
  const protection = protectionOf(platform, repository, move.name);
  if (protection !== undefined) {
    fastForwardOnly = !protection.allowForcePushes;
    refusals.push(...protectionRefusals(platform, repository, actor, move, protection, merging));
  }
  for (const ruleset of rulesetsFor(platform, repository, move.name)) {
    if (canBypass(platform, repository, actor, ruleset)) continue;
    for (const rule of ruleset.rules) {
      if (rule.type === "non_fast_forward") fastForwardOnly = true;
      const refusal = ruleRefusal(platform, repository, move, rule, merging);
      if (refusal !== undefined) refusals.push(refusal);
    }
  }
  const workflows = workflowRefusal(platform, repository, actor, move);
  if (workflows !== undefined && !merging) refusals.push(workflows);
  return { refusals, fastForwardOnly };
}

/** The protection of a branch (full ref name), exact or by pattern. */
export function protectionOf(platform: Platform, repository: Repository, ref: string): BranchProtection | undefined {
  if (!ref.startsWith("refs/heads/")) return undefined;
  const branch = ref.slice("refs/heads/".length);
  return platform.store.protections.group(repository.id).find((row) => row.branch === branch);
}

/** Active rulesets that name this ref. */
export function rulesetsFor(platform: Platform, repository: Repository, ref: string): Ruleset[] {
  const target = ref.startsWith("refs/tags/") ? "tag" : "branch";
  if (target === "branch" && !ref.startsWith("refs/heads/")) return [];
  const names = (pattern: string): boolean => {
    if (pattern === "~ALL") return true;
    if (pattern === "~DEFAULT_BRANCH") return ref === `refs/heads/${repository.defaultBranch}`;
    return globMatches(pattern, ref);
  };
  return platform.store.rulesets
    .group(repository.id)
    .filter((row) => row.enforcement === "active" && row.target === target)
    .filter((row) => row.include.some(names) && !row.exclude.some(names));
}

/** `*` stays within a path segment, `**` does not; as fnmatch with FNM_PATHNAME. */
export function globMatches(pattern: string, text: string): boolean {
  const source = pattern
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => {
      if (part === "**/") return "(?:.*/)?";
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`).test(text);
}

function protectionRefusals(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  move: RefMove,
  protection: BranchProtection,
  merging: boolean,
): string[] {
  const refusals: string[] = [];
  const isAdmin = actor.kind === "user" && roleOf(platform.store, repository, actor.account.id) === "admin";
  if (move.after === undefined && !protection.allowDeletions) refusals.push("Cannot delete this branch");
  if (protection.lockBranch) refusals.push("Cannot change this locked branch");
  const { restrictions } = protection;
  if (restrictions !== null && !(isAdmin && !protection.enforceAdmins)) {
    const app = appOf(actor);
    const login = actor.kind === "user" ? actor.account.login : "";
    const listed = app === null ? restrictions.users.includes(login) : restrictions.apps.includes(app.slug);
    if (!listed) refusals.push("You're not authorized to push to this branch.");
  }
  if (merging || move.after === undefined || (isAdmin && !protection.enforceAdmins)) return refusals;
  if (protection.requiredApprovals !== null) refusals.push("Changes must be made through a pull request.");
  if (protection.requiredChecks !== null) {
    const missing = missingChecks(platform, repository, [move.after], protection.requiredChecks);
    if (missing.length > 0) refusals.push(`Required status check "${missing[0]?.context}" is expected.`);
  }
  return refusals;
}

function ruleRefusal(
  platform: Platform,
  repository: Repository,
  move: RefMove,
  rule: RulesetRule,
  merging: boolean,
): string | undefined {
  const { before, after } = move;
  switch (rule.type) {
    case "creation":
      return before === undefined ? "Cannot create ref due to creations being restricted." : undefined;
    case "update":
      return before !== undefined && after !== undefined ? "Cannot update this protected ref." : undefined;
    case "deletion":
      return after === undefined ? "Cannot delete this protected ref" : undefined;
    case "required_linear_history": {
      const commit = after === undefined ? undefined : readCommit(platform.git.folder(repository.id), after);
      return commit !== undefined && commit.parents.length > 1
        ? "This branch must not contain merge commits."
        : undefined;
    }
    case "pull_request":
      return merging || after === undefined ? undefined : "Changes must be made through a pull request.";
    case "required_status_checks": {
      if (merging || after === undefined) return undefined;
      const missing = missingChecks(platform, repository, [after], requiredByRule(rule));
      return missing.length === 0 ? undefined : `Required status check "${missing[0]?.context}" is expected.`;
    }
    default:
      return undefined;
  }
}

/** The checks that a `required_status_checks` rule names. */
export function requiredByRule(rule: RulesetRule): { context: string; appId: number | null }[] {
  const list = rule.parameters?.["required_status_checks"];
  if (!Array.isArray(list)) return [];
  return list.map((item: { context?: unknown; integration_id?: unknown }) => ({
    context: String(item.context),
    appId: typeof item.integration_id === "number" ? item.integration_id : null,
  }));
}

function canBypass(platform: Platform, repository: Repository, actor: Actor, ruleset: Ruleset): boolean {
  const app = appOf(actor);
  return ruleset.bypassActors.some((bypass) => {
    if (bypass.bypass_mode === "pull_request") return false;
    if (bypass.actor_type === "Integration") return app !== null && app.id === bypass.actor_id && actor.kind !== "job";
    if (actor.kind !== "user") return false;
    const role = roleOf(platform.store, repository, actor.account.id);
    if (bypass.actor_type === "OrganizationAdmin") return role === "admin";
    if (bypass.actor_type !== "RepositoryRole") return false;
    const needed = { 5: "admin", 2: "maintain", 4: "write" }[bypass.actor_id ?? 0];
    return role === needed || role === "admin";
  });
}

/** Tokens of Apps and jobs may not bring new workflow files unless they have the permission for it. */
function workflowRefusal(platform: Platform, repository: Repository, actor: Actor, move: RefMove): string | undefined {
  if (actor.kind !== "installation" && actor.kind !== "job") return undefined;
  if (move.after === undefined || actor.permissions["workflows"] === "write") return undefined;
  const folder = platform.git.folder(repository.id);
  const workflowsOf = (sha: string): string | undefined => {
    const tree = readCommit(folder, sha)?.tree;
    return tree === undefined ? undefined : findEntry(folder, tree, ".github/workflows")?.sha;
  };
  const brought = workflowsOf(move.after);
  if (brought === undefined || (move.before !== undefined && workflowsOf(move.before) === brought)) return undefined;
  if (listRefs(folder, "refs/heads/").some((ref) => workflowsOf(ref.sha) === brought)) return undefined;
  return "refusing to allow a GitHub App to create or update workflow without `workflows` permission";
}
