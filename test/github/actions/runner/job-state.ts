// What a job remembers from step to step, and the contexts its expressions see.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { JsonValue, Progress, Scope } from "../workflow/expressions.ts";
import type { JobFolders } from "./environment.ts";
import type { JobLog } from "./job-log.ts";
import { findFiles } from "./list-files.ts";
import type { JobOrder, RunnerSettings } from "./order.ts";

export interface StepOutcome {
  readonly outcome: "success" | "failure" | "cancelled" | "skipped";
  readonly conclusion: "success" | "failure" | "cancelled" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
}

/** What the work of a step gives back. */
export interface StepEffects {
  readonly succeeded: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface FinishedStep extends StepOutcome {
  readonly summary: string;
}

/** A step's work that is left for the end of the job. */
export interface PostStep {
  readonly name: string;
  readonly condition: string;
  readonly run: (signal: AbortSignal) => Promise<boolean>;
}

/** The steps of a job, or of one composite action inside it. */
export interface StepScope {
  readonly outcomes: Map<string, StepOutcome>;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly actionPath: string | undefined;
  failed: boolean;
}

export interface JobState {
  readonly order: JobOrder;
  readonly settings: RunnerSettings;
  readonly folders: JobFolders;
  readonly log: JobLog;
  /** GITHUB_* and RUNNER_* variables; never changed by steps. */
  readonly fixedEnvironment: Readonly<Record<string, string>>;
  /** `env` of workflow and job, and what steps wrote to GITHUB_ENV. */
  readonly environment: Record<string, string>;
  /** What steps wrote to GITHUB_PATH, newest first. */
  readonly paths: string[];
  readonly posts: PostStep[];
  cancelled: boolean;
}

/** Contexts and status functions for an expression of this job. */
export function buildScope(
  state: JobState,
  steps: StepScope,
  stepEnvironment: Readonly<Record<string, string>> = {},
): Scope {
  const { order, settings, folders } = state;
  const progress: Progress = {
    succeeded: !steps.failed && !state.cancelled,
    failed: steps.failed && !state.cancelled,
    cancelled: state.cancelled,
  };
  const status = state.cancelled ? "cancelled" : steps.failed ? "failure" : "success";
  return {
    progress,
    hashFiles: (patterns) => hashFiles(patterns, folders.workspace),
    contexts: {
      ...order.contexts,
      inputs: steps.actionPath === undefined ? (order.contexts["inputs"] ?? {}) : steps.inputs,
      secrets: { ...order.secrets, GITHUB_TOKEN: order.token, github_token: order.token },
      env: { ...state.environment, ...stepEnvironment },
      steps: Object.fromEntries([...steps.outcomes].map(([id, outcome]) => [id, { ...outcome }])),
      job: { status },
      runner: {
        ...{ os: "Linux", arch: process.arch === "arm64" ? "ARM64" : "X64", name: "local runner" },
        ...{ temp: folders.temp, tool_cache: settings.toolCache, workspace: folders.workspace, debug: "" },
        environment: "self-hosted",
      },
      github: {
        ...order.github,
        token: order.token,
        job: order.jobKey,
        workspace: folders.workspace,
        event_path: folders.eventPath,
        server_url: settings.displayUrl,
        api_url: settings.url,
        graphql_url: `${settings.url}/graphql`,
        ...(steps.actionPath === undefined ? {} : { action_path: steps.actionPath }),
      },
    },
  };
}

function hashFiles(patterns: readonly string[], workspace: string): string {
  const { files } = findFiles(patterns, workspace, { hidden: true });
  if (files.length === 0) return "";
  const all = createHash("sha256");
  for (const file of files) all.update(createHash("sha256").update(readFileSync(file)).digest());
  return all.digest("hex");
}
