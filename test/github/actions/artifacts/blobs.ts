// The blob store that @actions/artifact writes to: Azure's block blobs, as far as its client uses them.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Call } from "../../http/call.ts";
import { empty, forbidden, HttpError, notFound, type Reply } from "../../http/reply.ts";
import type { ActionsService } from "../service.ts";

/** Where an artifact's bytes lie. */
export function artifactFile(service: ActionsService, artifactId: number): string {
  return join(service.folder, "artifacts", String(artifactId));
}

/** Adds `PUT` and `GET` below `/_blobs`, both only with a signed address. */
export function addBlobRoutes(service: ActionsService): void {
  const { router } = service.platform;
  const options = { actor: "anyone", foreign: true, streamed: true, ownCredentials: true } as const;
  router.route("PUT /_blobs/{artifact_id}", options, (call) => putBlob(service, call));
  router.route("GET /_blobs/{artifact_id}", options, (call) => getBlob(service, call));
}

async function putBlob(service: ActionsService, call: Call): Promise<Reply> {
  const artifact = findArtifact(service, call);
  const file = artifactFile(service, artifact.id);
  mkdirSync(join(file, ".."), { recursive: true });
  const kind = call.query.get("comp");
  if (kind === "block") {
    const folder = `${file}.blocks`;
    mkdirSync(folder, { recursive: true });
    await pipeline(call.request, createWriteStream(join(folder, blockName(call.query.get("blockid") ?? ""))));
  } else if (kind === "blocklist") {
    await joinBlocks(file, await readText(call.request));
  } else {
    await pipeline(call.request, createWriteStream(file));
  }
  return empty(201, { etag: '"0"', "last-modified": new Date().toUTCString(), "x-ms-version": "2024-11-04" });
}

function getBlob(service: ActionsService, call: Call): Reply {
  const artifact = findArtifact(service, call);
  const path = artifactFile(service, artifact.id);
  if (!existsSync(path)) throw notFound();
  return {
    status: 200,
    file: { path, sizeBytes: statSync(path).size },
    headers: {
      "content-type": artifact.mimeType,
      "content-disposition": `attachment; filename="${artifact.name}${artifact.mimeType === "application/zip" ? ".zip" : ""}"`,
    },
  };
}

function findArtifact(service: ActionsService, call: Call) {
  if (!service.signer.isSigned(call.path, call.query)) throw forbidden("Signature did not match");
  const artifact = service.tables.artifacts.get(Number(call.params["artifact_id"]));
  if (artifact === undefined) throw notFound();
  return artifact;
}

async function joinBlocks(file: string, list: string): Promise<void> {
  const names = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1]!);
  const blocks = names.map((name) => join(`${file}.blocks`, blockName(name)));
  if (blocks.some((block) => !existsSync(block))) throw new HttpError(400, "InvalidBlockList");
  const out = createWriteStream(file);
  for (const block of blocks) await pipeline(createReadStream(block), out, { end: false });
  await new Promise<void>((resolve, reject) => {
    out.once("error", reject);
    out.end(resolve);
  });
  rmSync(`${file}.blocks`, { recursive: true, force: true });
}

/** Size and SHA-256 of what was uploaded; undefined when nothing was. */
export async function measureBlob(file: string): Promise<{ sizeBytes: number; sha256: string } | undefined> {
  if (!existsSync(file)) return undefined;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { sizeBytes: statSync(file).size, sha256: hash.digest("hex") };
}

function blockName(id: string): string {
  return createHash("sha1").update(id).digest("hex");
}

async function readText(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
