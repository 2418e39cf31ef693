// Workflow runs and their jobs, as the reader of evidence needs them.
import type { RepositoryClient } from "./client.ts";

export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
  readonly event: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly headRepositoryId: number | null;
  /** Path of the workflow file, without the ref GitHub may put behind it. */
  readonly path: string;
  readonly createdAt: string;
}

interface RawRun {
  readonly id: number;
  readonly run_attempt?: number;
  readonly html_url: string;
  readonly event: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly head_sha: string;
  readonly head_branch: string | null;
  readonly head_repository?: { readonly id: number } | null;
  readonly path: string;
  readonly created_at: string;
}

/** A run of the API or of a webhook in our terms. */
export function readRun(run: RawRun): WorkflowRun {
  return {
    id: run.id,
    attempt: run.run_attempt ?? 1,
    url: run.html_url,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    headSha: run.head_sha,
    headBranch: run.head_branch,
    headRepositoryId: run.head_repository?.id ?? null,
    path: run.path.replace(/@.*$/, ""),
    createdAt: run.created_at,
  };
}

/** As it is now. */
export async function getRun(repository: RepositoryClient, runId: number): Promise<WorkflowRun> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.actions.getWorkflowRun({ owner, repo: name, run_id: runId });
  return readRun(data);
}

/** Runs of that commit, newest first. */
export async function listRunsOfHead(repository: RepositoryClient, headSha: string): Promise<readonly WorkflowRun[]> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.actions.listWorkflowRunsForRepo, {
    owner,
    repo: name,
    head_sha: headSha,
    per_page: 100,
  });
  return found.map(readRun).sort((a, b) => b.id - a.id);
}

export interface WorkflowJob {
  readonly id: number;
  /** `caller / job` for jobs of a reusable workflow. */
  readonly name: string;
  readonly conclusion: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly url: string | null;
}

/** Jobs of the newest attempt of a run. */
export async function listJobs(repository: RepositoryClient, runId: number): Promise<readonly WorkflowJob[]> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.actions.listJobsForWorkflowRun, {
    owner,
    repo: name,
    run_id: runId,
    filter: "latest",
    per_page: 100,
  });
  return found.map((job) => ({
    id: job.id,
    name: job.name,
    conclusion: job.conclusion,
    startedAt: job.started_at,
    completedAt: job.completed_at,
    url: job.html_url,
  }));
}

/** Asks GitHub to run the whole workflow run again. */
export async function rerunWorkflow(repository: RepositoryClient, runId: number): Promise<void> {
  const { client, owner, name } = repository;
  await client.rest.actions.reRunWorkflow({ owner, repo: name, run_id: runId });
}
