// Checks of a commit: the newest run of each name, statuses beside them; and the page of one check.
import { notFound, type Reply } from "../http/reply.ts";
import type { CheckRun } from "../state/check.ts";
import { headKey } from "../state/store.ts";
import { mark, repositoryPage, shortSha, time } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import { html, type Markup } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

export interface ShownCheck {
  readonly name: string;
  readonly appName: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly link: string | null;
}

/** The newest check of each name from each App, and the newest status of each context. */
export function listChecks(call: PageCall, sha: string): readonly ShownCheck[] {
  const { store, repository, base } = call;
  const key = headKey(repository.id, sha);
  const runs = new Map(store.checkRuns.group(key).map((run) => [`${run.appId} ${run.name}`, run]));
  const statuses = new Map(store.statuses.group(key).map((status) => [status.context, status]));
  return [
    ...[...runs.values()].map((run) => ({
      name: run.name,
      appName: store.apps.get(run.appId)?.name ?? "",
      status: run.status,
      conclusion: run.conclusion,
      title: run.title,
      link: `${base}/runs/${run.id}`,
    })),
    ...[...statuses.values()].map((status) => ({
      name: status.context,
      appName: store.apps.get(status.appId ?? -1)?.name ?? "",
      status: status.state === "pending" ? "in_progress" : "completed",
      conclusion: status.state === "success" ? "success" : "failure",
      title: status.description,
      link: status.targetUrl,
    })),
  ];
}

/** Rows, one per check; `required` names get a tag. */
export function showChecks(checks: readonly ShownCheck[], required: readonly string[] = []): Markup {
  const rows = checks.map((check) => {
    const word = check.status === "completed" ? (check.conclusion ?? "") : check.status;
    const name = check.link === null ? check.name : html`<a href="${check.link}">${check.name}</a>`;
    return html`<div class="row">${mark(check.status, check.conclusion)}<span class="grow"><b>${name}</b> <span class="dim">${check.appName} · ${check.title ?? word.replaceAll("_", " ")}</span></span>${required.includes(check.name) && html`<span class="tag">Required</span>`}</div>`;
  });
  const missing = required.filter((name) => !checks.some((check) => check.name === name));
  const expected = missing.map(
    (name) =>
      html`<div class="row">${mark("queued", null)}<span class="grow"><b>${name}</b> <span class="dim">Expected: waiting for it to be reported</span></span><span class="tag">Required</span></div>`,
  );
  return html`${rows}${expected}`;
}

/** `/owner/name/runs/ID`: one check run with what it says; a job's leads to its log. */
export function showCheckRun(call: PageCall, id: number): Reply {
  const run = call.store.checkRuns.get(id);
  if (run?.repositoryId !== call.repository.id) throw notFound();
  const job = call.actions.tables.jobs.get(id);
  const app = call.store.apps.get(run.appId)?.name;
  const word = run.status === "completed" ? (run.conclusion ?? "neutral") : run.status;
  return repositoryPage(
    call,
    "pulls",
    run.name,
    html`<h1 class="title">${run.name}</h1><p class="meta"><span class="state ${word}">${word.replaceAll("_", " ")}</span>${app} on <a class="mono" href="${call.base}/commit/${run.headSha}">${shortSha(run.headSha)}</a> · ${time(run.completedAt ?? run.startedAt)}${job !== undefined && html` · <a href="${call.base}/actions/runs/${job.runId}/job/${id}">Log</a>`}</p>
${showOutput(call, run)}`,
  );
}

function showOutput(call: PageCall, run: CheckRun): Markup {
  const notes = run.annotations.map(
    (note) =>
      html`<div class="alert ${note.annotation_level}"><b>${note.title ?? note.annotation_level}</b> <span class="mono dim">${note.path}:${note.start_line}</span><br>${note.message}</div>`,
  );
  const texts = [run.summary, run.text].filter((text) => text !== null && text !== "");
  const isEmpty = texts.length === 0 && notes.length === 0;
  return html`${run.title !== null && html`<h2>${run.title}</h2>`}${notes}${texts.map((text) => html`<div class="box"><div class="pad">${renderMarkdown(text, call.base)}</div></div>`)}${isEmpty && html`<p class="dim">It says nothing more.</p>`}`;
}
