// From files to assets: names GitHub keeps, parts for what is too large for one asset, limits that are checked first.
import { InputError } from "../errors.ts";
import type { Asset } from "./event.ts";
import { manifestName, nameAssets } from "./names.ts";
import type { AssetSource, HostFile } from "./release.ts";

/** A file to publish. `open` gives the bytes from `start` up to, without, `end`; it may be called several times. */
export interface PublishFile {
  /** Relative, forward slashes. */
  readonly path: string;
  readonly role: "model" | "document";
  readonly bytes: number;
  readonly sha256: string;
  /** Digests of consecutive pieces of `partBytes` when the file is larger than that; else empty. */
  readonly partSha256: readonly string[];
  readonly open: (start: number, end: number) => AsyncIterable<Uint8Array>;
}

export interface PlannedAssets {
  readonly assets: readonly Asset[];
  readonly sources: readonly AssetSource[];
}

/** GitHub takes assets below 2 GiB; parts stay well below, so that one that fails costs less. */
export const defaultPartBytes = 1_000_000_000;
/** GitHub's limit; the manifest is one of them. */
export const assetLimit = 1000;

/** Assets and uploads of these files. Throws InputError for empty files, clashing names, or more assets than a release holds. */
export function planAssets(files: readonly PublishFile[], partBytes: number): PlannedAssets {
  const empty = files.filter((file) => file.bytes === 0);
  if (files.length === 0) throw new InputError({ message: "there is no file to publish" });
  if (empty.length > 0)
    throw new InputError(empty.map((file) => ({ message: "an empty file cannot be published", file: file.path })));
  const names = nameAssets(
    files.map((file) => file.path),
    [manifestName],
  );
  const planned = files.map((file, index) => planAsset(file, names[index] ?? file.path, partBytes));
  const sources = planned.flatMap((asset) => asset.sources);
  if (sources.length + 1 > assetLimit)
    throw new InputError({
      message: "a release cannot hold this many assets",
      expected: `at most ${assetLimit}, the manifest included`,
      received: String(sources.length + 1),
      hint: "pack the model's files into one archive, which is split into parts where it is large",
    });
  return { assets: planned.map(({ asset }) => asset), sources };
}

function planAsset(
  file: PublishFile,
  name: string,
  partBytes: number,
): { readonly asset: Asset; readonly sources: readonly AssetSource[] } {
  const { path, role, sha256, bytes } = file;
  if (bytes <= partBytes) {
    const source = { name, bytes, sha256, open: () => file.open(0, bytes) };
    return { asset: { name, path, role, sha256, bytes, parts: [] }, sources: [source] };
  }
  const count = Math.ceil(bytes / partBytes);
  const sources = Array.from({ length: count }, (_, index) => {
    const start = index * partBytes;
    const end = Math.min(bytes, start + partBytes);
    const digest = file.partSha256[index];
    if (digest === undefined) throw new Error(`no digest for part ${index + 1} of ${path}`);
    const partName = `${name}.part-${String(index + 1).padStart(3, "0")}-of-${String(count).padStart(3, "0")}`;
    return { name: partName, bytes: end - start, sha256: digest, open: () => file.open(start, end) };
  });
  const parts = sources.map((source) => ({ name: source.name, sha256: source.sha256, bytes: source.bytes }));
  return { asset: { name, path, role, sha256, bytes, parts }, sources };
}

/** The single assets on the host behind these: parts where there are parts. */
export function listHostFiles(assets: readonly Asset[]): readonly HostFile[] {
  return assets.flatMap((asset) => (asset.parts.length > 0 ? asset.parts : [asset]));
}
