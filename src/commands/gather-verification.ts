// What verifying a registry looks at, gathered within a budget of requests: manifests of the newest versions, or of those asked for.

import { readEventMessage } from "../registry/ledger.ts";
import type { Manifest } from "../registry/manifest.ts";
import type { VersionRecord } from "../registry/model-index.ts";
import { parseTag } from "../registry/names.ts";
import { readReleaseManifest } from "../registry/publish-step.ts";
import { foldEvents, type RegistryState } from "../registry/registry-state.ts";
import type { Release, ReleasePort } from "../registry/release.ts";
import type { VerificationInput } from "../registry/verification.ts";
import { findModelState } from "./registry-reading.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Which versions are looked at closely: their release is asked for by its id if need be, and their manifest is read. */
export interface VerificationScope {
  /** Null = all models. */
  readonly model: string | null;
  /** Versions that this event or a later one made available; null = from the first. */
  readonly since: number | null;
  /** Versions that this event or an earlier one made available; null = up to the last. */
  readonly until: number | null;
  /** At most so many, the newest of them. */
  readonly last: number;
}

/** Within the 1,000 requests an hour of a workflow run, with room for the events and the listing of 10,000 versions. */
export const defaultScope: VerificationScope = { model: null, since: null, until: null, last: 500 };

const manifestsAtATime = 6;
const tellEvery = 100;
/** GitHub lists the newest 10,000 releases of a repository, drafts among them, and no more. */
const mostListed = 10_000;

type Manifests = Map<number, { readonly manifest: Manifest; readonly sha256: string } | null>;

/**
 * 1 request per 100 events and per 100 releases, 1 or a few for the index, 1 per manifest in scope, 1 per release in scope
 * that is older than what GitHub lists. A release that was not asked for by its id counts as not looked at, not as gone.
 * InputError when the scope names a model that neither ledger nor releases know.
 */
export async function gatherVerification(
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
  scope: VerificationScope = defaultScope,
): Promise<VerificationInput> {
  const { ledger, releases, progress } = session;
  const head = await ledger.readHead();
  const commits = head === null ? [] : await ledger.readCommits(head);
  progress(`read ${commits.length} events`);
  const fileIds = head === null ? new Map<string, string>() : await ledger.readFileIds(head.commit);
  const state = foldEvents(commits.map(({ message }) => readEventMessage(message)).filter((event) => event !== null));
  const records = listAvailable(state);
  const { chosen, next } = chooseRecords(records, scope);
  const listing = await releases.listReleases();
  progress(`listed ${listing.length} ${listing.length === 1 ? "release" : "releases"}`);
  // A ledger that was cut may have forgotten a model whose releases are still there: then there is something to verify.
  const { model } = scope;
  if (model !== null && !listing.some(({ tag }) => parseTag(tag)?.model === model)) findModelState(state, model);
  const listed = new Map(listing.map((release) => [release.id, release]));
  const isWhole = listing.length < mostListed;
  const older = isWhole ? [] : await readUnlisted(releases, chosen, listed, progress);
  const found = [...listing, ...older].filter((release) => !release.draft && parseTag(release.tag) !== null);
  const known = new Set(records.map(({ release }) => release?.id));
  const wanted = new Set(chosen.map(({ release }) => release?.id));
  // A release that the ledger does not know shows a ledger that was cut: its manifest is read in any case.
  const close = found.filter(({ id }) => wanted.has(id) || !known.has(id));
  const manifests = await readManifests(releases, close, progress);
  const unread = new Set(found.flatMap(({ id }) => (manifests.has(id) ? [] : [id])));
  const unseen = new Set(
    isWhole
      ? []
      : records.flatMap(({ release }) =>
          release && !listed.has(release.id) && !wanted.has(release.id) ? [release.id] : [],
        ),
  );
  return { commits, fileIds, releases: found, manifests, unread, unseen, next };
}

/** Available versions with a release, in the order in which they became so. */
function listAvailable(state: RegistryState): readonly VersionRecord[] {
  return [...state.values()]
    .flatMap(({ versions }) => [...versions.values()])
    .filter(({ state: at, release }) => at === "available" && release !== null)
    .sort((a, b) => placeOf(a) - placeOf(b));
}

/** The event that made the version available. */
function placeOf({ available, reserved }: VersionRecord): number {
  return (available ?? reserved).sequence;
}

/** `next`: the event of the newest version that was left for another time; null = none. */
function chooseRecords(
  records: readonly VersionRecord[],
  scope: VerificationScope,
): { readonly chosen: readonly VersionRecord[]; readonly next: number | null } {
  const { model, since, until, last } = scope;
  const within = records.filter(
    (record) =>
      (model === null || record.model === model) &&
      (since === null || placeOf(record) >= since) &&
      (until === null || placeOf(record) <= until),
  );
  const left = within[within.length - last - 1];
  return { chosen: within.slice(Math.max(0, within.length - last)), next: left === undefined ? null : placeOf(left) };
}

async function readUnlisted(
  releases: ReleasePort,
  chosen: readonly VersionRecord[],
  listed: ReadonlyMap<number, Release>,
  progress: (line: string) => void,
): Promise<readonly Release[]> {
  const ids = chosen.flatMap(({ release }) => (release !== null && !listed.has(release.id) ? [release.id] : []));
  const found: Release[] = [];
  await eachAtATime(ids, "older releases", progress, async (id) => {
    const release = await releases.readRelease(id);
    if (release !== null) found.push(release);
  });
  return found;
}

async function readManifests(
  releases: ReleasePort,
  list: readonly Release[],
  progress: (line: string) => void,
): Promise<Manifests> {
  const manifests: Manifests = new Map();
  await eachAtATime(list, "manifests", progress, async (release) => {
    const found = await readReleaseManifest(releases, release);
    manifests.set(release.id, found === null ? null : { manifest: found.manifest, sha256: found.file.sha256 });
  });
  return manifests;
}

/** Six at a time, with a line for every hundred. */
async function eachAtATime<T>(
  items: readonly T[],
  what: string,
  progress: (line: string) => void,
  read: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  let done = 0;
  async function work(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await read(item);
      done += 1;
      if (done % tellEvery === 0 || done === items.length) progress(`read ${done} of ${items.length} ${what}`);
    }
  }
  await Promise.all(Array.from({ length: manifestsAtATime }, work));
}
