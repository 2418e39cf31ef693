// Does the registry hold? The chain, the index, the releases, and the anchors that manifests put outside the ledger.
import { gitBlobId } from "../json/digest.ts";
import { digestEvent, legacyRecentLimit } from "./apply-event.ts";
import type { LedgerEvent } from "./event.ts";
import { type LedgerCommit, readEventMessage } from "./ledger.ts";
import type { Manifest } from "./manifest.ts";
import { renderLedgerFile, type VersionRecord } from "./model-index.ts";
import { contentPath, eventPath, manifestName, parseTag, stagesPath, tagOf, versionPath } from "./names.ts";
import { listHostFiles } from "./publish-files.ts";
import { holds } from "./publish-plan.ts";
import { foldEvents, type RegistryState } from "./registry-state.ts";
import type { Release } from "./release.ts";

/** Something that does not hold. `sequence` null = it is not about one event. */
export interface VerificationProblem {
  readonly sequence: number | null;
  readonly commit: string | null;
  readonly problem: string;
}

export interface VerificationInput {
  /** All commits of the ledger, oldest first. */
  readonly commits: readonly LedgerCommit[];
  /** Path → git blob id at the head. */
  readonly fileIds: ReadonlyMap<string, string>;
  readonly releases: readonly Release[];
  /** By release id; null = there is none that can be read. */
  readonly manifests: ReadonlyMap<number, { readonly manifest: Manifest; readonly sha256: string } | null>;
  /** Ids of releases whose manifest was left unread: it is compared by the host's digest. */
  readonly unread: ReadonlySet<number>;
  /** Ids of releases that were not looked for: nothing is said of them. */
  readonly unseen: ReadonlySet<number>;
  /** The event of the newest version that was left for another time; null = none. */
  readonly next: number | null;
}

export interface Verification {
  readonly holds: boolean;
  readonly events: number;
  /** The earliest event that does not hold. */
  readonly firstBad: { readonly sequence: number; readonly commit: string | null; readonly problem: string } | null;
  readonly problems: readonly VerificationProblem[];
  /** What nothing is said of: releases not looked at, manifests not read. `next`: older versions, up to this event, were left. */
  readonly notChecked: { readonly releases: number; readonly manifests: number; readonly next: number | null };
}

/** Checks everything and reports all problems, those about events in their order. */
export function verifyRegistry(input: VerificationInput): Verification {
  const events = input.commits.map((commit) => readEventMessage(commit.message));
  const known = events.filter((event) => event !== null);
  const state = foldEvents(known);
  const problems = [
    ...checkChain(input, events),
    ...checkIndex(input, known, state),
    ...checkReleases(input, state),
    ...checkAnchors(input, events, state),
  ];
  const [first] = problems
    .flatMap(({ sequence, commit, problem }) => (sequence === null ? [] : [{ sequence, commit, problem }]))
    .sort((a, b) => a.sequence - b.sequence);
  const notChecked = { releases: input.unseen.size, manifests: input.unread.size, next: input.next };
  return { holds: problems.length === 0, events: known.length, firstBad: first ?? null, problems, notChecked };
}

/** Each commit holds the event of its place, built on the commit before; each event file is as it was written. */
function checkChain(input: VerificationInput, events: readonly (LedgerEvent | null)[]): readonly VerificationProblem[] {
  const problems: VerificationProblem[] = [];
  const seen = new Set<string>();
  events.forEach((event, position) => {
    const commit = input.commits[position];
    if (commit === undefined) return;
    const add = (at: number, problem: string) =>
      problems.push({ sequence: at + 1, commit: input.commits[at]?.commit ?? null, problem });
    if (commit.parents > 1) add(position, "its commit is a merge: somebody merged into the ledger");
    if (event === null) {
      add(position, "its commit carries no event of Modelgate");
      return;
    }
    if (event.sequence !== position + 1) {
      add(
        position,
        `event ${event.sequence} stands in the place of event ${position + 1}: something was removed, added or reordered`,
      );
      return;
    }
    if (seen.has(event.id)) add(position, "the same event was in the ledger before");
    seen.add(event.id);
    const before = events[position - 1] ?? null;
    // An event that does not fit the one before shows that the one before is not what it was.
    if (position > 0 && before !== null && event.previous !== digestEvent(before))
      add(position - 1, "the event was edited after the next one was built on it");
    else if (event.parent !== commit.parent)
      add(Math.max(0, position - 1), "its commit was rewritten after the next event was built on it");
    const fileId = input.fileIds.get(eventPath(event.sequence));
    if (fileId === undefined) add(position, "its file was removed");
    else if (fileId !== gitBlobId(renderLedgerFile(event))) add(position, "its file was changed after it was written");
    if (isForeignAuthor(commit.author, event.actor))
      add(position, `it says ${event.actor} did this, and ${commit.author} wrote the commit`);
  });
  return problems;
}

/** Bots write for others (Actions, the App); a person's commit must name that person. */
function isForeignAuthor(author: string | null, actor: string): boolean {
  return author !== null && !author.endsWith("[bot]") && author.toLowerCase() !== actor.toLowerCase();
}

/** The index at the head is what the events come to, and nothing else lies in the ledger. */
function checkIndex(
  input: VerificationInput,
  events: readonly LedgerEvent[],
  state: RegistryState,
): readonly VerificationProblem[] {
  const expected = renderIndex(state);
  const eventFiles = new Set(events.map((event) => eventPath(event.sequence)));
  const problems: VerificationProblem[] = [];
  const older = new Map<string, string>();
  for (const [path, text] of expected) {
    const found = input.fileIds.get(path);
    if (found === gitBlobId(text)) continue;
    if (older.size === 0) for (const [name, was] of renderOlderIndex(events)) older.set(name, was);
    const was = older.get(path);
    if (was !== undefined && found === gitBlobId(was)) continue;
    const problem = found === undefined ? "is missing" : "is not what the events come to";
    problems.push({ sequence: null, commit: null, problem: `the index file ${path} ${problem}` });
  }
  for (const path of input.fileIds.keys())
    if (!expected.has(path) && !eventFiles.has(path) && !path.startsWith("events/"))
      problems.push({ sequence: null, commit: null, problem: `${path} does not belong into the ledger` });
  return problems;
}

/** `stages.json` as it was written when it listed 100 versions: it holds too, until the model's next event shortens it. */
function renderOlderIndex(events: readonly LedgerEvent[]): ReadonlyMap<string, string> {
  const state = foldEvents(events, legacyRecentLimit);
  return new Map([...state].map(([model, { index }]) => [stagesPath(model), renderLedgerFile(index)]));
}

/** Every index file as it must be: path → text. */
export function renderIndex(state: RegistryState): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [model, { index, versions }] of state) {
    files.set(stagesPath(model), renderLedgerFile(index));
    const byReservation = [...versions.values()].sort((a, b) => a.reserved.sequence - b.reserved.sequence);
    for (const record of byReservation) {
      files.set(versionPath(model, record.version), renderLedgerFile(record));
      const content = { model, schemaVersion: 1, version: record.version };
      files.set(contentPath(model, record.contentSha256), renderLedgerFile(content));
    }
  }
  return files;
}

/** Every available version has its release, whole and of the recorded bytes. */
function checkReleases(input: VerificationInput, state: RegistryState): readonly VerificationProblem[] {
  const byId = new Map(input.releases.map((release) => [release.id, release]));
  return [...state.values()].flatMap(({ versions }) =>
    [...versions.values()].flatMap((record) => {
      if (record.state !== "available" || record.release === null) return [];
      if (input.unseen.has(record.release.id)) return [];
      const { sequence } = record.available ?? record.reserved;
      const commit = input.commits[sequence - 1]?.commit ?? null;
      return checkRelease(record, byId.get(record.release.id), input).map((problem) => ({
        sequence,
        commit,
        problem: `${tagOf(record.model, record.version)}: ${problem}`,
      }));
    }),
  );
}

function checkRelease(
  record: VersionRecord,
  release: Release | undefined,
  input: VerificationInput,
): readonly string[] {
  if (release === undefined || release.draft) return ["its release is gone"];
  const changed = holdsManifest(record, release, input) ? [] : [`${manifestName} is missing or was replaced`];
  const files = listHostFiles(record.assets);
  const lacking = files
    .filter((file) => !release.assets.some((asset) => holds(asset, file)))
    .map((file) => {
      const found = release.assets.find((asset) => asset.name === file.name);
      return found ? `${file.name} was replaced` : `${file.name} is missing`;
    });
  const names = new Set([...files.map((file) => file.name), manifestName]);
  const added = release.assets
    .filter((asset) => !names.has(asset.name))
    .map((asset) => `${asset.name} was added by hand`);
  return [...lacking, ...changed, ...added];
}

/** An unread manifest is compared by the host's digest; a host that gives none leaves it among what was not checked. */
function holdsManifest({ manifestSha256 }: VersionRecord, release: Release, input: VerificationInput): boolean {
  if (!input.unread.has(release.id)) return input.manifests.get(release.id)?.sha256 === manifestSha256;
  const asset = release.assets.find(({ name, state }) => name === manifestName && state === "uploaded");
  return asset !== undefined && (asset.sha256 === null || asset.sha256 === manifestSha256);
}

/** What the manifests say of the ledger is still so: a ledger that was cut or written anew differs from them. */
function checkAnchors(
  input: VerificationInput,
  events: readonly (LedgerEvent | null)[],
  state: RegistryState,
): readonly VerificationProblem[] {
  return input.releases.flatMap((release): VerificationProblem[] => {
    const manifest = input.manifests.get(release.id)?.manifest;
    const named = parseTag(release.tag);
    if (release.draft || !manifest || named === null || manifest.tag !== release.tag) return [];
    const { sequence, head, eventSha256 } = manifest.ledger;
    const event = events[sequence - 1] ?? null;
    const commit = input.commits[sequence - 1]?.commit ?? null;
    const anchor = `the release ${release.tag} was made when event ${sequence} was commit ${head}`;
    if (commit === null)
      return [
        {
          sequence: input.commits.length + 1,
          commit: null,
          problem: `${anchor}; the ledger ends at event ${input.commits.length}: it was cut`,
        },
      ];
    if (commit !== head || event === null || digestEvent(event) !== eventSha256)
      return [{ sequence, commit, problem: `${anchor}; it is ${commit} now: the ledger was rewritten` }];
    if (!state.get(named.model)?.versions.has(named.version))
      return [{ sequence: null, commit: null, problem: `${anchor}; the ledger knows no such version` }];
    return [];
  });
}
