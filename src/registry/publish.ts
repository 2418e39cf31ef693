// Publishing a version: reserve, then the steps of the protocol one by one, each decided from what is there.
import { ProviderError } from "../errors.ts";
import { sha256Hex } from "../json/digest.ts";
import { LostAnswerError } from "./lost-answer.ts";
import { renderManifest } from "./manifest.ts";
import type { VersionRecord } from "./model-index.ts";
import { manifestName, tagOf } from "./names.ts";
import { jitter } from "./pace.ts";
import { defaultPartBytes, type PublishFile, planAssets } from "./publish-files.ts";
import { decidePublishStep } from "./publish-plan.ts";
import {
  describeDraft,
  type PublishPorts,
  type PublishRun,
  type PublishState,
  performPublishStep,
} from "./publish-step.ts";
import type { AssetSource, Release } from "./release.ts";
import { findReserveCommit, type ReserveRequest, reserveVersion } from "./reserve.ts";
import { requireServable } from "./servable.ts";
import type { UploadAhead } from "./upload-ahead.ts";

export interface PublishRequest extends ReserveRequest {
  readonly files: readonly PublishFile[];
  /** Part of the content's identity; goes into the manifest. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The release's text: the model card. */
  readonly body: string;
  readonly targetCommit: string | null;
  readonly partBytes?: number;
  /** Files, as many as `files` and of the same names, and text once the version is known; missing = as they are. */
  readonly complete?: (version: string) => Pick<PublishRequest, "files" | "body">;
  /** Large files that are on their way already. It is adopted where no other draft of these bytes was begun. */
  readonly ahead?: UploadAhead | null;
}

export interface Publication {
  readonly state: "published" | "unchanged";
  readonly record: VersionRecord;
}

const stepLimit = 60;
const lostAnswerLimit = 6;

/**
 * Publishes, or finishes a publish of the same bytes that stopped anywhere. `unchanged` when the version was available
 * already and its release still holds it. Throws RefusedError when the version holds other bytes, or its release does not hold
 * it any more, ProviderError when the host failed for good: then the same call later goes on.
 */
export async function publishVersion(ports: PublishPorts, request: PublishRequest): Promise<Publication> {
  const partBytes = request.partBytes ?? defaultPartBytes;
  // What cannot be published is refused before a number is taken.
  planAssets(request.files, partBytes);
  const reserved = await reserveVersion(ports, request);
  const { record, view } = reserved;
  if (record.state === "available") {
    await requireServable(ports.releases, request.model, record.version, record);
    return { state: "unchanged", record };
  }
  const { files, body: text } = request.complete?.(record.version) ?? request;
  const planned = planAssets(files, partBytes);
  const tag = tagOf(request.model, record.version);
  ports.progress(`${reserved.event ? "reserved" : "going on with"} ${tag}`);
  const commit = await findReserveCommit(ports.ledger, reserved);
  const manifest = createTextSource(manifestName, renderManifest(record, commit, planned.assets, request.metadata));
  const sources = [...planned.sources, manifest];
  const marker = renderMarker(sources);
  const body = `${text.trimEnd()}\n\n${marker}\n`.trimStart();
  const run: PublishRun = { ports, sources, marker, body, actor: request.actor, targetCommit: request.targetCommit };
  // Who just reserved the number knows that nobody has begun: there is nothing to look for.
  const begun = reserved.event === null ? await ports.releases.findReleases(tag) : [];
  return await runPublish(run, {
    view,
    record,
    releases: await adoptAhead(run, record, begun, request.ahead ?? null),
    wanted: sources,
    assets: planned.assets,
    manifestSha256: manifest.sha256,
  });
}

/** What was sent ahead counts where nobody has begun with these bytes; else it is left to be discarded. */
async function adoptAhead(
  run: PublishRun,
  record: VersionRecord,
  begun: readonly Release[],
  ahead: UploadAhead | null,
): Promise<readonly Release[]> {
  if (ahead === null || begun.some((release) => !release.draft || release.body.includes(run.marker))) return begun;
  const adopted = await ahead.adopt(describeDraft(run, record));
  return adopted === null
    ? await run.ports.releases.findReleases(tagOf(record.model, record.version))
    : [...begun, adopted];
}

/** A comment in the release's text that tells drafts for exactly these files from all others. */
function renderMarker(sources: readonly AssetSource[]): string {
  return `<!-- modelgate:publish ${sha256Hex(sources.map((source) => source.sha256).join("\n"))} -->`;
}

function createTextSource(name: string, text: string): AssetSource {
  const content = new TextEncoder().encode(text);
  async function* open(): AsyncIterable<Uint8Array> {
    yield content;
  }
  return { name, bytes: content.byteLength, sha256: sha256Hex(content), open };
}

async function runPublish(run: PublishRun, start: PublishState): Promise<Publication> {
  const { pace, releases } = run.ports;
  const tag = tagOf(start.record.model, start.record.version);
  let state = start;
  let lostAnswers = 0;
  for (let count = 0; count < stepLimit; count += 1) {
    const step = decidePublishStep({ ...state, marker: run.marker });
    if (step.step === "done") return { state: "published", record: state.record };
    try {
      state = (await performPublishStep(run, state, step)) ?? { ...state, releases: await releases.findReleases(tag) };
    } catch (error) {
      if (!(error instanceof LostAnswerError) || lostAnswers >= lostAnswerLimit) throw error;
      lostAnswers += 1;
      await pace.wait(jitter(pace, lostAnswers + 3));
      state = { ...state, view: undefined, releases: await releases.findReleases(tag) };
    }
  }
  throw new ProviderError({
    message: `the release ${tag} does not become what was uploaded, after ${stepLimit} steps`,
    hint: "something else changes it meanwhile: `modelgate doctor` says what is there",
  });
}
