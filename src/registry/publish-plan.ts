// The publish protocol as a state machine: from what is seen on the host to the next step. It keeps nothing in mind, so a
// publish that stopped anywhere goes on from whatever it left behind.
import type { VersionRecord } from "./model-index.ts";
import type { HostFile, Release, ReleaseAsset } from "./release.ts";

export interface PublishObservation {
  readonly record: VersionRecord;
  /** Drafts and published releases with the version's tag. */
  readonly releases: readonly Release[];
  /** Everything the release must hold: nothing more, nothing less. */
  readonly wanted: readonly HostFile[];
  /** Tells drafts for exactly these bytes from all others. */
  readonly marker: string;
}

export type PublishStep =
  | { readonly step: "create-draft" }
  | { readonly step: "delete-assets"; readonly release: Release; readonly assets: readonly ReleaseAsset[] }
  | { readonly step: "upload"; readonly release: Release; readonly files: readonly HostFile[] }
  | { readonly step: "publish"; readonly release: Release }
  | { readonly step: "mark-available"; readonly release: Release }
  /** A published release has the tag and does not hold the wanted files: its manifest must say whose it is. */
  | { readonly step: "inspect"; readonly release: Release }
  | { readonly step: "delete-drafts"; readonly releases: readonly Release[] }
  | { readonly step: "done"; readonly release: Release };

/** The one next step. Drafts of others (without the marker) are never touched while their publish may still be under way. */
export function decidePublishStep(seen: PublishObservation): PublishStep {
  const published = findPublished(seen);
  if (published !== null) return decideAfterPublish(seen, published);
  const [draft] = findDrafts(seen);
  if (draft === undefined) return { step: "create-draft" };
  const wrong = draft.assets.filter((asset) => !seen.wanted.some((source) => holds(asset, source)));
  if (wrong.length > 0) return { step: "delete-assets", release: draft, assets: wrong };
  const missing = seen.wanted.filter((source) => !draft.assets.some((asset) => holds(asset, source)));
  if (missing.length > 0) return { step: "upload", release: draft, files: missing };
  return { step: "publish", release: draft };
}

function decideAfterPublish(seen: PublishObservation, published: Release): PublishStep {
  if (!holdsExactly(published, seen.wanted)) return { step: "inspect", release: published };
  if (seen.record.state === "reserved") return { step: "mark-available", release: published };
  const leftovers = findDrafts(seen);
  return leftovers.length > 0 ? { step: "delete-drafts", releases: leftovers } : { step: "done", release: published };
}

/** The release of the version: the one the ledger names, else the oldest. */
function findPublished(seen: PublishObservation): Release | null {
  const published = seen.releases.filter((release) => !release.draft).sort((a, b) => a.id - b.id);
  return published.find((release) => release.id === seen.record.release?.id) ?? published[0] ?? null;
}

/** Drafts for exactly these bytes, oldest first: all who publish them work on the first. */
function findDrafts(seen: PublishObservation): readonly Release[] {
  return seen.releases
    .filter((release) => release.draft && release.body.includes(seen.marker))
    .sort((a, b) => a.id - b.id);
}

/** Whole, and of the same bytes as far as the host tells. */
export function holds(asset: ReleaseAsset, source: HostFile): boolean {
  return (
    asset.name === source.name &&
    asset.state === "uploaded" &&
    asset.bytes === source.bytes &&
    (asset.sha256 === null || asset.sha256 === source.sha256)
  );
}

/** Every file is there, and nothing else. */
export function holdsExactly(release: Release, wanted: readonly HostFile[]): boolean {
  return (
    release.assets.length === wanted.length &&
    wanted.every((source) => release.assets.some((asset) => holds(asset, source)))
  );
}
