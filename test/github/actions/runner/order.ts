// What the scheduler hands the runner for one job, what the runner needs of the server, and what comes back.
import type { JsonValue } from "../workflow/expressions.ts";
import type { TemplateMapping } from "../workflow/template.ts";
import type { JobSteps, RunDefaults } from "../workflow/workflow.ts";
import type { Annotation, LogLine } from "./job-log.ts";

export type Conclusion = "success" | "failure" | "cancelled" | "skipped" | "timed_out";

export interface JobOrder {
  readonly runId: number;
  readonly jobId: number;
  readonly jobName: string;
  /** Key of the job in its workflow file. */
  readonly jobKey: string;
  /** The `github` context without what only the runner knows (workspace, token, action). */
  readonly github: Readonly<Record<string, JsonValue>>;
  /** The contexts needs, strategy, matrix, inputs, vars. */
  readonly contexts: Readonly<Record<string, JsonValue>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly token: string;
  /** Bearer of the artifact service: a JWT whose `scp` names run and job. */
  readonly runtimeToken: string;
  readonly workflowEnv: TemplateMapping;
  readonly workflowRunShell: RunDefaults;
  readonly steps: JobSteps;
  readonly signal: AbortSignal;
  /** The runner itself stops: nothing more is run, not even what is always run. */
  readonly stopping: AbortSignal;
  /** Told at every change of a step, so that the run can be watched. */
  readonly onProgress: (steps: readonly StepRecord[]) => void;
}

/** What the runner is set up with: addresses, folders, and where repositories lie. */
export interface RunnerSettings {
  /** Address that works from this machine, without a trailing slash. */
  readonly url: string;
  /** GITHUB_SERVER_URL: a `.localhost` name of the same server, which @actions/artifact accepts. */
  readonly displayUrl: string;
  readonly nodePath: string;
  readonly workFolder: string;
  readonly actionsFolder: string;
  readonly toolCache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** The bare repository of `owner/name`, or undefined. */
  readonly findRepository: (fullName: string) => string | undefined;
}

export interface StepRecord {
  readonly number: number;
  readonly name: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: Conclusion | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly log: readonly LogLine[];
  readonly summary: string;
}

export interface JobResult {
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepRecord[];
  readonly annotations: readonly Annotation[];
}
