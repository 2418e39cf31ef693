// One file of a release onto the disk: resumed where it stopped, joined from its parts, checked before it gets its name.
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ModelgateError, ProviderError, RefusedError } from "../errors.ts";
import { createFileAppender } from "../host/file-appender.ts";
import { type Sha256Stream, startSha256 } from "../json/digest.ts";
import type { Asset } from "../registry/event.ts";
import { holds } from "../registry/publish-plan.ts";
import type { HostFile, Release, ReleasePort } from "../registry/release.ts";

const attemptLimit = 5;

export interface DownloadPorts {
  readonly releases: ReleasePort;
  readonly progress: (line: string) => void;
}

/**
 * Writes `target` whole or not at all. Until it is whole and of the right digest it is called `target.partial`, which the
 * next call goes on with. Already there with the right bytes = nothing is fetched. RefusedError when the bytes are others.
 */
export async function downloadAsset(
  ports: DownloadPorts,
  release: Release,
  asset: Asset,
  target: string,
): Promise<"downloaded" | "present"> {
  if (await holdsFile(target, asset)) return "present";
  const partial = `${target}.partial`;
  await mkdir(dirname(target), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const digest = await fetchRest(ports, release, asset, partial, attempt === attemptLimit);
    if (digest === null) continue;
    if (digest === asset.sha256) break;
    await rm(partial, { force: true });
    // A file that was resumed from bytes of something else gets one clean try.
    if (attempt > 1 || attempt === attemptLimit)
      throw new RefusedError({
        message: `${asset.name} of ${release.tag} is not what was published`,
        expected: `sha256 ${asset.sha256}`,
        received: `sha256 ${digest}`,
        hint: "the release was changed by hand: `modelgate registry verify` says more; nothing was kept",
      });
  }
  await rename(partial, target);
  return "downloaded";
}

async function holdsFile(path: string, asset: Asset): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size !== asset.bytes) return false;
  return (await digestPartial(path)).digest.finish() === asset.sha256;
}

async function digestPartial(path: string): Promise<{ readonly digest: Sha256Stream; readonly bytes: number }> {
  const digest = startSha256();
  let bytes = 0;
  if ((await stat(path).catch(() => null)) !== null)
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      digest.update(piece);
      bytes += piece.byteLength;
    }
  return { digest, bytes };
}

/** Fetches what `partial` lacks; the digest of the whole, or null when the connection broke off and another try is due. */
async function fetchRest(
  ports: DownloadPorts,
  release: Release,
  asset: Asset,
  partial: string,
  isLast: boolean,
): Promise<string | null> {
  const { digest, bytes } = await digestPartial(partial);
  if (bytes > asset.bytes) {
    await rm(partial, { force: true });
    return null;
  }
  if (bytes > 0) ports.progress(`going on with ${asset.name} at ${bytes} of ${asset.bytes} bytes`);
  const file = await open(partial, "a");
  const appender = createFileAppender(file);
  let written = bytes;
  try {
    let start = 0;
    for (const part of asset.parts.length > 0 ? asset.parts : [asset]) {
      const end = start + part.bytes;
      if (written < end) {
        const pieces = await ports.releases.download(findAssetId(release, part), written - start);
        for await (const piece of pieces) {
          await appender.append(piece);
          digest.update(piece);
          written += piece.byteLength;
        }
        await appender.flush();
        if (written !== end)
          throw new ProviderError({
            message: `${part.name} ended too early, also after ${attemptLimit} tries`,
            expected: `${part.bytes} bytes`,
            received: `${written - start} bytes`,
            hint: "run the same command again: it goes on where it stopped",
          });
      }
      start = end;
    }
  } catch (error) {
    // What did arrive is what the next try goes on with.
    await appender.flush().catch(() => undefined);
    if (isDiskProblem(error)) throw await describeDiskProblem(error, partial, file);
    if (written === 0) await rm(partial, { force: true });
    if (isLast || (error instanceof ModelgateError && error.family !== "provider")) throw describeBroken(error, asset);
    if (written > asset.bytes) await rm(partial, { force: true });
    return null;
  } finally {
    await appender.settle();
    await file.close().catch(() => {});
  }
  return digest.finish();
}

/** The asset on the host, which must be what was published as far as the host tells. */
function findAssetId(release: Release, file: HostFile): number {
  const asset = release.assets.find((other) => other.name === file.name);
  if (asset !== undefined && holds(asset, file)) return asset.id;
  throw new RefusedError({
    message:
      asset === undefined
        ? `${release.tag} has no file ${file.name} any more`
        : `${file.name} of ${release.tag} is not what was published`,
    expected: `sha256 ${file.sha256}, ${file.bytes} bytes`,
    received: asset === undefined ? "no such asset" : `sha256 ${asset.sha256 ?? "unknown"}, ${asset.bytes} bytes`,
    hint: "the release was changed by hand: `modelgate registry verify` says more; nothing was kept",
  });
}

function isDiskProblem(error: unknown): error is NodeJS.ErrnoException {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EFBIG"].includes(code);
}

async function describeDiskProblem(
  error: NodeJS.ErrnoException,
  partial: string,
  file: { readonly close: () => Promise<void> },
): Promise<ProviderError> {
  await file.close().catch(() => {});
  await rm(partial, { force: true });
  const full = error.code === "ENOSPC" || error.code === "EDQUOT";
  return new ProviderError({
    message: full ? "the disk is full" : "the file cannot be written",
    file: partial.replace(/\.partial$/, ""),
    received: error.code ?? error.message,
    hint: full ? "make room and run it again; nothing was kept of this file" : "choose another folder with --out",
  });
}

function describeBroken(error: unknown, asset: Asset): ModelgateError {
  if (error instanceof ModelgateError) return error;
  return new ProviderError({
    message: `${asset.name} could not be downloaded whole, after ${attemptLimit} tries`,
    received: error instanceof Error ? error.message : String(error),
    hint: "run the same command again: it goes on where it stopped",
  });
}
