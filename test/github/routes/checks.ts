// Check runs and check suites. Only Apps, and jobs by their token, write check runs.
import { z } from "zod";
import { appOf } from "../auth/actor.ts";
import { suiteFor } from "../changes/check-suites.ts";
import { readCommit } from "../git/commits.ts";
import { listRefs } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { idParam, input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { forbidden, HttpError, json, notFound, type Reply, unprocessable, validationFailed } from "../http/reply.ts";
import { renderCheckRun, renderCheckSuite, runsOfSuite } from "../render/check.ts";
import { repositoryPage } from "../render/repository.ts";
import { defaultView, viewOf } from "../render/view.ts";
import type { App } from "../state/app.ts";
import type { CheckRun, CheckSuite } from "../state/check.ts";
import { headKey } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  start_column: z.number().optional(),
  end_column: z.number().optional(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string(),
  title: z.string().optional(),
  raw_details: z.string().optional(),
});
const fields = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed", "waiting", "requested", "pending"]).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  conclusion: z
    .enum(["action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"])
    .optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string().optional(),
      text: z.string().optional(),
      annotations: z.array(annotation).optional(),
    })
    .optional(),
  actions: z.array(z.object({ label: z.string(), description: z.string(), identifier: z.string() })).optional(),
};
const creation = z.object({ ...fields, name: z.string(), head_sha: z.string() });
const change = z.object({ ...fields, name: z.string().optional() });

const maxTextBytes = 65_535;
const maxAnnotations = 50;

export function addCheckRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["checks:read"] } as const;
  const write = { permissions: ["checks:write"] } as const;
  router.repositoryRoute("POST /repos/{owner}/{repo}/check-runs", write, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", read, (call) =>
    json(200, renderCheckRun(viewOf(call), call.repository, runOf(call))),
  );
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", write, update);
  router.repositoryRoute("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", read, listAnnotations);
  router.repositoryRoute("POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest", write, (call) => {
    emitRun(call, runOf(call), "rerequested");
    return json(201, {});
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", read, listForRef);
  router.repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}/check-suites", read, listSuitesForRef);
  router.repositoryRoute("GET /repos/{owner}/{repo}/check-suites/{check_suite_id}", read, (call) =>
    json(200, renderCheckSuite(viewOf(call), call.repository, suiteOf(call))),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs", read, (call) =>
    paginate(
      call,
      runsOfSuite(viewOf(call), suiteOf(call)),
      (run) => renderCheckRun(viewOf(call), call.repository, run),
      (check_runs, total_count) => ({ total_count, check_runs }),
    ),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/check-suites/{check_suite_id}/rerequest", write, (call) => {
    const payload = { check_suite: renderCheckSuite(defaultView(call.platform), call.repository, suiteOf(call)) };
    call.platform.emitEvent(call.repository, "check_suite", "rerequested", payload, call.actor);
    return json(201, {});
  });
}

/** The App that writes; 403 for people. */
function writerOf(call: RepositoryCall): App {
  const app = appOf(call.actor);
  if (app === null) throw forbidden("You must authenticate via a GitHub App.");
  return app;
}

function runOf(call: RepositoryCall): CheckRun {
  const run = call.platform.store.checkRuns.get(idParam(call, "check_run_id"));
  if (run?.repositoryId !== call.repository.id) throw notFound();
  return run;
}

function suiteOf(call: RepositoryCall): CheckSuite {
  const suite = call.platform.store.checkSuites.get(idParam(call, "check_suite_id"));
  if (suite?.repositoryId !== call.repository.id) throw notFound();
  return suite;
}

function create(call: RepositoryCall): Reply {
  const app = writerOf(call);
  const wanted = input(call, "CheckRun", creation);
  checkSizes(wanted);
  const folder = call.platform.git.folder(call.repository.id);
  const commit = /^[0-9a-f]{40}$/.test(wanted.head_sha) ? readCommit(folder, wanted.head_sha) : undefined;
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${wanted.head_sha}`);
  const branch = listRefs(folder, "refs/heads/")
    .find((ref) => ref.sha === wanted.head_sha)
    ?.name.slice("refs/heads/".length);
  const suite = suiteFor(call.platform, call.repository, app.id, wanted.head_sha, branch ?? null);
  const now = call.platform.timestamp();
  const status = wanted.conclusion === undefined ? (wanted.status ?? "queued") : "completed";
  if (status === "completed" && wanted.conclusion === undefined) {
    throw validationFailed([{ resource: "CheckRun", field: "conclusion", code: "missing_field" }]);
  }
  const run = call.platform.store.checkRuns.insert({
    repositoryId: call.repository.id,
    suiteId: suite.id,
    appId: app.id,
    name: wanted.name,
    headSha: wanted.head_sha,
    externalId: wanted.external_id ?? "",
    detailsUrl: wanted.details_url ?? null,
    status,
    conclusion: wanted.conclusion ?? null,
    startedAt: wanted.started_at ?? now,
    completedAt: status === "completed" ? (wanted.completed_at ?? now) : null,
    title: wanted.output?.title ?? null,
    summary: wanted.output?.summary ?? null,
    text: wanted.output?.text ?? null,
    annotations: wanted.output?.annotations ?? [],
    actions: wanted.actions ?? [],
  });
  emitRun(call, run, "created");
  if (status === "completed") finish(call, run);
  return json(201, renderCheckRun(viewOf(call), call.repository, run));
}

function update(call: RepositoryCall): Reply {
  const app = writerOf(call);
  const run = runOf(call);
  if (run.appId !== app.id)
    throw forbidden(`Invalid app_id ${app.id} - check run can only be modified by the GitHub App that created it.`);
  const wanted = input(call, "CheckRun", change);
  checkSizes(wanted);
  const now = call.platform.timestamp();
  const status = wanted.conclusion === undefined ? (wanted.status ?? run.status) : "completed";
  const conclusion = wanted.conclusion ?? (status === "completed" ? run.conclusion : null);
  if (status === "completed" && conclusion === null) {
    throw validationFailed([{ resource: "CheckRun", field: "conclusion", code: "missing_field" }]);
  }
  const updated = call.platform.store.checkRuns.update(run.id, {
    name: wanted.name ?? run.name,
    externalId: wanted.external_id ?? run.externalId,
    detailsUrl: wanted.details_url ?? run.detailsUrl,
    status,
    conclusion,
    startedAt: wanted.started_at ?? run.startedAt,
    completedAt: status === "completed" ? (wanted.completed_at ?? run.completedAt ?? now) : null,
    title: wanted.output?.title ?? run.title,
    summary: wanted.output?.summary ?? run.summary,
    text: wanted.output?.text ?? run.text,
    annotations: [...run.annotations, ...(wanted.output?.annotations ?? [])],
    actions: wanted.actions ?? run.actions,
  });
  if (status === "completed" && run.status !== "completed") finish(call, updated);
  return json(200, renderCheckRun(viewOf(call), call.repository, updated));
}

/** A finished run is told; when it was the last of its suite, so is the suite. */
function finish(call: RepositoryCall, run: CheckRun): void {
  emitRun(call, run, "completed");
  const suite = call.platform.store.checkSuites.get(run.suiteId);
  if (suite === undefined) return;
  call.platform.store.checkSuites.update(suite.id, { updatedAt: call.platform.timestamp() });
  const rendered = renderCheckSuite(defaultView(call.platform), call.repository, suite);
  if (rendered["status"] !== "completed") return;
  call.platform.emitEvent(call.repository, "check_suite", "completed", { check_suite: rendered }, call.actor);
}

function emitRun(call: RepositoryCall, run: CheckRun, action: string): void {
  const payload = { check_run: renderCheckRun(defaultView(call.platform), call.repository, run, true) };
  call.platform.emitEvent(call.repository, "check_run", action, payload, call.actor);
}

function checkSizes(wanted: z.infer<typeof change>): void {
  for (const field of ["summary", "text"] as const) {
    if (Buffer.byteLength(wanted.output?.[field] ?? "") > maxTextBytes) {
      throw new HttpError(422, `Invalid request.\n\n${field} exceeds a maximum bytesize of ${maxTextBytes}.`);
    }
  }
  if ((wanted.output?.annotations?.length ?? 0) > maxAnnotations) {
    throw new HttpError(
      422,
      `Invalid request.\n\nNo more than ${maxAnnotations} items are allowed; ${wanted.output?.annotations?.length} were supplied.`,
    );
  }
  if ((wanted.actions?.length ?? 0) > 3)
    throw new HttpError(422, "Invalid request.\n\nNo more than 3 items are allowed.");
}

function listAnnotations(call: RepositoryCall): Reply {
  const run = runOf(call);
  const page = repositoryPage(viewOf(call), call.repository);
  return paginate(call, run.annotations, (row) => ({
    path: row.path,
    blob_href: `${page}/blob/${run.headSha}/${row.path}`,
    start_line: row.start_line,
    start_column: row.start_column ?? null,
    end_line: row.end_line,
    end_column: row.end_column ?? null,
    annotation_level: row.annotation_level,
    title: row.title ?? null,
    message: row.message,
    raw_details: row.raw_details ?? null,
  }));
}

function shaOf(call: RepositoryCall): string {
  const ref = param(call, "ref");
  const sha = resolveCommit(call.platform.git.folder(call.repository.id), ref);
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  return sha;
}

function listForRef(call: RepositoryCall): Reply {
  const { query } = call;
  const [name, status, appId] = [query.get("check_name"), query.get("status"), query.get("app_id")];
  const all = call.platform.store.checkRuns.group(headKey(call.repository.id, shaOf(call)));
  const newest = new Map(all.map((run) => [`${run.suiteId} ${run.name}`, run.id]));
  const rows = all
    .filter((run) => query.get("filter") === "all" || newest.get(`${run.suiteId} ${run.name}`) === run.id)
    .filter((run) => name === null || run.name === name)
    .filter((run) => status === null || run.status === status)
    .filter((run) => appId === null || run.appId === Number(appId))
    .reverse();
  return paginate(
    call,
    rows,
    (run) => renderCheckRun(viewOf(call), call.repository, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}

function listSuitesForRef(call: RepositoryCall): Reply {
  const appId = call.query.get("app_id");
  const rows = call.platform.store.checkSuites
    .group(headKey(call.repository.id, shaOf(call)))
    .filter((suite) => appId === null || suite.appId === Number(appId));
  return paginate(
    call,
    rows,
    (suite) => renderCheckSuite(viewOf(call), call.repository, suite),
    (check_suites, total_count) => ({ total_count, check_suites }),
  );
}
