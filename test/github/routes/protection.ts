// Rules for branches and tags: branch protection and rulesets.
import { z } from "zod";
import { rulesetsFor } from "../changes/ref-rules.ts";
import { readRef } from "../git/refs.ts";
import { idParam, input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, json, notFound, type Reply } from "../http/reply.ts";
import { renderProtection, renderRuleset } from "../render/protection.ts";
import { viewOf } from "../render/view.ts";
import type { BranchProtection, Ruleset } from "../state/repository.ts";
import { fullName } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const protecting = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean(),
      contexts: z.array(z.string()).optional(),
      checks: z.array(z.object({ context: z.string(), app_id: z.number().nullish() })).optional(),
    })
    .nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z.object({ required_approving_review_count: z.number().optional() }).nullable(),
  restrictions: z
    .object({ users: z.array(z.string()), teams: z.array(z.string()), apps: z.array(z.string()).optional() })
    .nullable(),
  required_linear_history: z.boolean().optional(),
  allow_force_pushes: z.boolean().nullish(),
  allow_deletions: z.boolean().optional(),
  lock_branch: z.boolean().optional(),
});

const rulesetWish = z.object({
  name: z.string(),
  target: z.enum(["branch", "tag"]).optional(),
  enforcement: z.enum(["disabled", "active", "evaluate"]),
  conditions: z
    .object({ ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }) })
    .optional(),
  rules: z.array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() })).optional(),
  bypass_actors: z
    .array(z.object({ actor_id: z.number().nullish(), actor_type: z.string(), bypass_mode: z.string().optional() }))
    .optional(),
});

export function addProtectionRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["administration:read"], role: "admin" } as const;
  const write = { permissions: ["administration:write"], role: "admin" } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/branches/{branch}/protection", read, (call) =>
    json(200, renderProtection(viewOf(call), call.repository, protectionNamed(call))),
  );
  router.repositoryRoute("PUT /repos/{owner}/{repo}/branches/{branch}/protection", write, protect);
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/branches/{branch}/protection", write, (call) => {
    call.platform.store.protections.remove(protectionNamed(call).id);
    return empty();
  });
  const readRules = { permissions: ["metadata:read"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/rulesets", readRules, (call) =>
    paginate(call, call.platform.store.rulesets.group(call.repository.id), (row) => {
      const {
        rules: _,
        bypass_actors: __,
        conditions: ___,
        ...short
      } = renderRuleset(viewOf(call), call.repository, row);
      return short;
    }),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/rulesets", write, (call) => {
    const row = call.platform.store.rulesets.insert({ ...readRuleset(call), createdAt: call.platform.timestamp() });
    return json(201, renderRuleset(viewOf(call), call.repository, row));
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", readRules, (call) =>
    json(200, renderRuleset(viewOf(call), call.repository, rulesetNamed(call))),
  );
  router.repositoryRoute("PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}", write, (call) => {
    const row = call.platform.store.rulesets.update(rulesetNamed(call).id, readRuleset(call));
    return json(200, renderRuleset(viewOf(call), call.repository, row));
  });
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/rulesets/{ruleset_id}", write, (call) => {
    call.platform.store.rulesets.remove(rulesetNamed(call).id);
    return empty();
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/rules/branches/{branch}", readRules, listBranchRules);
}

function protectionNamed(call: RepositoryCall): BranchProtection {
  const branch = param(call, "branch");
  const found = call.platform.store.protections.group(call.repository.id).find((row) => row.branch === branch);
  if (found === undefined) throw notFound("Branch not protected");
  return found;
}

function protect(call: RepositoryCall): Reply {
  const wanted = input(call, "ProtectedBranch", protecting);
  const { store, git } = call.platform;
  const branch = param(call, "branch");
  if (readRef(git.folder(call.repository.id), `refs/heads/${branch}`) === undefined) throw notFound("Branch not found");
  const checks = wanted.required_status_checks;
  const named = new Map((checks?.contexts ?? []).map((context) => [context, null as number | null]));
  for (const check of checks?.checks ?? [])
    named.set(check.context, check.app_id == null || check.app_id < 0 ? null : check.app_id);
  const row = {
    repositoryId: call.repository.id,
    branch,
    requiredChecks: checks === null ? null : [...named].map(([context, appId]) => ({ context, appId })),
    strict: checks?.strict ?? false,
    enforceAdmins: wanted.enforce_admins ?? false,
    requiredApprovals:
      wanted.required_pull_request_reviews === null
        ? null
        : (wanted.required_pull_request_reviews.required_approving_review_count ?? 1),
    linearHistory: wanted.required_linear_history ?? false,
    allowForcePushes: wanted.allow_force_pushes ?? false,
    allowDeletions: wanted.allow_deletions ?? false,
    lockBranch: wanted.lock_branch ?? false,
    restrictions:
      wanted.restrictions === null ? null : { users: wanted.restrictions.users, apps: wanted.restrictions.apps ?? [] },
  };
  const known = store.protections.group(call.repository.id).find((one) => one.branch === branch);
  const saved = known === undefined ? store.protections.insert(row) : store.protections.update(known.id, row);
  return json(200, renderProtection(viewOf(call), call.repository, saved));
}

function readRuleset(call: RepositoryCall): Omit<Ruleset, "id" | "createdAt"> {
  const wanted = input(call, "RepositoryRuleset", rulesetWish);
  return {
    repositoryId: call.repository.id,
    name: wanted.name,
    target: wanted.target ?? "branch",
    enforcement: wanted.enforcement,
    include: wanted.conditions?.ref_name.include ?? [],
    exclude: wanted.conditions?.ref_name.exclude ?? [],
    rules: (wanted.rules ?? []).map((rule) =>
      rule.parameters === undefined ? { type: rule.type } : { type: rule.type, parameters: rule.parameters },
    ),
    bypassActors: (wanted.bypass_actors ?? []).map((actor) => ({
      actor_id: actor.actor_id ?? null,
      actor_type: actor.actor_type,
      bypass_mode: actor.bypass_mode ?? "always",
    })),
    updatedAt: call.platform.timestamp(),
  };
}

function rulesetNamed(call: RepositoryCall): Ruleset {
  const found = call.platform.store.rulesets.get(idParam(call, "ruleset_id"));
  if (found?.repositoryId !== call.repository.id) throw notFound();
  return found;
}

function listBranchRules(call: RepositoryCall): Reply {
  const rulesets = rulesetsFor(call.platform, call.repository, `refs/heads/${param(call, "branch")}`);
  const rows = rulesets.flatMap((ruleset) => ruleset.rules.map((rule) => ({ ruleset, rule })));
  return paginate(call, rows, ({ ruleset, rule }) => ({
    ...rule,
    ruleset_source_type: "Repository",
    ruleset_source: fullName(call.platform.store, call.repository),
    ruleset_id: ruleset.id,
  }));
}
