// Assets of releases: bytes come in as a stream, lie on disk with their digest, and go out whole or in part.
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { authorOf } from "../auth/actor.ts";
import { idParam, input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, HttpError, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import { renderAsset } from "../render/release.ts";
import { viewOf } from "../render/view.ts";
import type { Release, ReleaseAsset } from "../state/release.ts";
import type { RouteTools } from "./catalog.ts";
import { assetFile, releaseNumbered, seesDrafts } from "./release-access.ts";

const maxAssetBytes = 2 * 1024 ** 3;
const maxAssets = 1_000;

export function addReleaseAssetRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["contents:read"] } as const;
  const write = { permissions: ["contents:write"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/releases/{release_id}/assets", read, (call) => {
    const release = releaseNumbered(call);
    return paginate(call, call.platform.store.assets.group(release.id), (row) =>
      renderAsset(viewOf(call), call.repository, release, row),
    );
  });
  router.repositoryRoute(
    "POST /repos/{owner}/{repo}/releases/{release_id}/assets",
    { ...write, streamed: true },
    upload,
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", read, getAsset);
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/releases/assets/{asset_id}", write, update);
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", write, remove);
  router.repositoryRoute(
    "GET /{owner}/{repo}/releases/download/{tag_name}/{asset_name}",
    { foreign: true, permissions: ["contents:read"] },
    download,
  );
}

/** GitHub's own idea of names: everything unusual becomes a dot, and dots at the ends go. */
export function normalizeAssetName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._@+-]+/g, ".")
    .replace(/\.{2,}/g, ".")
    .replace(/^\.+|\.+$/g, "");
}

function found(call: RepositoryCall): { asset: ReleaseAsset; release: Release } {
  const { store } = call.platform;
  const asset = store.assets.get(idParam(call, "asset_id"));
  const release = asset && store.releases.get(asset.releaseId);
  if (asset === undefined || release === undefined || asset.repositoryId !== call.repository.id) throw notFound();
  if (release.draft && !seesDrafts(call)) throw notFound();
  return { asset, release };
}

async function upload(call: RepositoryCall): Promise<Reply> {
  const uploader = authorOf(call.actor);
  const { store, dataFolder } = call.platform;
  const release = releaseNumbered(call);
  const name = normalizeAssetName(call.query.get("name") ?? "");
  const length = Number(call.headers["content-length"] ?? Number.NaN);
  if (name === "") throw validationFailed([{ resource: "ReleaseAsset", code: "missing_field", field: "name" }]);
  if (release.immutable) throw new HttpError(422, "Cannot upload assets to an immutable release.");
  if (length >= maxAssetBytes) {
    throw validationFailed([
      { resource: "ReleaseAsset", code: "custom", field: "size", message: "size must be less than 2147483648" },
    ]);
  }
  if (length === 0) throw new HttpError(400, "Bad Content-Length");
  const siblings = store.assets.group(release.id);
  if (siblings.some((row) => row.name === name)) {
    throw validationFailed([{ resource: "ReleaseAsset", code: "already_exists", field: "name" }]);
  }
  if (siblings.length >= maxAssets) {
    throw validationFailed([
      {
        resource: "Release",
        code: "custom",
        field: "file_count",
        message: `file_count limited to ${maxAssets} assets per release`,
      },
    ]);
  }
  const now = call.platform.timestamp();
  const starter = store.assets.insert({
    repositoryId: call.repository.id,
    releaseId: release.id,
    name,
    label: call.query.get("label") ?? "",
    contentType: call.headers["content-type"] ?? "application/octet-stream",
    state: "starter",
    sizeBytes: 0,
    sha256: null,
    downloadCount: 0,
    uploaderId: uploader.id,
    createdAt: now,
    updatedAt: now,
  });
  const { sizeBytes, sha256 } = await receive(call, assetFile(dataFolder, starter.id));
  // Somebody took it for one that broke off, or deleted the release, while the bytes came in.
  if (store.assets.get(starter.id) === undefined) {
    rmSync(assetFile(dataFolder, starter.id), { force: true });
    throw notFound();
  }
  const asset = store.assets.update(starter.id, {
    state: "uploaded",
    sizeBytes,
    sha256,
    updatedAt: call.platform.timestamp(),
  });
  return json(201, renderAsset(viewOf(call), call.repository, release, asset));
}

/** Writes the request's body to `file`; when the client breaks off, the starter stays and the file does not. */
async function receive(call: RepositoryCall, file: string): Promise<{ sizeBytes: number; sha256: string }> {
  mkdirSync(dirname(file), { recursive: true });
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const measure = new Transform({
    transform(part: Buffer, _encoding, done) {
      sizeBytes += part.length;
      hash.update(part);
      done(sizeBytes >= maxAssetBytes ? new Error("too large") : null, part);
    },
  });
  try {
    await pipeline(call.request, measure, createWriteStream(`${file}.part`));
  } catch {
    rmSync(`${file}.part`, { force: true });
    throw new HttpError(sizeBytes >= maxAssetBytes ? 422 : 502, "The upload broke off");
  }
  renameSync(`${file}.part`, file);
  return { sizeBytes, sha256: hash.digest("hex") };
}

function getAsset(call: RepositoryCall): Reply {
  const { asset, release } = found(call);
  if (!/application\/octet-stream/.test(call.headers.accept ?? "")) {
    return json(200, renderAsset(viewOf(call), call.repository, release, asset));
  }
  return sendBytes(call, asset);
}

function download(call: RepositoryCall): Reply {
  const { store } = call.platform;
  const release = store.releases
    .group(call.repository.id)
    .find((row) => !row.draft && row.tagName === param(call, "tag_name"));
  const asset = release && store.assets.group(release.id).find((row) => row.name === param(call, "asset_name"));
  if (asset === undefined) throw notFound();
  return sendBytes(call, asset);
}

function sendBytes(call: RepositoryCall, asset: ReleaseAsset): Reply {
  if (asset.state !== "uploaded") throw notFound();
  call.platform.store.assets.update(asset.id, { downloadCount: asset.downloadCount + 1 });
  return {
    status: 200,
    headers: {
      "content-type": asset.contentType,
      "content-disposition": `attachment; filename=${asset.name}`,
      etag: `"${asset.sha256}"`,
    },
    file: { path: assetFile(call.platform.dataFolder, asset.id), sizeBytes: asset.sizeBytes },
  };
}

function update(call: RepositoryCall): Reply {
  const { asset, release } = found(call);
  if (release.immutable) throw new HttpError(422, "Cannot change assets of an immutable release.");
  const wanted = input(
    call,
    "ReleaseAsset",
    z.object({ name: z.string().optional(), label: z.string().optional(), state: z.string().optional() }),
  );
  const name = wanted.name === undefined ? asset.name : normalizeAssetName(wanted.name);
  if (call.platform.store.assets.group(release.id).some((row) => row.name === name && row.id !== asset.id)) {
    throw validationFailed([{ resource: "ReleaseAsset", code: "already_exists", field: "name" }]);
  }
  const updated = call.platform.store.assets.update(asset.id, {
    name,
    label: wanted.label ?? asset.label,
    updatedAt: call.platform.timestamp(),
  });
  return json(200, renderAsset(viewOf(call), call.repository, release, updated));
}

function remove(call: RepositoryCall): Reply {
  const { asset, release } = found(call);
  if (release.immutable) throw new HttpError(422, "Cannot delete assets from an immutable release.");
  rmSync(assetFile(call.platform.dataFolder, asset.id), { force: true });
  call.platform.store.assets.remove(asset.id);
  return empty();
}
