// What a release should hold by the ledger and does not: replaced, deleted, or never whole.
import type { VersionRecord } from "./model-index.ts";
import { manifestName } from "./names.ts";
import { listHostFiles } from "./publish-files.ts";
import { holds } from "./publish-plan.ts";
import type { Release } from "./release.ts";

/** A file by the digest it has as a whole, and of it the assets that are wrong or missing. */
export interface LackingFile {
  readonly name: string;
  readonly sha256: string;
  readonly uploads: readonly LackingUpload[];
}

/** An asset as it should be: these bytes of the file from `start` on; `bytes` null = to its end (the ledger has no size of the manifest). */
export interface LackingUpload {
  readonly name: string;
  readonly sha256: string;
  readonly start: number;
  readonly bytes: number | null;
}

/** Every file of the version, its manifest last; empty when the release holds them all. Where the host tells no digests sizes alone count. */
export function listLacking(record: VersionRecord, release: Release): readonly LackingFile[] {
  const files = record.assets.map((asset): LackingFile => {
    let end = 0;
    const uploads = listHostFiles([asset]).map(({ name, sha256, bytes }) => {
      const start = end;
      end += bytes;
      return { name, sha256, bytes, start };
    });
    const wrong = uploads.filter((upload) => !release.assets.some((found) => holds(found, upload)));
    return { name: asset.name, sha256: asset.sha256, uploads: wrong };
  });
  const lacking = files.filter(({ uploads }) => uploads.length > 0);
  const { manifestSha256: sha256 } = record;
  if (sha256 === null || holdsManifest(release, sha256)) return lacking;
  const upload = { name: manifestName, sha256, start: 0, bytes: null };
  return [...lacking, { name: manifestName, sha256, uploads: [upload] }];
}

function holdsManifest({ assets }: Release, sha256: string): boolean {
  const found = assets.find(({ name }) => name === manifestName);
  return found?.state === "uploaded" && (found.sha256 === null || found.sha256 === sha256);
}
