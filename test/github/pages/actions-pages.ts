// Workflow runs: the list, one run with jobs, summaries and artifacts, one job with its log.
import { blobUrl, uploadedArtifacts } from "../actions/artifacts/results-service.ts";
import { type JobLogFile, readJobLog } from "../actions/job-log-file.ts";
import type { JobRow, RunRow } from "../actions/state.ts";
import { notFound, type Reply } from "../http/reply.ts";
import { blank, mark, repositoryPage, shortSha, size, time } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import { html, type Markup } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

/** `/owner/name/actions`: newest first. */
export function listRuns(call: PageCall): Reply {
  const runs = [...call.actions.tables.runs.group(call.repository.id)].reverse();
  const rows = runs.map((run) => {
    const actor = call.store.accounts.get(run.actorId);
    return html`<div class="row tall">${mark(run.status, run.conclusion)}<div class="grow"><a class="head" href="${call.base}/actions/runs/${run.id}">${run.displayTitle}</a><div class="dim">${run.name} #${run.number}: ${run.event} by ${actor?.login}</div></div>${run.headBranch !== null && html`<span class="tag">${run.headBranch}</span>`}<span class="dim">${time(run.createdAt)}<br>${duration(run.startedAt, run.status === "completed" ? run.updatedAt : null)}</span></div>`;
  });
  const body =
    rows.length === 0
      ? blank("No workflow has run yet.")
      : html`<div class="box"><header><b>${runs.length} workflow runs</b></header>${rows}</div>`;
  return repositoryPage(call, "actions", "Workflow runs", body);
}

/** `/owner/name/actions/runs/ID`. */
export function showRun(call: PageCall, id: number): Reply {
  const run = findRun(call, id);
  const jobs = jobsOf(call, run);
  const summaries = jobs
    .flatMap((job) => readJobLog(call.actions, job.id).map((step) => ({ job, step })))
    .filter(({ step }) => step.summary.trim() !== "");
  const artifacts = uploadedArtifacts(call.actions, run);
  const artifactRows = artifacts.map(
    (artifact) =>
      html`<div class="row"><a class="grow" href="${call.base}/actions/runs/${run.id}/artifacts/${artifact.id}"><b>${artifact.name}</b></a><code class="dim" title="sha256:${artifact.sha256}">sha256:${artifact.sha256.slice(0, 12)}…</code><span class="dim">${size(artifact.sizeBytes)}</span></div>`,
  );
  return repositoryPage(
    call,
    "actions",
    run.displayTitle,
    html`${runHead(call, run)}${run.problems.map((problem) => html`<div class="alert"><b>The workflow file is not valid</b><br>${problem}</div>`)}${jobCards(call, run, jobs)}${annotations(jobs)}${artifactRows.length > 0 && html`<div class="box"><header><b>Artifacts</b><span class="count">${artifacts.length}</span></header>${artifactRows}</div>`}${summaries.map(({ job, step }) => html`<div class="box"><header><b>${job.name}</b> summary</header><div class="pad">${renderMarkdown(step.summary, call.base)}</div></div>`)}`,
  );
}

/** `/owner/name/actions/runs/ID/job/JOB`: the log, step by step. */
export function showJob(call: PageCall, id: number, jobId: number): Reply {
  const run = findRun(call, id);
  const job = call.actions.tables.jobs.get(jobId);
  if (job?.runId !== run.id) throw notFound();
  const logs = readJobLog(call.actions, job.id);
  const steps = job.steps.map((step) => {
    const log = logs.find((entry) => entry.number === step.number);
    const isOpen = step.conclusion === "failure" || job.steps.length === 1;
    return html`<details class="step" ${isOpen && "open"}><summary>${mark(step.status, step.conclusion)}<span class="grow" style="flex:1">${step.name}</span><span class="dim">${duration(step.startedAt, step.completedAt)}</span></summary>${showLog(log)}</details>`;
  });
  const body =
    steps.length === 0
      ? blank("It has no steps to show.")
      : html`<div class="box"><header>${mark(job.status, job.conclusion)}<b>${job.name}</b><span>${duration(job.startedAt, job.completedAt)}</span></header>${steps}</div>`;
  return repositoryPage(
    call,
    "actions",
    job.name,
    html`${runHead(call, run)}${jobCards(call, run, jobsOf(call, run))}${annotations([job])}${body}`,
  );
}

/** The link that upload-artifact prints: the zip. */
export function downloadArtifact(call: PageCall, id: number, artifactId: number): Reply {
  const artifact = uploadedArtifacts(call.actions, findRun(call, id)).find((row) => row.id === artifactId);
  if (artifact === undefined) throw notFound();
  return { status: 302, headers: { location: blobUrl(call.actions, artifact.id, call.call.origin) } };
}

function findRun(call: PageCall, id: number): RunRow {
  const run = call.actions.tables.runs.get(id);
  if (run?.repositoryId !== call.repository.id) throw notFound();
  return run;
}

function jobsOf(call: PageCall, run: RunRow): readonly JobRow[] {
  return call.actions.tables.jobs.group(run.id).filter((job) => job.attempt === run.attempt);
}

function runHead(call: PageCall, run: RunRow): Markup {
  const word = run.status === "completed" ? (run.conclusion ?? "neutral") : run.status;
  const pull =
    run.pullNumber === null ? false : html` · <a href="${call.base}/pull/${run.pullNumber}">#${run.pullNumber}</a>`;
  return html`<h1 class="title"><a href="${call.base}/actions/runs/${run.id}">${run.displayTitle}</a> <span class="n">${run.name} #${run.number}${run.attempt > 1 && `, attempt ${run.attempt}`}</span></h1><p class="meta"><span class="state ${word}">${word.replaceAll("_", " ")}</span><span>${run.event} by <b>${call.store.accounts.get(run.actorId)?.login}</b> · ${time(run.createdAt)} · ${duration(run.startedAt, run.status === "completed" ? run.updatedAt : null)}${pull}</span>${run.headBranch !== null && html`<span class="tag">${run.headBranch}</span>`}<a class="mono" href="${call.base}/commit/${run.headSha}">${shortSha(run.headSha)}</a>${run.isRestricted && html`<span class="tag amber">fork: read-only token, no secrets</span>`}<span class="mono">${run.path}</span></p>`;
}

function jobCards(call: PageCall, run: RunRow, jobs: readonly JobRow[]): Markup | false {
  const cards = jobs.map(
    (job) =>
      html`<a class="job" href="${call.base}/actions/runs/${run.id}/job/${job.id}">${mark(job.status, job.conclusion)}<span>${job.name}<br><span class="dim">${duration(job.startedAt, job.completedAt)}</span></span></a>`,
  );
  return jobs.length > 0 && html`<div class="jobs">${cards}</div>`;
}

function annotations(jobs: readonly JobRow[]): Markup {
  const all = jobs.flatMap((job) => job.annotations.map((note) => ({ job, note })));
  return html`${all.map(({ job, note }) => html`<div class="alert ${note.level}"><b>${note.title ?? note.level}</b> <span class="dim">${job.name}</span>${note.file !== undefined && html` <span class="mono dim">${note.file}${note.line !== undefined && `:${note.line}`}</span>`}<br>${note.message}</div>`)}`;
}

function showLog(step: JobLogFile[number] | undefined): Markup {
  const lines = (step?.log ?? [])
    .filter((line) => !line.text.startsWith("##[endgroup]"))
    .map(({ at, text }) => {
      const kind = /^##\[(error|warning|group|debug)\]/.exec(text)?.[1] ?? (text.startsWith("$ ") ? "command" : "");
      return html`<div class="${kind}" title="${at}">${text.replace(/^##\[(group|debug)\]/, "").replace(/^##\[(error|warning)\]/, "$1: ")}</div>`;
    });
  return html`<div class="log">${lines.length === 0 ? html`<div>(nothing)</div>` : lines}</div>`;
}

function duration(from: string | null, to: string | null): string {
  if (from === null || to === null) return "";
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
