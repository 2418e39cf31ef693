// A pull request: what it says, its checks, whether it may be merged, what it changes.
import { missingChecks } from "../changes/required-checks.ts";
import { notFound, type Reply } from "../http/reply.ts";
import { pullCommits, pullFiles, requiredChecksOf } from "../render/pull.ts";
import { viewOf } from "../render/view.ts";
import type { Issue, Pull } from "../state/issue.ts";
import { fullName } from "../state/store.ts";
import { listChecks, showChecks } from "./checks-view.ts";
import { firstLine } from "./code-pages.ts";
import { showDifferences } from "./diff-view.ts";
import { discussion, issueHead, labels } from "./issue-pages.ts";
import { repositoryPage, shortSha, time } from "./layout.ts";
import { html, type Markup } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

/** `/owner/name/pull/N`, and `/pull/N/files` for what it changes. */
export function showPull(call: PageCall, number: number, tab: "conversation" | "files"): Reply {
  const { store, repository, base } = call;
  const issue = store.issues.group(repository.id).find((row) => row.number === number);
  const pull = store.pulls.group(repository.id).find((row) => row.number === number);
  if (issue === undefined || pull === undefined) throw notFound();
  const files = pullFiles(viewOf(call.call), repository, pull);
  const head = store.repositories.get(pull.headRepositoryId ?? -1);
  const where =
    head === undefined || head.id === repository.id ? pull.headRef : `${fullName(store, head)}:${pull.headRef}`;
  const branches = html`<span>wants <span class="tag">${pull.baseRef}</span> ← <span class="tag">${where}</span></span>${pull.headRepositoryId !== repository.id && html`<span class="tag amber">from a fork</span>`}`;
  const tabs = html`<nav style="margin-bottom:20px;border-bottom:1px solid var(--line)"><a class="${tab === "conversation" ? "on" : ""}" href="${base}/pull/${number}">Conversation</a><a class="${tab === "files" ? "on" : ""}" href="${base}/pull/${number}/files">Files changed <span class="count">${files.length}</span></a></nav>`;
  const body =
    tab === "files"
      ? showDifferences(files)
      : html`<div class="cols"><div>${discussion(call, issue)}${mergeBox(call, issue, pull)}</div>${side(call, issue, pull)}</div>`;
  return repositoryPage(call, "pulls", issue.title, html`${issueHead(call, issue, branches)}${tabs}${body}`);
}

const passing = new Set(["success", "neutral", "skipped"]);

function mergeBox(call: PageCall, issue: Issue, pull: Pull): Markup {
  const { repository, call: request } = call;
  const checks = listChecks(call, pull.headSha);
  const required = requiredChecksOf(viewOf(request), repository, pull.baseRef);
  const missing = missingChecks(request.platform, repository, [pull.headSha], required);
  const isUnhappy = checks.some((check) => check.conclusion !== null && !passing.has(check.conclusion));
  const [look, title, text] = judge(
    call,
    issue,
    pull,
    missing.map((check) => `${check.context} (${check.why})`),
    isUnhappy,
  );
  const rows = showChecks(
    checks,
    required.map((check) => check.context),
  );
  return html`<div class="box merge ${look}"><header><b>${title}</b><span>${text}</span></header>${rows}</div>`;
}

function judge(
  call: PageCall,
  issue: Issue,
  pull: Pull,
  missing: readonly string[],
  isUnhappy: boolean,
): readonly [string, string, Markup | string] {
  if (pull.mergedAt !== null) {
    const by = call.store.accounts.get(pull.mergedById ?? -1)?.login ?? "somebody";
    const commit =
      pull.mergeCommitSha === null
        ? ""
        : html` as <a class="mono" href="${call.base}/commit/${pull.mergeCommitSha}">${shortSha(pull.mergeCommitSha)}</a>`;
    return ["done", "Merged", html`by ${by} ${time(pull.mergedAt)}${commit}`];
  }
  if (issue.state === "closed") return ["", "Closed", "without merging"];
  if (pull.mergeable === false)
    return ["bad", "Conflicts with its base", "They have to be resolved before it can be merged."];
  const waiting = missing.every((check) => /\((pending|expected)\)$/.test(check));
  if (missing.length > 0)
    return [waiting ? "wait" : "bad", "Merging is blocked", `by required checks: ${missing.join(", ")}`];
  if (isUnhappy)
    return ["wait", "Some checks were not successful", "None of them is required: it can be merged all the same."];
  return ["ok", "Ready to be merged", "Nothing that is required stands in the way."];
}

function side(call: PageCall, issue: Issue, pull: Pull): Markup {
  const commits = pullCommits(viewOf(call.call), call.repository, pull);
  const list = commits.map(
    (commit) =>
      html`<div><a class="mono" href="${call.base}/commit/${commit.sha}">${shortSha(commit.sha)}</a> ${firstLine(commit.message)}</div>`,
  );
  const runs = call.actions.tables.runs.group(call.repository.id).filter((run) => run.headSha === pull.headSha);
  const links = runs.map(
    (run) =>
      html`<div><a href="${call.base}/actions/runs/${run.id}">${run.name} #${run.number}</a> <span class="dim">${run.conclusion ?? run.status}</span></div>`,
  );
  return html`<aside class="side"><section><h3>Labels</h3>${issue.labelIds.length === 0 ? html`<span class="dim">None yet</span>` : labels(call, issue)}</section><section><h3>Commits</h3>${list}</section><section><h3>Workflow runs of its head</h3>${links.length === 0 ? html`<span class="dim">None</span>` : links}</section></aside>`;
}
