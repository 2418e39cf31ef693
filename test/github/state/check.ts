// What says whether a commit is good: check suites, check runs, statuses; and deployments.
import type { JsonObject } from "../json.ts";
import type { Row } from "./database.ts";

export type CheckConclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "timed_out"
  | "action_required"
  | "skipped"
  | "stale"
  | "startup_failure";

export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";

export interface CheckSuite extends Row {
  readonly repositoryId: number;
  readonly appId: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number | undefined;
  readonly end_column?: number | undefined;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string | undefined;
  readonly raw_details?: string | undefined;
}

export interface CheckRun extends Row {
  readonly repositoryId: number;
  readonly suiteId: number;
  readonly appId: number;
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  readonly detailsUrl: string | null;
  readonly status: CheckStatus;
  readonly conclusion: CheckConclusion | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

export interface CommitStatus extends Row {
  readonly repositoryId: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creatorId: number;
  readonly appId: number | null;
  readonly createdAt: string;
}

export interface Deployment extends Row {
  readonly repositoryId: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: JsonObject | string;
  readonly environment: string;
  readonly description: string | null;
  readonly creatorId: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly transientEnvironment: boolean;
  readonly productionEnvironment: boolean;
}

export interface DeploymentStatus extends Row {
  readonly deploymentId: number;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creatorId: number;
  readonly createdAt: string;
}

export interface Environment extends Row {
  readonly repositoryId: number;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}
