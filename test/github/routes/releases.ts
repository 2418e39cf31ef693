// Releases: drafts, publishing (which makes the tag), latest, deleting.
import { rmSync } from "node:fs";
import { z } from "zod";
import { type Actor, authorOf } from "../auth/actor.ts";
import { moveRefByRules } from "../changes/move-ref.ts";
import { readRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, HttpError, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import { renderRelease } from "../render/release.ts";
import { defaultView, viewOf } from "../render/view.ts";
import type { Release } from "../state/release.ts";
import type { RouteTools } from "./catalog.ts";
import { assetFile, releaseNumbered, seesDrafts } from "./release-access.ts";

const fields = {
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  make_latest: z.enum(["true", "false", "legacy"]).optional(),
};
const creation = z.object({ ...fields, tag_name: z.string().min(1), generate_release_notes: z.boolean().optional() });
const change = z.object({ ...fields, tag_name: z.string().min(1).optional() });

const maxListed = 10_000;

export function addReleaseRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["contents:read"] } as const;
  const write = { permissions: ["contents:write"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/releases", read, list);
  router.repositoryRoute("POST /repos/{owner}/{repo}/releases", write, create);
  router.repositoryRoute("POST /repos/{owner}/{repo}/releases/generate-notes", write, (call) => {
    const { tag_name } = input(call, "Release", z.object({ tag_name: z.string() }));
    return json(200, { name: tag_name, body: `**Full Changelog**: ${tag_name}` });
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/releases/latest", read, (call) => {
    const latest = latestRelease(call);
    if (latest === undefined) throw notFound();
    return json(200, renderRelease(viewOf(call), call.repository, latest));
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/releases/tags/{tag}", read, (call) => {
    const tag = param(call, "tag");
    const found = releasesOf(call).find((row) => !row.draft && row.tagName === tag);
    if (found === undefined) throw notFound();
    return json(200, renderRelease(viewOf(call), call.repository, found));
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/releases/{release_id}", read, (call) =>
    json(200, renderRelease(viewOf(call), call.repository, releaseNumbered(call))),
  );
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/releases/{release_id}", write, update);
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/releases/{release_id}", write, remove);
}

function releasesOf(call: RepositoryCall): Release[] {
  return call.platform.store.releases.group(call.repository.id);
}

/** Newest first, drafts before all. */
function list(call: RepositoryCall): Reply {
  const page = Number(call.query.get("page") ?? "1");
  const perPage = Math.min(100, Number(call.query.get("per_page") ?? "30"));
  if ((page - 1) * perPage >= maxListed) throw new HttpError(422, `Only the first ${maxListed} results are available.`);
  const drafts = seesDrafts(call);
  const rows = releasesOf(call)
    .filter((row) => drafts || !row.draft)
    .sort(
      (a, b) => Number(b.draft) - Number(a.draft) || Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.id - a.id,
    );
  return paginate(call, rows, (row) => renderRelease(viewOf(call), call.repository, row));
}

/** The one that was made latest by name, else the newest published one that is no prerelease and was not excluded. */
function latestRelease(call: RepositoryCall): Release | undefined {
  const rows = releasesOf(call).filter((row) => !row.draft && !row.prerelease && row.makeLatest !== "false");
  const newest = (list: readonly Release[]): Release | undefined =>
    [...list].sort((a, b) => Date.parse(a.publishedAt ?? "") - Date.parse(b.publishedAt ?? "") || a.id - b.id).at(-1);
  return newest(rows.filter((row) => row.makeLatest === "true")) ?? newest(rows);
}

function checkTag(call: RepositoryCall, tag: string, draft: boolean, own: number | null): void {
  if (!/^[^\s~^:?*[\\]+$/.test(tag) || tag.includes("..") || tag.endsWith(".lock") || tag.endsWith("/")) {
    throw validationFailed([
      { resource: "Release", code: "custom", field: "tag_name", message: "tag_name is not a valid tag" },
    ]);
  }
  if (!draft && releasesOf(call).some((row) => !row.draft && row.tagName === tag && row.id !== own)) {
    throw validationFailed([{ resource: "Release", code: "already_exists", field: "tag_name" }]);
  }
}

/** Publishing makes the tag where it is missing, under the rules for tags. */
function makeTag(call: RepositoryCall, tag: string, target: string): void {
  const folder = call.platform.git.folder(call.repository.id);
  const name = `refs/tags/${tag}`;
  if (readRef(folder, name) !== undefined) return;
  const sha = resolveCommit(folder, target);
  if (sha === undefined) {
    throw validationFailed([{ resource: "Release", code: "invalid", field: "target_commitish" }]);
  }
  moveRefByRules(call.platform, call.repository, call.actor, { name, after: sha, force: false });
}

function create(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const wanted = input(call, "Release", creation);
  const draft = wanted.draft ?? false;
  checkTag(call, wanted.tag_name, draft, null);
  if (wanted.prerelease === true && wanted.make_latest === "true") {
    throw validationFailed([
      { resource: "Release", code: "invalid", field: "make_latest", message: "Latest release cannot be a prerelease" },
    ]);
  }
  const target = wanted.target_commitish ?? call.repository.defaultBranch;
  const folder = call.platform.git.folder(call.repository.id);
  if (resolveCommit(folder, target) === undefined && readRef(folder, `refs/tags/${wanted.tag_name}`) === undefined) {
    throw validationFailed([{ resource: "Release", code: "invalid", field: "target_commitish" }]);
  }
  if (!draft) makeTag(call, wanted.tag_name, target);
  const now = call.platform.timestamp();
  const release = call.platform.store.releases.insert({
    repositoryId: call.repository.id,
    tagName: wanted.tag_name,
    targetCommitish: target,
    name: wanted.name ?? null,
    body: wanted.body ?? null,
    draft,
    prerelease: wanted.prerelease ?? false,
    makeLatest: wanted.make_latest ?? "legacy",
    immutable: !draft && call.repository.immutableReleases,
    authorId: author.id,
    createdAt: now,
    updatedAt: now,
    publishedAt: draft ? null : now,
  });
  announce(call, release, ["created", ...(draft ? [] : publishedActions(release))], call.actor);
  const rendered = renderRelease(viewOf(call), call.repository, release);
  return json(201, rendered, { location: String(rendered["url"]) });
}

function publishedActions(release: Release): string[] {
  return ["published", release.prerelease ? "prereleased" : "released"];
}

function update(call: RepositoryCall): Reply {
  const release = releaseNumbered(call);
  const wanted = input(call, "Release", change);
  const draft = wanted.draft ?? release.draft;
  const tagName = wanted.tag_name ?? release.tagName;
  if (release.immutable && (tagName !== release.tagName || draft)) {
    throw new HttpError(422, "Cannot change the tag of an immutable release");
  }
  checkTag(call, tagName, draft, release.id);
  const targetCommitish = wanted.target_commitish ?? release.targetCommitish;
  const publishing = release.draft && !draft;
  if (!draft && (publishing || tagName !== release.tagName)) makeTag(call, tagName, targetCommitish);
  const now = call.platform.timestamp();
  const updated = call.platform.store.releases.update(release.id, {
    tagName,
    targetCommitish,
    name: wanted.name === undefined ? release.name : wanted.name,
    body: wanted.body === undefined ? release.body : wanted.body,
    draft,
    prerelease: wanted.prerelease ?? release.prerelease,
    makeLatest: wanted.make_latest ?? release.makeLatest,
    immutable: release.immutable || (publishing && call.repository.immutableReleases),
    updatedAt: now,
    publishedAt: publishing ? now : release.publishedAt,
  });
  announce(call, updated, publishing ? publishedActions(updated) : ["edited"], call.actor);
  return json(200, renderRelease(viewOf(call), call.repository, updated));
}

function remove(call: RepositoryCall): Reply {
  const release = releaseNumbered(call);
  const { store, dataFolder } = call.platform;
  for (const asset of store.assets.group(release.id)) {
    rmSync(assetFile(dataFolder, asset.id), { force: true });
    store.assets.remove(asset.id);
  }
  announce(call, release, ["deleted"], call.actor);
  store.releases.remove(release.id);
  return empty();
}

/** Drafts are announced to nobody. */
function announce(call: RepositoryCall, release: Release, actions: readonly string[], actor: Actor): void {
  const rendered = renderRelease(defaultView(call.platform), call.repository, release);
  for (const action of actions) {
    const payload = action === "edited" ? { changes: {}, release: rendered } : { release: rendered };
    if (!release.draft) call.platform.emitEvent(call.repository, "release", action, payload, actor);
  }
}
