// Workflow runs and their jobs: list, get, logs, re-run, cancel.
import { idParam, type RepositoryCall } from "../../http/call.ts";
import { paginate } from "../../http/pagination.ts";
import { conflict, forbidden, json, notFound, type Reply } from "../../http/reply.ts";
import { viewOf } from "../../render/view.ts";
import { zipFiles } from "../artifacts/zip.ts";
import { readJobLog, renderJobLog } from "../job-log-file.ts";
import { renderJob, renderRun } from "../render.ts";
import { rerunRun } from "../rerun.ts";
import type { ActionsService } from "../service.ts";
import type { JobRow, RunRow } from "../state.ts";
import { findWorkflow } from "./workflows.ts";
export function addRunRoutes(service: ActionsService): void {
  const { router } = service.platform;
  const read = { permissions: ["actions:read"] } as const;
  const write = { permissions: ["actions:write"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/runs", read, (call) => listRuns(service, call, () => true));
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", read, async (call) => {
    const workflow = await findWorkflow(service, call);
    return listRuns(service, call, (run) => run.workflowId === workflow.id);
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/runs/{run_id}", read, (call) =>
    json(200, renderRun(viewOf(call), call.repository, findRun(service, call))),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs", read, (call) => {
    const run = findRun(service, call);
    const every = call.query.get("filter") === "all";
    return listJobs(call, run, jobsOf(service, run, every));
  });
  router.repositoryRoute(
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    read,
    (call) => {
      const run = findRun(service, call);
      const attempt = idParam(call, "attempt_number");
      return listJobs(
        call,
        run,
        jobsOf(service, run, true).filter((job) => job.attempt === attempt),
      );
    },
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/jobs/{job_id}", read, (call) => {
    const { run, job } = findJob(service, call);
    return json(200, renderJob(viewOf(call), call.repository, run, job));
  });
  // Logs are served here under a signed address of their own, so that the redirect can be followed without a token.
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs", read, (call) => {
    const { job } = findJob(service, call);
    if (job.status !== "completed") throw notFound();
    return redirect(call, service, `/_logs/jobs/${job.id}`);
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/runs/{run_id}/logs", read, (call) => {
    const run = findRun(service, call);
    if (run.status !== "completed") throw notFound();
    return redirect(call, service, `/_logs/runs/${run.id}`);
  });
  router.repositoryRoute("POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun", write, (call) =>
    rerun(service, findRun(service, call)),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs", write, (call) =>
    rerun(service, findRun(service, call)),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel", write, (call) => {
    const cancel = service.running.get(findRun(service, call).id);
    if (cancel === undefined) throw conflict("Cannot cancel a workflow run that is completed");
    cancel.abort();
    return json(202, {});
  });
  addLogFiles(service);
}

function addLogFiles(service: ActionsService): void {
  const options = { actor: "anyone", foreign: true, ownCredentials: true } as const;
  service.platform.router.route("GET /_logs/jobs/{job_id}", options, (call) => {
    if (!service.signer.isSigned(call.path, call.query)) throw forbidden("Signature did not match");
    return text(renderJobLog(readJobLog(service, idParam(call, "job_id"))));
  });
  service.platform.router.route("GET /_logs/runs/{run_id}", options, (call) => {
    if (!service.signer.isSigned(call.path, call.query)) throw forbidden("Signature did not match");
    const run = service.tables.runs.get(idParam(call, "run_id"));
    if (run === undefined) throw notFound();
    const files = jobsOf(service, run, false).map((job, index) => ({
      name: `${index}_${job.name.replaceAll("/", "_")}.txt`,
      content: Buffer.from(renderJobLog(readJobLog(service, job.id))),
    }));
    return { status: 200, bytes: zipFiles(files), headers: { "content-type": "application/zip" } };
  });
}

function listRuns(service: ActionsService, call: RepositoryCall, matches: (run: RunRow) => boolean): Reply {
  const { query } = call;
  const wanted = (name: string, value: string | null): boolean => !query.has(name) || query.get(name) === value;
  const login = (run: RunRow): string => service.platform.store.accounts.get(run.actorId)?.login ?? "";
  const status = query.get("status");
  const rows = service.tables.runs
    .group(call.repository.id)
    .filter(matches)
    .filter((run) => wanted("head_sha", run.headSha) && wanted("event", run.event) && wanted("branch", run.headBranch))
    .filter((run) => wanted("actor", login(run)) && wanted("check_suite_id", String(run.checkSuiteId)))
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .reverse();
  return paginate(
    call,
    rows,
    (run) => renderRun(viewOf(call), call.repository, run),
    (workflow_runs, total_count) => ({ total_count, workflow_runs }),
  );
}

function listJobs(call: RepositoryCall, run: RunRow, jobs: readonly JobRow[]): Reply {
  return paginate(
    call,
    jobs,
    (job) => renderJob(viewOf(call), call.repository, run, job),
    (items, total_count) => ({ total_count, jobs: items }),
  );
}

/** The jobs of the last attempt, or of every one. */
export function jobsOf(service: ActionsService, run: RunRow, everyAttempt: boolean): readonly JobRow[] {
  return service.tables.jobs.group(run.id).filter((job) => everyAttempt || job.attempt === run.attempt);
}

export function findRun(service: ActionsService, call: RepositoryCall): RunRow {
  const run = service.tables.runs.get(idParam(call, "run_id"));
  if (run?.repositoryId !== call.repository.id) throw notFound();
  return run;
}

function findJob(service: ActionsService, call: RepositoryCall): { readonly run: RunRow; readonly job: JobRow } {
  const job = service.tables.jobs.get(idParam(call, "job_id"));
  const run = job && service.tables.runs.get(job.runId);
  if (job === undefined || run?.repositoryId !== call.repository.id) throw notFound();
  return { run, job };
}

async function rerun(service: ActionsService, run: RunRow): Promise<Reply> {
  if (run.status !== "completed") throw forbidden("This workflow is already running");
  if (!(await rerunRun(service, run))) throw forbidden("Unable to retry this workflow run because its file is invalid");
  return json(201, {});
}

function redirect(call: RepositoryCall, service: ActionsService, path: string): Reply {
  return { status: 302, headers: { location: call.origin + service.signer.signPath(path) } };
}

function text(content: string): Reply {
  return { status: 200, bytes: Buffer.from(content), headers: { "content-type": "text/plain; charset=utf-8" } };
}
