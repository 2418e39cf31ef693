// Workflows, their runs and jobs, and artifacts, as the state keeps them; logs and bytes lie in files beside it.
import type { JsonObject } from "../json.ts";
import type { Row, Table } from "../state/database.ts";
import type { Store } from "../state/store.ts";
import type { Annotation } from "./runner/job-log.ts";

export interface WorkflowRow extends Row {
  readonly repositoryId: number;
  readonly path: string;
  readonly name: string;
  readonly state: "active" | "deleted";
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type RunStatus = "queued" | "in_progress" | "completed";
export type RunConclusion = "success" | "failure" | "cancelled" | "skipped" | "timed_out" | "startup_failure";

export interface RunRow extends Row {
  readonly repositoryId: number;
  readonly workflowId: number;
  readonly number: number;
  readonly attempt: number;
  readonly name: string;
  readonly displayTitle: string;
  readonly path: string;
  readonly event: string;
  readonly status: RunStatus;
  readonly conclusion: RunConclusion | null;
  readonly actorId: number;
  /** The commit that checks and lists go by: a pull request's head. */
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly headRepositoryId: number;
  readonly pullNumber: number | null;
  /** GITHUB_REF and GITHUB_SHA: of a pull request, its test merge. */
  readonly ref: string;
  readonly sha: string;
  /** The commit whose version of the workflow file runs. */
  readonly workflowSha: string;
  /** A fork's pull request: the tokens of its jobs read only, and there are no secrets. */
  readonly isRestricted: boolean;
  readonly checkSuiteId: number;
  readonly payload: JsonObject;
  /** Why there are no jobs: problems of the workflow file. */
  readonly problems: readonly string[];
  readonly createdAt: string;
  readonly startedAt: string;
  readonly updatedAt: string;
}

export interface JobRow extends Row {
  readonly repositoryId: number;
  readonly runId: number;
  readonly attempt: number;
  /** Key in the workflow file. */
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly status: RunStatus;
  readonly conclusion: RunConclusion | null;
  /** `continue-on-error`: how it ended does not count for the run. */
  readonly isTolerated: boolean;
  readonly createdAt: string;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly steps: readonly StepRow[];
  readonly annotations: readonly Annotation[];
}

export interface StepRow {
  readonly number: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly conclusion: RunConclusion | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}

export interface ArtifactRow extends Row {
  readonly repositoryId: number;
  readonly runId: number;
  readonly attempt: number;
  readonly name: string;
  /** `pending` until its upload was finished; only then anybody sees it. */
  readonly state: "pending" | "uploaded";
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Bare lower-case hex of the stored bytes. */
  readonly sha256: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
}

export interface SecretRow extends Row {
  readonly repositoryId: number;
  readonly name: string;
  readonly value: string;
  readonly kind: "secret" | "variable";
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ActionsTables {
  readonly workflows: Table<WorkflowRow>;
  readonly runs: Table<RunRow>;
  /** Grouped by run id. */
  readonly jobs: Table<JobRow>;
  readonly artifacts: Table<ArtifactRow>;
  readonly secrets: Table<SecretRow>;
}

const byRepository = (row: { readonly repositoryId: number }): number => row.repositoryId;

/** The tables of Actions in the state of the server. */
export function openActionsTables(store: Store): ActionsTables {
  const { database } = store;
  return {
    workflows: database.table<WorkflowRow>("workflows", byRepository),
    runs: database.table<RunRow>("workflowRuns", byRepository),
    jobs: database.table<JobRow>("workflowJobs", (row) => row.runId),
    artifacts: database.table<ArtifactRow>("artifacts", byRepository),
    secrets: database.table<SecretRow>("secrets", byRepository),
  };
}
