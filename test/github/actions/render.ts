// Workflows, runs, jobs and artifacts as the API and the webhooks show them.
import { readCommit } from "../git/commits.ts";
import type { JsonObject } from "../json.ts";
import { renderUserId } from "../render/account.ts";
import { renderRepository, repositoryPage, repositoryUrl } from "../render/repository.ts";
import { nodeId, type View } from "../render/view.ts";
import type { Repository } from "../state/repository.ts";
import type { ArtifactRow, JobRow, RunRow, StepRow, WorkflowRow } from "./state.ts";

/** `workflow`. */
export function renderWorkflow(view: View, repository: Repository, workflow: WorkflowRow): JsonObject {
  const page = repositoryPage(view, repository);
  return {
    id: workflow.id,
    node_id: nodeId("Workflow", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryUrl(view, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** `workflow-run`. */
export function renderRun(view: View, repository: Repository, run: RunRow): JsonObject {
  const base = repositoryUrl(view, repository);
  const url = `${base}/actions/runs/${run.id}`;
  const headRepository = view.store.repositories.get(run.headRepositoryId) ?? repository;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WorkflowRun", run.id),
    check_suite_id: run.checkSuiteId,
    check_suite_node_id: nodeId("CheckSuite", run.checkSuiteId),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: run.number,
    run_attempt: run.attempt,
    display_title: run.displayTitle,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    url,
    html_url: `${repositoryPage(view, repository)}/actions/runs/${run.id}`,
    pull_requests: renderPulls(view, repository, run),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.startedAt,
    actor: renderUserId(view, run.actorId),
    triggering_actor: renderUserId(view, run.actorId),
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${run.checkSuiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${base}/actions/workflows/${run.workflowId}`,
    head_commit: renderHeadCommit(view, repository, run),
    repository: renderMinimal(view, repository),
    head_repository: renderMinimal(view, headRepository),
  };
}

/** `job`. */
export function renderJob(view: View, repository: Repository, run: RunRow, job: JobRow): JsonObject {
  const base = repositoryUrl(view, repository);
  const isTaken = job.status !== "queued" && job.conclusion !== "skipped";
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId("CheckRun", job.id),
    head_sha: run.headSha,
    url: `${base}/actions/jobs/${job.id}`,
    html_url: `${repositoryPage(view, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map(renderStep),
    check_run_url: `${base}/check-runs/${job.id}`,
    labels: [...job.labels],
    runner_id: isTaken ? 1 : null,
    runner_name: isTaken ? "local runner" : null,
    runner_group_id: isTaken ? 1 : null,
    runner_group_name: isTaken ? "Default" : null,
  };
}

function renderStep(step: StepRow): JsonObject {
  return {
    name: step.name,
    status: step.status,
    conclusion: step.conclusion,
    number: step.number,
    started_at: step.startedAt,
    completed_at: step.completedAt,
  };
}

/** `artifact`; `now` decides whether it has expired. */
export function renderArtifact(
  view: View,
  repository: Repository,
  run: RunRow,
  artifact: ArtifactRow,
  now: Date,
): JsonObject {
  const url = `${repositoryUrl(view, repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId("Artifact", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.sizeBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(artifact, now),
    digest: `sha256:${artifact.sha256}`,
    created_at: artifact.createdAt,
    updated_at: artifact.updatedAt,
    expires_at: artifact.expiresAt,
    workflow_run: {
      id: run.id,
      repository_id: repository.id,
      head_repository_id: run.headRepositoryId,
      head_branch: run.headBranch ?? "",
      head_sha: run.headSha,
    },
  };
}

export function isExpired(artifact: ArtifactRow, now: Date): boolean {
  return Date.parse(artifact.expiresAt) <= now.getTime();
}

/** As GitHub: empty for forks, so that nobody takes a number from here on trust. */
function renderPulls(view: View, repository: Repository, run: RunRow): JsonObject[] {
  const pull = view.store.pulls.group(repository.id).find((row) => row.number === run.pullNumber);
  if (pull === undefined || run.isRestricted) return [];
  const repo = { id: repository.id, url: repositoryUrl(view, repository), name: repository.name };
  return [
    {
      id: pull.id,
      number: pull.number,
      url: `${repo.url}/pulls/${pull.number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo },
    },
  ];
}

function renderHeadCommit(view: View, repository: Repository, run: RunRow): JsonObject | null {
  const commit = readCommit(view.platform.git.folder(repository.id), run.headSha);
  if (commit === undefined) return null;
  const { author, committer } = commit;
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

const minimalKeys = new Set(["id", "node_id", "name", "full_name", "private", "owner", "description", "fork", "url"]);
const cloneKeys = new Set(["git_url", "ssh_url", "clone_url", "svn_url", "mirror_url"]);

/** `minimal-repository` as runs carry it: names and addresses. */
function renderMinimal(view: View, repository: Repository): JsonObject {
  const whole = Object.entries(renderRepository(view, repository));
  const kept = whole.filter(([key]) => minimalKeys.has(key) || (key.endsWith("_url") && !cloneKeys.has(key)));
  return Object.fromEntries(kept);
}
