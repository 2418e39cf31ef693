// What the runner tells a step about its workflow run, read once from the environment and the event file.
import { readFileSync } from "node:fs";
import { connectOthers, openRegistrySession, type RegistrySession } from "../src/commands/registry-session.ts";
import { InputError } from "../src/errors.ts";
import { createGitHubClient, type RepositoryClient } from "../src/github/client.ts";
import { readRetryLimits } from "../src/github/retry-limits.ts";
import type { Context } from "../src/host/context.ts";

/** Facts about the running workflow. `event` is the webhook payload: data written by whoever caused the event. */
export interface Runner {
  readonly owner: string;
  readonly name: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly eventName: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly runId: number;
  readonly runAttempt: number;
  /** Commit of the event; for `pull_request` that is GitHub's test merge. */
  readonly sha: string;
  readonly workspace: string;
  /** For files of this step, emptied by the runner after the job. */
  readonly temporaryFolder: string;
}

/** @throws InputError outside a workflow run, naming the variable that is missing. */
export function readRunner(environment: Context["environment"]): Runner {
  const [owner, name] = need(environment, "GITHUB_REPOSITORY").split("/");
  if (!owner || !name) throw new InputError({ message: "GITHUB_REPOSITORY is not OWNER/NAME" });
  return {
    owner,
    name,
    apiUrl: environment["GITHUB_API_URL"] || "https://api.github.com",
    serverUrl: environment["GITHUB_SERVER_URL"] || "https://github.com",
    eventName: environment["GITHUB_EVENT_NAME"] ?? "",
    event: readEvent(environment["GITHUB_EVENT_PATH"]),
    runId: Number(need(environment, "GITHUB_RUN_ID")),
    runAttempt: Number(environment["GITHUB_RUN_ATTEMPT"] || "1"),
    sha: environment["GITHUB_SHA"] ?? "",
    workspace: need(environment, "GITHUB_WORKSPACE"),
    temporaryFolder: need(environment, "RUNNER_TEMP"),
  };
}

/** The repository the workflow runs in, with the given token. */
export function openRepository(runner: Runner, token: string | undefined, context: Context): RepositoryClient {
  const client = createGitHubClient({
    apiUrl: runner.apiUrl,
    token,
    limits: readRetryLimits(context.environment),
    progress: context.progress,
    signal: context.signal,
  });
  return { client, owner: runner.owner, name: runner.name };
}

/** The registry of the repository the workflow runs in, with the tokens of the step for others. */
export function openSession(runner: Runner, context: Context): RegistrySession {
  const repository = openRepository(runner, context.environment["GITHUB_TOKEN"], context);
  return openRegistrySession(repository, context, connectOthers(context));
}

function need(environment: Context["environment"], name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new InputError({
    message: `${name} is not set`,
    hint: "this program is a step of a GitHub Actions workflow; on a terminal use `modelgate`",
  });
}

function readEvent(path: string | undefined): Readonly<Record<string, unknown>> {
  if (!path) return {};
  try {
    const event: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof event === "object" && event !== null ? (event as Record<string, unknown>) : {};
  } catch (error) {
    throw new InputError({ message: "the event file of the runner cannot be read", file: path }, { cause: error });
  }
}

/** Whether the repository is closed to some: also when the event does not say. */
export function isPrivate(event: Runner["event"]): boolean {
  const repository = event["repository"] as { readonly private?: unknown; readonly visibility?: unknown } | undefined;
  return repository?.private !== false || (repository.visibility ?? "public") !== "public";
}

/** Who writes with the workflow's own token. */
export const ownAuthors: readonly string[] = ["github-actions[bot]"];

/** Address of the workflow run, for people. */
export function describeRunUrl(runner: Runner): string {
  return `${runner.serverUrl}/${runner.owner}/${runner.name}/actions/runs/${runner.runId}`;
}

/** The run whose evidence counts: this one, or in a `workflow_run` workflow the one that ended. */
export function readJudgedRun(runner: Runner): number {
  const run = runner.event["workflow_run"] as { readonly id?: unknown } | undefined;
  return runner.eventName === "workflow_run" && typeof run?.id === "number" ? run.id : runner.runId;
}
