// One commit: its message, who, its checks, what it changed.
import { readCommit } from "../git/commits.ts";
import { diffTrees } from "../git/diff.ts";
import { emptyTreeSha } from "../git/trees.ts";
import { notFound, type Reply } from "../http/reply.ts";
import { listChecks, showChecks } from "./checks-view.ts";
import { firstLine } from "./code-pages.ts";
import { showDifferences } from "./diff-view.ts";
import { repositoryPage, shortSha, time } from "./layout.ts";
import { html } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

/** `/owner/name/commit/SHA`. */
export function showCommit(call: PageCall, sha: string): Reply {
  const commit = /^[0-9a-f]{40}$/.test(sha) ? readCommit(call.git, sha) : undefined;
  if (commit === undefined) throw notFound();
  const files = diffTrees(call.git, commit.parents[0] ?? emptyTreeSha, commit.sha);
  const rest = commit.message.split("\n").slice(1).join("\n").trim();
  const checks = listChecks(call, sha);
  return repositoryPage(
    call,
    "commits",
    firstLine(commit.message),
    html`<h1 class="title">${firstLine(commit.message)}</h1><p class="meta"><b>${commit.author.name}</b> committed ${time(commit.committer.date)} <span class="mono">${shortSha(sha)}</span></p>${rest !== "" && html`<pre class="code">${rest}</pre>`}${checks.length > 0 && html`<div class="box">${showChecks(checks)}</div>`}${showDifferences(files)}`,
  );
}
