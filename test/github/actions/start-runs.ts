// From an event to workflow runs: asks every workflow of the right commit, and records and starts those it triggers.
import { type Actor, actionsAppId, authorOf } from "../auth/actor.ts";
import { readCommit } from "../git/commits.ts";
import type { JsonObject } from "../json.ts";
import type { Repository } from "../state/repository.ts";
import { executeRun } from "./execute-run.ts";
import { reportRun } from "./report.ts";
import type { ActionsService } from "./service.ts";
import type { RunRow, WorkflowRow } from "./state.ts";
import type { TriggerTarget } from "./trigger-target.ts";
import { isTriggered } from "./workflow/triggers.ts";
import type { Workflow } from "./workflow/workflow.ts";
import { discoverWorkflows, type WorkflowFile } from "./workflow-files.ts";

export interface RunCause {
  readonly repository: Repository;
  readonly event: string;
  readonly payload: JsonObject;
  readonly actor: Actor;
  readonly target: TriggerTarget;
}

/** Starts every workflow that the event triggers; resolves when they are recorded, not when they have ended. */
export async function startTriggeredRuns(service: ActionsService, cause: RunCause): Promise<readonly RunRow[]> {
  const files = await discoverWorkflows(service.platform, cause.repository, cause.target.workflowSha);
  return files.flatMap((file) => {
    const { workflow } = file.parsed;
    if (workflow !== undefined)
      return isTriggered(workflow, cause.target.facts) ? [startRun(service, cause, file)] : [];
    return reportsBrokenFiles(cause) ? [startRun(service, cause, file)] : [];
  });
}

/** A file that cannot be read says nothing about its events; the change that brings it gets the failed run. */
function reportsBrokenFiles({ event, target }: RunCause): boolean {
  return (
    (event === "push" && target.facts.tag === undefined) || (event === "pull_request" && target.facts.type !== "closed")
  );
}

/** Records a run of one workflow file and lets it go; a file with problems becomes a failed run that carries them. */
export function startRun(service: ActionsService, cause: RunCause, file: WorkflowFile): RunRow {
  const run = recordRun(service, cause, file);
  reportRun(service, cause.repository, run, "requested");
  const { workflow } = file.parsed;
  if (workflow === undefined) finishBroken(service, cause.repository, run);
  else void service.platform.track(executeRun(service, cause.repository, run, workflow));
  return run;
}

function recordRun(service: ActionsService, cause: RunCause, file: WorkflowFile): RunRow {
  const { tables, platform } = service;
  const { repository, target } = cause;
  const at = platform.timestamp();
  const workflow = ensureWorkflow(service, repository, file.path, file.parsed.workflow?.name ?? file.path);
  const earlier = tables.runs.group(repository.id).filter((row) => row.workflowId === workflow.id);
  const suite = platform.store.checkSuites.insert({
    repositoryId: repository.id,
    appId: actionsAppId,
    headSha: target.headSha,
    headBranch: target.headBranch,
    createdAt: at,
    updatedAt: at,
  });
  return tables.runs.insert({
    repositoryId: repository.id,
    workflowId: workflow.id,
    number: earlier.length + 1,
    attempt: 1,
    name: file.parsed.workflow?.name ?? file.path,
    displayTitle: describeRun(service, cause, file.parsed.workflow),
    path: file.path,
    event: cause.event,
    status: "queued",
    conclusion: null,
    actorId: authorOf(cause.actor).id,
    headSha: target.headSha,
    headBranch: target.headBranch,
    headRepositoryId: target.headRepositoryId,
    pullNumber: target.pullNumber,
    ref: target.ref,
    sha: target.sha,
    workflowSha: target.workflowSha,
    isRestricted: target.isRestricted,
    checkSuiteId: suite.id,
    payload: cause.payload,
    problems: file.parsed.problems,
    createdAt: at,
    startedAt: at,
    updatedAt: at,
  });
}

/** What GitHub shows as the run's title: the pull request's, the commit's, or the workflow's name. */
function describeRun(service: ActionsService, cause: RunCause, workflow: Workflow | undefined): string {
  const titled = (cause.payload["pull_request"] ?? cause.payload["issue"]) as JsonObject | undefined;
  if (typeof titled?.["title"] === "string") return titled["title"];
  if (cause.event === "push") {
    const commit = readCommit(service.platform.git.folder(cause.repository.id), cause.target.headSha);
    if (commit !== undefined) return commit.message.split("\n")[0] ?? "";
  }
  return workflow?.name ?? cause.event;
}

/** The row of a workflow file, made when the file is first seen; its name follows the file's. */
export function ensureWorkflow(
  service: ActionsService,
  repository: Repository,
  path: string,
  name: string,
): WorkflowRow {
  const { workflows } = service.tables;
  const at = service.platform.timestamp();
  const known = workflows.group(repository.id).find((row) => row.path === path);
  if (known === undefined) {
    return workflows.insert({ repositoryId: repository.id, path, name, state: "active", createdAt: at, updatedAt: at });
  }
  return known.name === name ? known : workflows.update(known.id, { name, updatedAt: at });
}

function finishBroken(service: ActionsService, repository: Repository, run: RunRow): void {
  const ended = service.tables.runs.update(run.id, {
    status: "completed",
    conclusion: "failure",
    updatedAt: service.platform.timestamp(),
  });
  reportRun(service, repository, ended, "completed");
}
