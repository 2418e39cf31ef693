// From files to assets: names GitHub keeps, parts for what is too large for one asset, limits that are checked first.
import { InputError } from "../errors.ts";
import type { Asset } from "./event.ts";
import { manifestName, nameAssets } from "./names.ts";
import type { AssetSource, HostFile, UploadSource } from "./release.ts";

/** A file to publish before its bytes were read. `open` gives those from `start` up to, without, `end`; it may be called several times. */
export interface UndigestedFile {
  /** Relative, forward slashes. */
  readonly path: string;
  readonly role: "model" | "document";
  readonly bytes: number;
  readonly open: (start: number, end: number) => AsyncIterable<Uint8Array>;
}

export interface PublishFile extends UndigestedFile {
  readonly sha256: string;
  /** Digests of consecutive pieces of `partBytes` when the file is larger than that; else empty. */
  readonly partSha256: readonly string[];
}

export interface PlannedAssets {
  readonly assets: readonly Asset[];
  readonly sources: readonly AssetSource[];
}

/** What is uploaded of one file. */
export interface PlannedUploads<F extends UndigestedFile> {
  readonly file: F;
  readonly name: string;
  /** The file itself, or its parts where it is larger than one. */
  readonly uploads: readonly UploadSource[];
}

/** GitHub takes assets below 2 GiB; parts stay well below, so that one that fails costs less. */
export const defaultPartBytes = 1_000_000_000;
/** GitHub's limit; the manifest is one of them. */
export const assetLimit = 1000;

/** Names and parts of these files. Throws InputError for empty files, clashing names, or more assets than a release holds. */
export function planUploads<F extends UndigestedFile>(
  files: readonly F[],
  partBytes: number,
): readonly PlannedUploads<F>[] {
  const empty = files.filter((file) => file.bytes === 0);
  if (files.length === 0) throw new InputError({ message: "there is no file to publish" });
  if (empty.length > 0)
    throw new InputError(empty.map((file) => ({ message: "an empty file cannot be published", file: file.path })));
  const names = nameAssets(
    files.map((file) => file.path),
    [manifestName],
  );
  const planned = files.map((file, index) => {
    const name = names[index] ?? file.path;
    return { file, name, uploads: listUploads(file, name, partBytes) };
  });
  const count = planned.reduce((sum, { uploads }) => sum + uploads.length, 1);
  if (count > assetLimit)
    throw new InputError({
      message: "a release cannot hold this many assets",
      expected: `at most ${assetLimit}, the manifest included`,
      received: String(count),
      hint: "pack the model's files into one archive, which is split into parts where it is large",
    });
  return planned;
}

function listUploads(file: UndigestedFile, name: string, partBytes: number): readonly UploadSource[] {
  const { bytes } = file;
  if (bytes <= partBytes) return [{ name, bytes, open: () => file.open(0, bytes) }];
  const count = Math.ceil(bytes / partBytes);
  return Array.from({ length: count }, (_, index) => {
    const start = index * partBytes;
    const end = Math.min(bytes, start + partBytes);
    const partName = `${name}.part-${String(index + 1).padStart(3, "0")}-of-${String(count).padStart(3, "0")}`;
    return { name: partName, bytes: end - start, open: () => file.open(start, end) };
  });
}

/** Assets and uploads of these files. Throws as `planUploads` does. */
export function planAssets(files: readonly PublishFile[], partBytes: number): PlannedAssets {
  const planned = planUploads(files, partBytes).map(planAsset);
  return { assets: planned.map(({ asset }) => asset), sources: planned.flatMap(({ sources }) => sources) };
}

function planAsset({ file, name, uploads }: PlannedUploads<PublishFile>): {
  readonly asset: Asset;
  readonly sources: readonly AssetSource[];
} {
  const { path, role, sha256, bytes, partSha256 } = file;
  if (uploads.length === 1) {
    const sources = uploads.map((upload) => ({ ...upload, sha256 }));
    return { asset: { name, path, role, sha256, bytes, parts: [] }, sources };
  }
  const sources = uploads.map((upload, index) => {
    const digest = partSha256[index];
    if (digest === undefined) throw new Error(`no digest for part ${index + 1} of ${path}`);
    return { ...upload, sha256: digest };
  });
  const parts = sources.map((source) => ({ name: source.name, sha256: source.sha256, bytes: source.bytes }));
  return { asset: { name, path, role, sha256, bytes, parts }, sources };
}

/** The single assets on the host behind these: parts where there are parts. */
export function listHostFiles(assets: readonly Asset[]): readonly HostFile[] {
  return assets.flatMap((asset) => (asset.parts.length > 0 ? asset.parts : [asset]));
}
