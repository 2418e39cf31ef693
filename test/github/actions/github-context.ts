// The `github` context of a run: what its expressions and GITHUB_* variables say.
import type { Repository } from "../state/repository.ts";
import { accountOf, fullName } from "../state/store.ts";
import type { ActionsService } from "./service.ts";
import type { RunRow } from "./state.ts";
import type { JsonValue } from "./workflow/expressions.ts";

/** Everything but what only the runner knows (workspace, token, job, action). */
export function buildGithubContext(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
): Readonly<Record<string, JsonValue>> {
  const { store } = service.platform;
  const actor = accountOf(store, run.actorId);
  const owner = accountOf(store, repository.ownerId);
  const name = fullName(store, repository);
  const pull = run.payload["pull_request"] as { base?: { ref?: string } } | undefined;
  return {
    actor: actor.login,
    actor_id: String(actor.id),
    triggering_actor: actor.login,
    event_name: run.event,
    event: run.payload as JsonValue,
    ref: run.ref,
    ref_name: run.ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    ref_type: run.ref.startsWith("refs/tags/") ? "tag" : "branch",
    ref_protected: store.protections.group(repository.id).some((rule) => `refs/heads/${rule.branch}` === run.ref),
    head_ref: run.event === "pull_request" ? (run.headBranch ?? "") : "",
    base_ref: run.event === "pull_request" ? (pull?.base?.ref ?? "") : "",
    sha: run.sha,
    repository: name,
    repository_id: String(repository.id),
    repository_owner: owner.login,
    repository_owner_id: String(owner.id),
    repositoryUrl: `${service.platform.url}/${name}.git`,
    repository_visibility: repository.private ? "private" : "public",
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    retention_days: "90",
    workflow: run.name,
    workflow_ref: `${name}/${run.path}@${run.ref}`,
    workflow_sha: run.workflowSha,
    secret_source: run.isRestricted ? "None" : "Actions",
  };
}
