// Tells the world what runs and jobs do: their rows, check runs and webhooks change together, here.
import { type Actor, actionsAppId } from "../auth/actor.ts";
import { renderCheckRun, renderCheckSuite } from "../render/check.ts";
import { defaultView } from "../render/view.ts";
import type { Annotation as CheckAnnotation, CheckSuite } from "../state/check.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf } from "../state/store.ts";
import { renderJob, renderRun, renderWorkflow } from "./render.ts";
import type { Annotation } from "./runner/job-log.ts";
import type { ActionsService } from "./service.ts";
import type { JobRow, RunConclusion, RunRow } from "./state.ts";

/** Sends `workflow_run`. */
export function reportRun(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  action: "requested" | "in_progress" | "completed",
): void {
  const view = defaultView(service.platform);
  const workflow = service.tables.workflows.get(run.workflowId)!;
  const payload = {
    workflow: renderWorkflow(view, repository, workflow),
    workflow_run: renderRun(view, repository, run),
  };
  service.platform.emitEvent(repository, "workflow_run", action, payload, actorOf(service, run));
}

/** Sends `check_suite` completed: all jobs of the run have ended. */
export function reportSuite(service: ActionsService, repository: Repository, suite: CheckSuite, run: RunRow): void {
  const check_suite = renderCheckSuite(defaultView(service.platform), repository, suite);
  service.platform.emitEvent(repository, "check_suite", "completed", { check_suite }, actorOf(service, run));
}

/** Records a job with its check run and sends `check_run` created and `workflow_job` queued. */
export function createJob(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  job: Pick<JobRow, "key" | "name" | "labels" | "isTolerated">,
): JobRow {
  const at = service.platform.timestamp();
  const check = service.platform.store.checkRuns.insert({
    repositoryId: repository.id,
    suiteId: run.checkSuiteId,
    appId: actionsAppId,
    name: job.name,
    headSha: run.headSha,
    externalId: String(run.id),
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: at,
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
  });
  const row = service.tables.jobs.insert({
    id: check.id,
    repositoryId: repository.id,
    runId: run.id,
    attempt: run.attempt,
    ...job,
    status: "queued",
    conclusion: null,
    createdAt: at,
    startedAt: at,
    completedAt: null,
    steps: [],
    annotations: [],
  });
  const page = renderJob(defaultView(service.platform), repository, run, row)["html_url"];
  service.platform.store.checkRuns.update(check.id, { detailsUrl: String(page) });
  sendCheckRun(service, repository, run, row.id, "created");
  sendJob(service, repository, run, row, "queued");
  return row;
}

/** Marks a job as taken by the runner. */
export function startJob(service: ActionsService, repository: Repository, run: RunRow, jobId: number): JobRow {
  const at = service.platform.timestamp();
  service.platform.store.checkRuns.update(jobId, { status: "in_progress", startedAt: at });
  const row = service.tables.jobs.update(jobId, { status: "in_progress", startedAt: at });
  sendJob(service, repository, run, row, "in_progress");
  return row;
}

/** Ends a job and its check run, with its annotations and the summary people see on the check. */
export function completeJob(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  jobId: number,
  end: { readonly conclusion: RunConclusion; readonly annotations: readonly Annotation[]; readonly summary: string },
): void {
  const at = service.platform.timestamp();
  service.platform.store.checkRuns.update(jobId, {
    status: "completed",
    conclusion: end.conclusion,
    completedAt: at,
    summary: end.summary === "" ? null : end.summary,
    annotations: end.annotations.map(toCheckAnnotation),
  });
  const row = service.tables.jobs.update(jobId, {
    status: "completed",
    conclusion: end.conclusion,
    completedAt: at,
    annotations: end.annotations,
  });
  sendCheckRun(service, repository, run, jobId, "completed");
  sendJob(service, repository, run, row, "completed");
}

function sendJob(service: ActionsService, repository: Repository, run: RunRow, job: JobRow, action: JobAction): void {
  const workflow_job = renderJob(defaultView(service.platform), repository, run, job);
  service.platform.emitEvent(repository, "workflow_job", action, { workflow_job }, actorOf(service, run));
}

type JobAction = "queued" | "in_progress" | "completed";

function sendCheckRun(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  checkRunId: number,
  action: "created" | "completed",
): void {
  const check_run = renderCheckRun(
    defaultView(service.platform),
    repository,
    service.platform.store.checkRuns.get(checkRunId)!,
    true,
  );
  service.platform.emitEvent(repository, "check_run", action, { check_run }, actorOf(service, run));
}

/** Whoever caused the run is the sender of everything about it. */
export function actorOf(service: ActionsService, run: RunRow): Actor {
  return { kind: "user", account: accountOf(service.platform.store, run.actorId) };
}

function toCheckAnnotation(annotation: Annotation): CheckAnnotation {
  return {
    path: annotation.file ?? ".github",
    start_line: annotation.line ?? 1,
    end_line: annotation.endLine ?? annotation.line ?? 1,
    annotation_level: annotation.level === "error" ? "failure" : annotation.level,
    message: annotation.message,
    ...(annotation.title === undefined ? {} : { title: annotation.title }),
  };
}
