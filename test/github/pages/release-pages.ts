// Releases: the text of each, its assets with digests and downloads.
import { notFound, type Reply } from "../http/reply.ts";
import type { Release } from "../state/release.ts";
import { avatar, blank, person, repositoryPage, size, time } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import { html, type Markup } from "./markup.ts";
import type { PageCall } from "./page-call.ts";

/** `/owner/name/releases`: published ones, newest first. */
export function listReleases(call: PageCall): Reply {
  const published = call.store.releases.group(call.repository.id).filter((release) => !release.draft);
  const shown = [...published].reverse().map((release) => showOne(call, release, "fold"));
  return repositoryPage(
    call,
    "releases",
    "Releases",
    shown.length === 0 ? blank("There are no releases yet.") : html`${shown}`,
  );
}

/** `/owner/name/releases/tag/TAG`. */
export function showRelease(call: PageCall, tag: string): Reply {
  const found = call.store.releases
    .group(call.repository.id)
    .find((release) => release.tagName === tag && !release.draft);
  if (found === undefined) throw notFound();
  return repositoryPage(call, "releases", tag, showOne(call, found));
}

function showOne(call: PageCall, release: Release, look: "fold" | "whole" = "whole"): Markup {
  const { base, store } = call;
  const author = store.accounts.get(release.authorId);
  const tag = encodeURIComponent(release.tagName);
  const assets = store.assets.group(release.id).filter((asset) => asset.state === "uploaded");
  const rows = assets.map(
    (asset) =>
      html`<div class="row"><a class="grow" href="${base}/releases/download/${tag}/${encodeURIComponent(asset.name)}"><b>${asset.name}</b></a><code class="dim" title="sha256:${asset.sha256}">sha256:${asset.sha256?.slice(0, 12)}…</code><span class="dim">${size(asset.sizeBytes)}</span><span class="dim">${asset.downloadCount} downloads</span></div>`,
  );
  const flags = html`${release.prerelease && html`<span class="tag amber">Pre-release</span>`}${release.immutable && html`<span class="tag green">Immutable</span>`}`;
  return html`<div class="box"><header>${avatar(author, "small")}<span>${person(author)} published it ${time(release.publishedAt)}</span><a href="${base}/tree/${release.tagName}"><span class="tag">${release.tagName}</span></a>${flags}</header><div class="pad"><h1 class="title"><a href="${base}/releases/tag/${tag}">${release.name ?? release.tagName}</a></h1><div class="${look}">${renderMarkdown(release.body, base)}</div></div><header><b>Assets</b><span class="count">${assets.length}</span></header>${rows}</div>`;
}
