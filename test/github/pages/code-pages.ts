// Files: the repository's home with its README, folders, one file.
import { readCommit, walkHistory } from "../git/commits.ts";
import { readContent } from "../git/objects.ts";
import { listRefs, readRef } from "../git/refs.ts";
import { findEntry, isFolderMode, readTree } from "../git/trees.ts";
import { notFound, type Reply } from "../http/reply.ts";
import { blank, repositoryPage, shortSha, size, time } from "./layout.ts";
import { renderDocument } from "./markdown.ts";
import { html, type Markup } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

const largestShownBytes = 400_000;

/** `/owner/name`: files of the default branch, README, the newest release. */
export function showHome(call: PageCall): Reply {
  const { repository, git, base, store } = call;
  const sha = readRef(git, `refs/heads/${repository.defaultBranch}`);
  if (sha === undefined) return repositoryPage(call, "code", "Code", blank("This repository is empty."));
  const newest = store.releases
    .group(repository.id)
    .filter((release) => !release.draft)
    .at(-1);
  const clone = `git clone ${call.call.origin}${base}.git`;
  return repositoryPage(
    call,
    "code",
    "Code",
    html`<div class="cols"><div>${listFolder(call, repository.defaultBranch, sha, "")}${showReadme(call, sha)}</div>
<aside class="side"><section><h3>About</h3>${repository.description ?? html`<span class="dim">No description</span>`}</section>
<section><h3>Latest release</h3>${newest === undefined ? html`<span class="dim">None yet</span>` : html`<a href="${base}/releases/tag/${encodeURIComponent(newest.tagName)}"><b>${newest.tagName}</b></a><br><span class="dim">${time(newest.publishedAt)}</span>`}</section>
<section><h3>Clone</h3><code>${clone}</code></section></aside></div>`,
  );
}

/** `/owner/name/tree/REF/PATH` and `/blob/REF/PATH`. */
export function showPath(call: PageCall, place: string): Reply {
  const { ref, sha, path } = resolvePlace(call, place);
  const commit = readCommit(call.git, sha);
  const entry = commit && findEntry(call.git, commit.tree, path);
  if (entry === undefined) throw notFound();
  const body = isFolderMode(entry.mode) ? listFolder(call, ref, sha, path) : showFile(call, ref, path, entry.sha);
  return repositoryPage(call, "code", path === "" ? ref : path, html`${crumbs(call, ref, path)}${body}`);
}

/** A branch's name may hold slashes: the longest ref that the place starts with is meant, else a commit. */
function resolvePlace(
  call: PageCall,
  place: string,
): { readonly ref: string; readonly sha: string; readonly path: string } {
  const names = listRefs(call.git).flatMap(({ name, sha }) => {
    const short = name.replace(/^refs\/(heads|tags)\//, "");
    return place === short || place.startsWith(`${short}/`) ? [{ ref: short, sha }] : [];
  });
  const found = names.sort((left, right) => right.ref.length - left.ref.length)[0];
  const [first = "", ...rest] = place.split("/");
  if (found === undefined) return { ref: first, sha: first, path: rest.join("/") };
  return { ...found, path: place.slice(found.ref.length + 1) };
}

function crumbs(call: PageCall, ref: string, path: string): Markup {
  const parts = path.split("/").filter(Boolean);
  const links = parts.map((part, index) => {
    const kind = index === parts.length - 1 ? "blob" : "tree";
    return html` / <a href="${call.base}/${kind}/${ref}/${parts.slice(0, index + 1).join("/")}">${part}</a>`;
  });
  return html`<p class="meta"><span class="tag">${ref}</span><a href="${call.base}/tree/${ref}">${call.repository.name}</a>${links}</p>`;
}

function listFolder(call: PageCall, ref: string, sha: string, path: string): Markup {
  const { git, base } = call;
  const commit = readCommit(git, sha);
  const folder = commit && findEntry(git, commit.tree, path);
  const entries = (folder && readTree(git, folder.sha)) ?? [];
  const sorted = [...entries].sort((left, right) => Number(isFolderMode(right.mode)) - Number(isFolderMode(left.mode)));
  const prefix = path === "" ? "" : `${path}/`;
  const rows = sorted.map((entry) => {
    const isFolder = isFolderMode(entry.mode);
    const where = `${base}/${isFolder ? "tree" : "blob"}/${ref}/${prefix}${entry.name}`;
    return html`<div class="row"><span class="dim">${isFolder ? "▸" : "·"}</span><a class="grow" href="${where}">${entry.name}${isFolder && "/"}</a></div>`;
  });
  return html`<div class="box"><header><a href="${base}/commits/${ref}"><span class="tag">${ref}</span></a><b>${commit?.author.name}</b><a class="grow dim" href="${base}/commit/${sha}">${firstLine(commit?.message)}</a><a class="mono dim" href="${base}/commit/${sha}">${shortSha(sha)}</a>${time(commit?.committer.date ?? null)}</header>${rows}</div>`;
}

function showFile(call: PageCall, ref: string, path: string, sha: string): Markup {
  const content = readContent(call.git, sha, "blob") ?? Buffer.alloc(0);
  const isText = content.length <= largestShownBytes && !content.includes(0);
  const text = isText ? content.toString("utf8") : "";
  const shown = !isText
    ? html`<div class="blank">Not shown: binary or large</div>`
    : path.endsWith(".md")
      ? html`<div class="pad">${renderDocument(text, call.base)}</div>`
      : html`<pre class="code" style="margin:0">${text}</pre>`;
  const lines = isText ? `${text.split("\n").length - 1} lines · ` : "";
  return html`<div class="box"><header><b>${path.split("/").at(-1)}</b><span>${lines}${size(content.length)}</span><a href="${call.base}/commits/${ref}">History</a></header>${shown}</div>`;
}

function showReadme(call: PageCall, sha: string): Markup | false {
  const commit = readCommit(call.git, sha);
  const root = (commit && readTree(call.git, commit.tree)) ?? [];
  const entry = root.find((file) => /^readme\.md$/i.test(file.name));
  const text = entry && readContent(call.git, entry.sha, "blob")?.toString("utf8");
  if (text === undefined) return false;
  return html`<div class="box"><header><b>${entry?.name}</b></header><div class="pad">${renderDocument(text, call.base)}</div></div>`;
}

/** `/owner/name/commits/REF`: newest first. */
export function listCommits(call: PageCall, ref: string): Reply {
  const { sha } = resolvePlace(call, ref);
  const rows: Markup[] = [];
  for (const commit of walkHistory(call.git, sha)) {
    rows.push(
      html`<div class="row"><a class="grow" href="${call.base}/commit/${commit.sha}">${firstLine(commit.message)}</a><span class="dim">${commit.author.name}</span><a class="mono" href="${call.base}/commit/${commit.sha}">${shortSha(commit.sha)}</a><span class="dim">${time(commit.committer.date)}</span></div>`,
    );
    if (rows.length === 200) break;
  }
  if (rows.length === 0) throw notFound();
  return repositoryPage(
    call,
    "commits",
    `Commits of ${ref}`,
    html`<p class="meta"><span class="tag">${ref}</span> newest first</p><div class="box">${rows}</div>`,
  );
}

/** `/owner/name/branches`: branches and tags with their heads. */
export function listBranches(call: PageCall): Reply {
  const rows = (prefix: string, kind: string): Markup[] =>
    listRefs(call.git, prefix).map(({ name, sha }) => {
      const short = name.slice(prefix.length);
      return html`<div class="row"><a class="grow" href="${call.base}/tree/${short}">${short}</a><span class="tag">${kind}</span><a href="${call.base}/commits/${short}">history</a><a class="mono" href="${call.base}/commit/${sha}">${shortSha(sha)}</a></div>`;
    });
  const branches = html`<div class="box"><header><b>Branches</b></header>${rows("refs/heads/", "branch")}</div>`;
  const tags = rows("refs/tags/", "tag");
  return repositoryPage(
    call,
    "commits",
    "Branches",
    html`${branches}${tags.length > 0 && html`<div class="box"><header><b>Tags</b></header>${tags}</div>`}`,
  );
}

export function firstLine(message: string | undefined): string {
  return message?.split("\n")[0] ?? "";
}
