// Performing one step of a publish on the ports.
import { RefusedError } from "../errors.ts";
import { sha256Hex } from "../json/digest.ts";
import { type AppendPorts, appendEvent } from "./append-event.ts";
import type { Asset, EventDraft } from "./event.ts";
import { type LedgerView, readLedgerView } from "./ledger-view.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import type { VersionRecord } from "./model-index.ts";
import { manifestName, tagOf } from "./names.ts";
import { listHostFiles } from "./publish-files.ts";
import { holdsExactly, type PublishStep } from "./publish-plan.ts";
import { readAssetText } from "./read-asset.ts";
import type { AssetSource, HostFile, Release, ReleaseDraft, ReleasePort } from "./release.ts";
import { uploadSources } from "./upload.ts";

export interface PublishPorts extends AppendPorts {
  readonly releases: ReleasePort;
  readonly progress: (line: string) => void;
}

/** What stays the same over a publish. */
export interface PublishRun {
  readonly ports: PublishPorts;
  readonly sources: readonly AssetSource[];
  readonly marker: string;
  readonly body: string;
  readonly actor: string;
  readonly targetCommit: string | null;
}

/** What is known between two steps. */
export interface PublishState {
  /** The ledger as last written; undefined = must be read. */
  readonly view: LedgerView | undefined;
  readonly record: VersionRecord;
  readonly releases: readonly Release[];
  readonly wanted: readonly HostFile[];
  readonly assets: readonly Asset[];
  readonly manifestSha256: string;
}

/** The state after the step, or null when the host has to be looked at first. */
export async function performPublishStep(
  run: PublishRun,
  state: PublishState,
  step: Exclude<PublishStep, { step: "done" }>,
): Promise<PublishState | null> {
  const { releases, progress } = run.ports;
  switch (step.step) {
    case "create-draft":
      return {
        ...state,
        releases: [...state.releases, await releases.createDraft(describeDraft(run, state.record))],
      };
    case "delete-assets":
      for (const asset of step.assets) await releases.deleteAsset(asset.id);
      return null;
    case "upload":
      return await upload(run, state, step.release, step.files);
    case "publish": {
      progress(`publishing ${step.release.tag}`);
      const published = await releases.publish(step.release);
      if (published.outcome === "look-again") return null;
      return { ...state, releases: replaceRelease(state.releases, published.value) };
    }
    case "inspect":
      return await adoptPublished(run, state, step.release);
    case "mark-available":
      return await markAvailable(run, state, step.release);
    case "delete-drafts":
      for (const draft of step.releases) await releases.deleteRelease(draft);
      return { ...state, releases: state.releases.filter((release) => !step.releases.includes(release)) };
  }
}

function replaceRelease(releases: readonly Release[], release: Release): readonly Release[] {
  return [...releases.filter((other) => other.id !== release.id), release];
}

/** The draft of this publish: its marker tells it from all others. */
export function describeDraft(run: PublishRun, record: VersionRecord): ReleaseDraft {
  return {
    tag: tagOf(record.model, record.version),
    title: `${record.model} ${record.version}`,
    body: run.body,
    prerelease: record.version.includes("-"),
    targetCommit: run.targetCommit,
  };
}

async function upload(
  run: PublishRun,
  state: PublishState,
  release: Release,
  files: readonly HostFile[],
): Promise<PublishState | null> {
  const names = new Set(files.map((file) => file.name));
  const sources = run.sources.filter((source) => names.has(source.name));
  const { releases, progress } = run.ports;
  const uploaded = await uploadSources(releases, release, sources, progress);
  if (uploaded === null) return null;
  // What counts before it becomes visible is what the host holds: its own digests say so, or it is read once more.
  const after = uploaded.every((asset) => asset.sha256 !== null)
    ? { ...release, assets: [...release.assets, ...uploaded] }
    : await releases.readRelease(release.id);
  return after === null ? null : { ...state, releases: replaceRelease(state.releases, after) };
}

/** A release with the tag is out that does not hold our files. A rival's of the same content is taken as it is; all others are refused. */
async function adoptPublished(run: PublishRun, state: PublishState, release: Release): Promise<PublishState> {
  const { releases } = run.ports;
  const own = state.releases.filter((other) => other.draft && other.body.includes(run.marker));
  for (const draft of own) await releases.deleteRelease(draft);
  const found = await readReleaseManifest(releases, release);
  const wanted = found === null ? [] : [...listHostFiles(found.manifest.assets), found.file];
  if (found === null || found.manifest.contentSha256 !== state.record.contentSha256 || !holdsExactly(release, wanted))
    throw new RefusedError({
      message: `a release with the tag ${release.tag} is published and holds other files`,
      received: release.url,
      hint: "somebody else made it: delete it if it is not wanted, or publish another version; `modelgate doctor` explains",
    });
  const { assets } = found.manifest;
  const rest = state.releases.filter((other) => !own.includes(other));
  return { ...state, releases: rest, wanted, assets, manifestSha256: found.file.sha256 };
}

/** The manifest of a release and the asset it is in; null when there is none that can be read. */
export async function readReleaseManifest(
  releases: ReleasePort,
  release: Release,
): Promise<{ readonly manifest: Manifest; readonly file: HostFile } | null> {
  const asset = release.assets.find((other) => other.name === manifestName && other.state === "uploaded");
  const text = asset === undefined ? null : await readAssetText(releases, asset);
  const manifest = text === null ? null : parseManifest(text);
  if (asset === undefined || text === null || manifest === null) return null;
  return { manifest, file: { name: manifestName, bytes: asset.bytes, sha256: sha256Hex(text) } };
}

async function markAvailable(run: PublishRun, state: PublishState, release: Release): Promise<PublishState> {
  const { model, version } = state.record;
  const { ledger } = run.ports;
  const appended = await appendEvent(
    run.ports,
    () => readLedgerView(ledger, model, version),
    (view) => decideAvailable(view, run, state, release),
    state.view,
  );
  const { record } = appended.view;
  if (record === null) throw new RefusedError(`the ledger no longer knows ${tagOf(model, version)}`);
  if (record.release?.id === release.id || release.immutable) return { ...state, view: appended.view, record };
  // A rival published the same version a moment earlier: the ledger names theirs, so ours goes.
  await run.ports.releases.deleteRelease(release);
  return { ...state, view: appended.view, record, releases: state.releases.filter((other) => other !== release) };
}

function decideAvailable(view: LedgerView, run: PublishRun, state: PublishState, release: Release): EventDraft | null {
  const { record } = view;
  const { model, version, contentSha256 } = state.record;
  if (record === null) throw new RefusedError(`the ledger no longer knows ${tagOf(model, version)}`);
  if (record.state === "available") return null;
  if (record.state !== "reserved")
    throw new RefusedError({
      message: `${tagOf(model, version)} was ${record.state} while it was being published`,
      received: record.ended?.reason ?? "no reason given",
    });
  return {
    event: "available",
    model,
    version,
    stage: null,
    actor: run.actor,
    reason: null,
    contentSha256,
    manifestSha256: state.manifestSha256,
    release: { id: release.id, tag: release.tag, url: release.url },
    assets: [...state.assets],
  };
}
