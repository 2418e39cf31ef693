// A stage may only come to hold what can be served: the release is there, with the bytes that the ledger has.
import { type Problem, RefusedError } from "../errors.ts";
import type { VersionRecord } from "./model-index.ts";
import { manifestName, tagOf } from "./names.ts";
import { listHostFiles } from "./publish-files.ts";
import { holds } from "./publish-plan.ts";
import type { Release, ReleaseAsset, ReleasePort } from "./release.ts";

/** The release is gone, or holds other bytes than were published: no rule says no, the registry was meddled with. */
export class UnservableError extends RefusedError {}

/** An available version and the release that was found to hold it. */
export interface Servable {
  readonly record: VersionRecord;
  readonly release: Release;
}

/**
 * One request: the release with its list of assets. Every file of the version must be there, whole, under the size and
 * digest of the ledger, and so must the manifest; where the host computes no digests (an older GitHub Enterprise Server)
 * sizes alone are compared. UnservableError names every file that is not so; RefusedError for a version that is not
 * available; ProviderError when the host does not answer.
 */
export async function requireServable(
  releases: ReleasePort,
  model: string,
  version: string,
  record: VersionRecord | null,
): Promise<Servable> {
  const tag = tagOf(model, version);
  if (record === null || record.state !== "available" || record.release === null)
    throw new RefusedError({
      message: record === null ? `there is no version ${tag}` : `${tag} is ${record.state}, not available`,
      hint: "`modelgate registry show MODEL` lists the versions",
    });
  const release = await releases.readRelease(record.release.id);
  if (release === null || release.draft)
    throw new UnservableError({
      message: `the release of ${tag} is ${release === null ? "gone" : "a draft again: somebody withdrew it by hand"}`,
      hint: "its bytes cannot be served: choose another version; `modelgate doctor --repair` withdraws this one",
    });
  const problems = findChanged(record, release, tag);
  if (problems.length > 0) throw new UnservableError(problems);
  return { record, release };
}

function findChanged(record: VersionRecord, release: Release, tag: string): readonly Problem[] {
  const find = (name: string) => release.assets.find((asset) => asset.name === name);
  const changed = listHostFiles(record.assets)
    .filter((file) => !release.assets.some((asset) => holds(asset, file)))
    .map(({ name, sha256, bytes }) => ({ name, expected: `sha256 ${sha256}, ${bytes} bytes` }));
  const manifest = find(manifestName);
  const sameManifest =
    manifest?.state === "uploaded" && (manifest.sha256 === null || manifest.sha256 === record.manifestSha256);
  const all = sameManifest
    ? changed
    : [...changed, { name: manifestName, expected: `sha256 ${record.manifestSha256 ?? "unknown"}` }];
  return all.map(({ name, expected }) => ({
    message: `the bytes of ${name} of ${tag} are not those that were published`,
    expected,
    received: describeFound(find(name)),
    hint: "the release was changed by hand: choose another version, or `modelgate doctor --repair --file PATH` puts the file back",
  }));
}

function describeFound(asset: ReleaseAsset | undefined): string {
  if (asset === undefined) return "no such asset";
  if (asset.state === "starter") return "an upload that did not finish";
  return `sha256 ${asset.sha256 ?? "unknown"}, ${asset.bytes} bytes`;
}
