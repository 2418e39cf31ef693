// Carries one run from queued to completed: its frame, its jobs in slots, its conclusion.
import type { Repository } from "../state/repository.ts";
import { fullName } from "../state/store.ts";
import { runReadyJob } from "./execute-job.ts";
import { buildGithubContext } from "./github-context.ts";
import { completeJob, createJob, reportRun, reportSuite } from "./report.ts";
import { resolveInputs } from "./scheduler/call-workflow.ts";
import type { Frame, JobPort } from "./scheduler/frame.ts";
import { readConcurrency } from "./scheduler/read-concurrency.ts";
import { runJobs } from "./scheduler/run-jobs.ts";
import type { ActionsService } from "./service.ts";
import type { RunConclusion, RunRow } from "./state.ts";
import type { JsonValue } from "./workflow/expressions.ts";
import { allPermissions, defaultPermissions } from "./workflow/permissions.ts";
import type { Workflow } from "./workflow/workflow.ts";
import { loadCalledWorkflow } from "./workflow-files.ts";

/** Runs the workflow to its end; never rejects. The run can be cancelled through `service.running`. */
export async function executeRun(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  workflow: Workflow,
): Promise<void> {
  const cancel = new AbortController();
  service.running.set(run.id, cancel);
  let conclusion: RunConclusion = "failure";
  try {
    conclusion = await runInGroup(service, repository, run, workflow, cancel);
  } catch (error) {
    service.tables.runs.update(run.id, { problems: [(error as Error).message] });
  } finally {
    service.running.delete(run.id);
    const at = service.platform.timestamp();
    const ended = service.tables.runs.update(run.id, { status: "completed", conclusion, updatedAt: at });
    reportSuite(
      service,
      repository,
      service.platform.store.checkSuites.update(run.checkSuiteId, { updatedAt: at }),
      run,
    );
    reportRun(service, repository, ended, "completed");
  }
}

async function runInGroup(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  workflow: Workflow,
  cancel: AbortController,
): Promise<RunConclusion> {
  const port = buildPort(service, repository, run);
  const inputs = readDispatchInputs(workflow, run);
  const concurrency = readConcurrency(workflow.concurrency, { contexts: { ...port.contexts, inputs } });
  const leave =
    concurrency === undefined
      ? undefined
      : await port.enterGroup(concurrency.group, concurrency.cancelInProgress, () => cancel.abort());
  try {
    if (cancel.signal.aborted) return "cancelled";
    const at = service.platform.timestamp();
    const started = service.tables.runs.update(run.id, { status: "in_progress", startedAt: at, updatedAt: at });
    reportRun(service, repository, started, "in_progress");
    await runJobs(buildFrame(service, repository, run, workflow, inputs, cancel.signal), port);
    return concludeRun(service, run, cancel.signal.aborted);
  } finally {
    leave?.();
  }
}

function buildFrame(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  workflow: Workflow,
  inputs: Readonly<Record<string, JsonValue>>,
  signal: AbortSignal,
): Frame {
  const rows = run.isRestricted ? [] : service.tables.secrets.group(repository.id);
  const secrets = rows.filter((row) => row.kind === "secret").map((row) => [row.name, row.value]);
  return {
    workflow,
    source: { repository: fullName(service.platform.store, repository), sha: run.workflowSha },
    namePrefix: "",
    inputs,
    secrets: Object.fromEntries(secrets),
    ceiling: allPermissions,
    inherited: defaultPermissions,
    depth: 1,
    signal,
  };
}

function buildPort(service: ActionsService, repository: Repository, run: RunRow): JobPort {
  const variables = service.tables.secrets.group(repository.id).filter((row) => row.kind === "variable");
  return {
    contexts: {
      github: buildGithubContext(service, repository, run),
      vars: Object.fromEntries(variables.map((row) => [row.name, row.value])),
    },
    runJob: (job) => runReadyJob(service, repository, run, job),
    recordJob: (key, name, result, message) => {
      const job = createJob(service, repository, run, { key, name, labels: [], isTolerated: false });
      const annotation = { title: undefined, file: run.path, line: undefined, endLine: undefined };
      const annotations = message === undefined ? [] : [{ level: "error" as const, message, ...annotation }];
      completeJob(service, repository, run, job.id, { conclusion: result, annotations, summary: "" });
    },
    loadWorkflow: (uses, source) => loadCalledWorkflow(service.platform, uses, source),
    enterGroup: (group, cancelInProgress, cancel) =>
      service.groups.enter(`${repository.id} ${group}`, cancelInProgress, cancel),
  };
}

/** The inputs of workflow_dispatch, in their types; other events have none. */
function readDispatchInputs(workflow: Workflow, run: RunRow): Readonly<Record<string, JsonValue>> {
  if (run.event !== "workflow_dispatch") return {};
  const given = (run.payload["inputs"] ?? {}) as Readonly<Record<string, JsonValue>>;
  return resolveInputs(workflow.dispatchInputs, given, { contexts: {} });
}

function concludeRun(service: ActionsService, run: RunRow, isCancelled: boolean): RunConclusion {
  const jobs = service.tables.jobs.group(run.id).filter((job) => job.attempt === run.attempt && !job.isTolerated);
  const conclusions = jobs.map((job) => job.conclusion);
  if (conclusions.includes("failure")) return "failure";
  if (isCancelled || conclusions.includes("cancelled")) return "cancelled";
  return conclusions.length > 0 && conclusions.every((word) => word === "skipped") ? "skipped" : "success";
}
