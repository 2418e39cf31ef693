// Branch protection and rulesets as the API shows them.
import { protectionOf } from "../changes/ref-rules.ts";
import type { JsonObject } from "../json.ts";
import type { BranchProtection, Repository, RequiredCheck, Ruleset } from "../state/repository.ts";
import { findAccount, fullName } from "../state/store.ts";
import { renderUser } from "./account.ts";
import { renderApp } from "./app.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";
import { nodeId, type View } from "./view.ts";

/** The short form that stands in a branch; `enabled` false when the branch is not protected. */
export function renderBranchProtection(view: View, repository: Repository, ref: string): JsonObject {
  const protection = protectionOf(view.platform, repository, ref);
  const checks = protection?.requiredChecks ?? [];
  return {
    enabled: protection !== undefined,
    required_status_checks: {
      enforcement_level:
        protection?.requiredChecks == null ? "off" : protection.enforceAdmins ? "everyone" : "non_admins",
      contexts: checks.map((check) => check.context),
      checks: renderChecks(checks),
    },
  };
}

export function renderChecks(checks: readonly RequiredCheck[]): JsonObject[] {
  return checks.map((check) => ({ context: check.context, app_id: check.appId }));
}

/** `protected-branch`. */
export function renderProtection(view: View, repository: Repository, protection: BranchProtection): JsonObject {
  const url = `${repositoryUrl(view, repository)}/branches/${protection.branch}/protection`;
  const { restrictions } = protection;
  return {
    url,
    ...(protection.requiredChecks === null ? {} : { required_status_checks: renderStatusPolicy(url, protection) }),
    ...(protection.requiredApprovals === null
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: false,
            require_code_owner_reviews: false,
            require_last_push_approval: false,
            required_approving_review_count: protection.requiredApprovals,
          },
        }),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: protection.linearHistory },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: protection.allowDeletions },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: protection.lockBranch },
    allow_fork_syncing: { enabled: false },
    ...(restrictions === null ? {} : { restrictions: renderRestrictions(view, url, restrictions) }),
  };
}

function renderStatusPolicy(url: string, protection: BranchProtection): JsonObject {
  const checks = protection.requiredChecks ?? [];
  return {
    url: `${url}/required_status_checks`,
    strict: protection.strict,
    contexts: checks.map((check) => check.context),
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: renderChecks(checks),
  };
}

function renderRestrictions(
  view: View,
  protectionUrl: string,
  restrictions: NonNullable<BranchProtection["restrictions"]>,
): JsonObject {
  const url = `${protectionUrl}/restrictions`;
  const users = restrictions.users.flatMap((login) => {
    const account = findAccount(view.store, login);
    return account === undefined ? [] : [renderUser(view, account)];
  });
  const apps = restrictions.apps.flatMap((slug) => {
    const app = view.store.apps.find((row) => row.slug === slug);
    return app === undefined ? [] : [renderApp(view, app)];
  });
  return { url, users_url: `${url}/users`, teams_url: `${url}/teams`, apps_url: `${url}/apps`, users, teams: [], apps };
}

/** `repository-ruleset`. */
export function renderRuleset(view: View, repository: Repository, ruleset: Ruleset): JsonObject {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: "Repository",
    source: fullName(view.store, repository),
    enforcement: ruleset.enforcement,
    conditions: { ref_name: { include: [...ruleset.include], exclude: [...ruleset.exclude] } },
    rules: ruleset.rules.map((rule) => ({ ...rule }) as JsonObject),
    bypass_actors: ruleset.bypassActors.map((actor) => ({ ...actor })),
    node_id: nodeId("RepositoryRuleset", ruleset.id),
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    current_user_can_bypass: "never",
    _links: {
      self: { href: `${repositoryUrl(view, repository)}/rulesets/${ruleset.id}` },
      html: { href: `${repositoryPage(view, repository)}/rules/${ruleset.id}` },
    },
  };
}
