// The variables every step of a job sees, before its own `env` and the command files.
import { join } from "node:path";
import { renderScalar } from "../workflow/template.ts";
import type { JobOrder, RunnerSettings } from "./order.ts";

/** Variables of this machine that a job may see: paths, language, and how to reach the package registry. */
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|SHELL|NODE_PATH|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|https?_proxy|no_proxy|npm_config_\w+)$/i;

export interface JobFolders {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly eventPath: string;
  readonly gitConfig: string;
}

/** The folders of one job under its root: `work/<name>/<name>`, `temp`, and the event's file. */
export function layOutFolders(root: string, repositoryName: string): JobFolders {
  return {
    root,
    workspace: join(root, "work", repositoryName, repositoryName),
    temp: join(root, "temp"),
    eventPath: join(root, "event.json"),
    gitConfig: join(root, "gitconfig"),
  };
}

/** GITHUB_*, RUNNER_* and ACTIONS_* of a job, over what this machine passes on. */
export function buildJobEnvironment(
  order: JobOrder,
  settings: RunnerSettings,
  folders: JobFolders,
): Record<string, string> {
  const machine = Object.entries(settings.environment).filter(
    (entry): entry is [string, string] => passedOn.test(entry[0]) && entry[1] !== undefined,
  );
  const fromContext = githubVariables.map((name): [string, string] => [
    `GITHUB_${name.toUpperCase()}`,
    renderScalar(order.github[name] ?? null),
  ]);
  return {
    ...Object.fromEntries(machine),
    ...Object.fromEntries(fromContext),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_JOB: order.jobKey,
    GITHUB_WORKSPACE: folders.workspace,
    GITHUB_EVENT_PATH: folders.eventPath,
    GITHUB_SERVER_URL: settings.displayUrl,
    GITHUB_API_URL: settings.url,
    GITHUB_GRAPHQL_URL: `${settings.url}/graphql`,
    RUNNER_OS: "Linux",
    RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
    RUNNER_NAME: "local runner",
    RUNNER_ENVIRONMENT: "self-hosted",
    RUNNER_TEMP: folders.temp,
    RUNNER_WORKSPACE: join(folders.workspace, ".."),
    RUNNER_TOOL_CACHE: settings.toolCache,
    GIT_CONFIG_GLOBAL: folders.gitConfig,
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** What only actions get, not `run:` programs: the artifact service and its bearer. */
export function actionVariables(order: JobOrder, settings: RunnerSettings): Record<string, string> {
  return { ACTIONS_RESULTS_URL: `${settings.url}/`, ACTIONS_RUNTIME_TOKEN: order.runtimeToken };
}

const githubVariables = [
  ...["actor", "actor_id", "base_ref", "event_name", "head_ref", "ref", "ref_name", "ref_protected", "ref_type"],
  ...["repository", "repository_id", "repository_owner", "repository_owner_id", "retention_days", "run_attempt"],
  ...["run_id", "run_number", "sha", "triggering_actor", "workflow", "workflow_ref", "workflow_sha"],
];
