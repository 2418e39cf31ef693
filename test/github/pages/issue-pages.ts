// Issues and pull requests in lists, and an issue with its comments.
import { notFound, type Reply } from "../http/reply.ts";
import type { Issue } from "../state/issue.ts";
import { listChecks } from "./checks-view.ts";
import { avatar, blank, mark, person, repositoryPage, time } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import { html, type Markup } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

/** `/owner/name/issues` or `/pulls`: open ones first, newest first. */
export function listIssues(call: PageCall, kind: "issues" | "pulls"): Reply {
  const { store, repository, base } = call;
  const all = store.issues.group(repository.id).filter((issue) => issue.isPull === (kind === "pulls"));
  const sorted = [...all].sort(
    (left, right) => Number(left.state === "closed") - Number(right.state === "closed") || right.number - left.number,
  );
  const rows = sorted.map((issue) => {
    const author = store.accounts.get(issue.authorId);
    const comments = store.comments
      .group(repository.id)
      .filter((comment) => comment.issueNumber === issue.number).length;
    const path = issue.isPull ? `${base}/pull/${issue.number}` : `${base}/issues/${issue.number}`;
    return html`<div class="row tall">${stateTag(call, issue)}<div class="grow"><a class="head" href="${path}">${issue.title}</a> ${labels(call, issue)}<div class="dim">#${issue.number} by ${author?.login} · ${time(issue.createdAt)}</div></div>${issue.isPull && showVerdict(call, issue)}<span class="dim">${comments > 0 && `${comments} comments`}</span></div>`;
  });
  const title = kind === "pulls" ? "Pull requests" : "Issues";
  const open = all.filter((issue) => issue.state === "open").length;
  const header = html`<header><b>${open} open</b><span>${all.length - open} closed</span></header>`;
  const body =
    rows.length === 0
      ? blank(`There are no ${title.toLowerCase()} yet.`)
      : html`<div class="box">${header}${rows}</div>`;
  return repositoryPage(call, kind, title, body);
}

function showVerdict(call: PageCall, issue: Issue): Markup | false {
  const pull = call.store.pulls.group(call.repository.id).find((row) => row.number === issue.number);
  const checks = pull === undefined ? [] : listChecks(call, pull.headSha);
  if (checks.length === 0) return false;
  const worst =
    checks.find(
      (check) => check.conclusion !== null && !["success", "neutral", "skipped"].includes(check.conclusion),
    ) ??
    checks.find((check) => check.status !== "completed") ??
    checks[0]!;
  return mark(worst.status, worst.conclusion);
}

/** `/owner/name/issues/N`. */
export function showIssue(call: PageCall, number: number): Reply {
  const { store, repository } = call;
  const issue = store.issues.group(repository.id).find((row) => row.number === number);
  if (issue === undefined) throw notFound();
  if (issue.isPull) return { status: 302, headers: { location: `${call.base}/pull/${number}` } };
  return repositoryPage(
    call,
    "issues",
    issue.title,
    html`${issueHead(call, issue)}<div class="cols"><div>${discussion(call, issue)}</div><aside class="side"><section><h3>Labels</h3>${issue.labelIds.length === 0 ? html`<span class="dim">None yet</span>` : labels(call, issue)}</section></aside></div>`,
  );
}

/** Title, number, state and author. */
export function issueHead(call: PageCall, issue: Issue, more?: Markup): Markup {
  const author = call.store.accounts.get(issue.authorId);
  return html`<h1 class="title">${issue.title} <span class="n">#${issue.number}</span></h1><p class="meta">${stateTag(call, issue, "state")}<span>${person(author)} opened it ${time(issue.createdAt)}</span>${more}</p>`;
}

/** The first text, the comments, and how it ended. */
export function discussion(call: PageCall, issue: Issue): Markup {
  const { store, repository } = call;
  const first = showComment(call, issue.authorId, issue.createdAt, issue.createdAt, issue.body);
  const comments = store.comments
    .group(repository.id)
    .filter((comment) => comment.issueNumber === issue.number)
    .map((comment) => showComment(call, comment.authorId, comment.createdAt, comment.updatedAt, comment.body));
  const closer = store.accounts.get(issue.closedById ?? -1);
  const end =
    issue.state === "closed" &&
    html`<div class="event">${avatar(closer, "small")}<span>${person(closer)} closed it ${time(issue.closedAt)}</span></div>`;
  return html`${first}${comments}${end}`;
}

function showComment(
  call: PageCall,
  authorId: number,
  createdAt: string,
  updatedAt: string,
  body: string | null,
): Markup {
  const author = call.store.accounts.get(authorId);
  const text =
    body === null || body.trim() === ""
      ? html`<span class="dim">No description.</span>`
      : renderMarkdown(body, call.base);
  return html`<div class="comment">${avatar(author)}<div class="box" style="margin:0"><header>${person(author)}<span>${time(createdAt)}${updatedAt !== createdAt && html` · edited ${time(updatedAt)}`}</span></header><div class="pad">${text}</div></div></div>`;
}

function stateTag(call: PageCall, issue: Issue, look: "tag" | "state" = "tag"): Markup {
  const pull = issue.isPull
    ? call.store.pulls.group(call.repository.id).find((row) => row.number === issue.number)
    : undefined;
  const word = pull?.mergedAt
    ? "merged"
    : issue.state === "closed" && !issue.isPull
      ? "done"
      : pull?.draft
        ? "draft"
        : issue.state;
  const shown = word === "done" ? "closed" : word;
  return look === "state"
    ? html`<span class="state ${word}">${shown}</span>`
    : html`<span class="tag ${word === "open" ? "green" : ""}">${shown}</span>`;
}

export function labels(call: PageCall, issue: Issue): Markup {
  const rows = issue.labelIds.flatMap((id) => call.store.labels.get(id) ?? []);
  return html`${rows.map(({ name, color }) => html`<span class="label" style="background:#${color};color:${isDark(color) ? "#fff" : "#1f2328"}">${name}</span> `)}`;
}

function isDark(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 < 140;
}
