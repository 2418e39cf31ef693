// Use case: the files of a version onto the disk, each checked against the ledger.
import { join, resolve as resolvePath } from "node:path";
import { InputError, RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import type { Asset } from "../registry/event.ts";
import { readVersionRecord } from "../registry/ledger-view.ts";
import { manifestName, parseReference } from "../registry/names.ts";
import type { Release } from "../registry/release.ts";
import { downloadAsset } from "./download-asset.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import { type AssetDocument, describeAsset } from "./registry-documents.ts";
import { resolveVersion } from "./registry-resolve.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface DownloadSettings {
  /** `MODEL@STAGE` or `MODEL@VERSION`. */
  readonly reference: string;
  /** Folder that gets the files; made when absent. */
  readonly out: string;
  /** The model's files only, without documents and manifest. */
  readonly modelOnly?: boolean;
}

/** Kind `download`. */
export interface DownloadDocument extends JsonDocument {
  readonly kind: "download";
  readonly model: string;
  readonly version: string;
  readonly contentSha256: string;
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly (AssetDocument & { readonly path: string })[];
}

/** Downloads what is not there yet; files keep their folders below `out`. */
export async function download(
  settings: DownloadSettings,
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
  context: Context,
): Promise<Outcome<DownloadDocument>> {
  const folder = resolvePath(context.folder, settings.out);
  const { model, version } = await resolveVersion(session.ledger, parseReference(settings.reference));
  const record = await readVersionRecord(session.ledger, model, version);
  if (record === null || record.release === null || record.state !== "available")
    throw new RefusedError({ message: `${model}@${version} is not available`, received: record?.state ?? "unknown" });
  const release = await session.releases.readRelease(record.release.id);
  if (release === null || release.draft)
    throw new RefusedError({
      message: `the release of ${model}@${version} is gone`,
      hint: "it was deleted by hand: `modelgate registry verify` says more",
    });
  const assets = settings.modelOnly
    ? record.assets.filter((asset) => asset.role === "model")
    : [...record.assets, ...describeManifest(release, record.manifestSha256)];
  for (const asset of assets) {
    const result = await downloadAsset(session, release, asset, join(folder, checkPath(asset)));
    session.progress(`${asset.path}: ${result === "present" ? "there already" : `${asset.bytes} bytes`}`);
  }
  const document: DownloadDocument = {
    kind: "download",
    schemaVersion: 1,
    model,
    version,
    contentSha256: record.contentSha256,
    folder,
    files: assets.map((asset) => ({ ...describeAsset(asset), path: asset.path })),
  };
  return {
    exitCode: 0,
    document,
    text: [`${model} ${version}`, ...assets.map((each) => join(folder, each.path))].join("\n"),
  };
}

function describeManifest(release: Release, sha256: string | null): readonly Asset[] {
  const asset = release.assets.find((other) => other.name === manifestName);
  if (asset === undefined || sha256 === null) return [];
  return [{ name: manifestName, path: manifestName, role: "document", sha256, bytes: asset.bytes, parts: [] }];
}

/** The path as it is, unless it leads out of the folder: the ledger may have been written by anybody with push rights. */
function checkPath({ path }: Asset): string {
  const parts = path.split(/[/\\]/);
  if (!parts.some((part) => part === "" || part === "." || part === "..") && !/^[a-z]:/i.test(path)) return path;
  throw new InputError({ message: "the ledger names a file that would lie outside the folder", received: path });
}
