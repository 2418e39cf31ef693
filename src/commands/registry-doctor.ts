// Use cases behind `doctor`: what is half done or out of place in the registry, and repairing it from that plan.
import { ProviderError, RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { appendEvent } from "../registry/append-event.ts";
import { diagnoseRegistry, type RegistryFinding, type Repair } from "../registry/diagnosis.ts";
import type { EventDraft } from "../registry/event.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import { readLedgerView } from "../registry/ledger-view.ts";
import type { VersionRecord } from "../registry/model-index.ts";
import { parseTag, tagOf } from "../registry/names.ts";
import type { StageRule } from "../registry/promotion.ts";
import type { PublishFile } from "../registry/publish-files.ts";
import { readReleaseManifest } from "../registry/publish-step.ts";
import type { AssetSource, Release } from "../registry/release.ts";
import { rewriteIndex } from "../registry/rewrite-index.ts";
import { uploadSources } from "../registry/upload.ts";
import type { VerificationInput } from "../registry/verification.ts";
import { gatherVerification } from "./gather-verification.ts";
import type { RegistrySession } from "./registry-session.ts";
import { rollback } from "./rollback.ts";

/**
 * Everything found, with drafts looked at too (needs `contents: write` to see them). Nothing is changed. `known`: what was just
 * gathered; `files`: files at hand that a release may lack.
 */
export async function examineRegistry(
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
  context: Context,
  known?: VerificationInput,
  files: readonly PublishFile[] = [],
): Promise<readonly RegistryFinding[]> {
  const input = known ?? (await gatherVerification(session));
  const releases = (await session.releases.listReleases()).filter((release) => parseTag(release.tag) !== null);
  const atHand = new Map(files.map(({ sha256, path }) => [sha256, path]));
  return diagnoseRegistry({ ...input, releases, tags: await session.releases.listTags(), atHand }, context.now());
}

/** Stages of a model as the config has them; undefined = it does not name the model. */
export type FindStages = (model: string) => readonly StageRule[] | undefined;

/** Performs the repairs of these findings, in their order; those without a repair are passed over. `files`: those that were examined with. */
export async function repairRegistry(
  findings: readonly RegistryFinding[],
  session: RegistrySession,
  actor: string,
  findStages: FindStages,
  context: Context,
  files: readonly PublishFile[] = [],
): Promise<void> {
  for (const { repair, subject, advice } of findings) {
    if (repair === null) continue;
    session.progress(`${subject}: ${advice}`);
    if (repair.repair === "restore") {
      await restore(repair, files, session);
      continue;
    }
    if (repair.repair === "roll-back") await rollBack(repair, session, findStages, context);
    await performRepair(
      repair.repair === "roll-back" ? { ...repair, repair: "withdraw", drafts: [] } : repair,
      session,
      actor,
    );
  }
}

/** What has the name of a lacking asset goes, and the bytes that were published go up again; the ledger has nothing to add. */
async function restore(
  { release, lacking }: Extract<Repair, { repair: "restore" }>,
  files: readonly PublishFile[],
  { releases, progress }: RegistrySession,
): Promise<void> {
  const sources = lacking.flatMap(({ sha256, uploads }) => {
    const file = files.find((other) => other.sha256 === sha256);
    if (file === undefined) throw new RefusedError(`no file at hand has the digest ${sha256}`);
    return uploads.map(({ name, sha256: own, start, bytes: size }): AssetSource => {
      const bytes = size ?? file.bytes;
      return { name, sha256: own, bytes, open: () => file.open(start, start + bytes) };
    });
  });
  const names = new Set(sources.map(({ name }) => name));
  for (const asset of release.assets) if (names.has(asset.name)) await releases.deleteAsset(asset.id);
  const uploaded = await uploadSources(releases, release, sources, progress);
  const whole = uploaded?.every(({ name, sha256 }) =>
    sources.some((one) => one.name === name && (sha256 ?? one.sha256) === one.sha256),
  );
  if (!whole)
    throw new ProviderError({
      message: `${release.tag} does not hold what was uploaded`,
      hint: "something else changes it meanwhile: run the same command again",
    });
}

/** By the rules of the stages: who may not roll back by hand may not do it by a repair. */
async function rollBack(
  { record: { model, version }, moves }: Extract<Repair, { repair: "roll-back" }>,
  session: RegistrySession,
  findStages: FindStages,
  context: Context,
): Promise<void> {
  const stages = findStages(model);
  if (stages === undefined)
    throw new RefusedError({
      message: `the config does not name ${model}, so nobody knows who may move its stages`,
      hint: "repair it in the repository that publishes the model",
    });
  const reason = `the files of ${version} are not those that were published`;
  for (const { stage, to } of moves) {
    const { text } = await rollback({ model, stage, to, reason, actor: null, stages, config: null }, session, context);
    session.progress(text);
  }
}

async function performRepair(
  repair: Exclude<Repair, { repair: "roll-back" | "restore" }>,
  session: RegistrySession,
  actor: string,
): Promise<void> {
  switch (repair.repair) {
    case "delete-release":
      return await session.releases.deleteRelease(repair.release);
    case "rewrite-index":
      return void (await rewriteIndex(session, repair.model, actor));
    case "withdraw":
      await appendForVersion(session, repair.record, (record) =>
        record?.state === repair.record.state
          ? {
              event: "withdraw",
              model: record.model,
              version: record.version,
              stage: null,
              actor,
              reason:
                repair.record.state === "reserved"
                  ? "its publish did not finish"
                  : "its release is gone or was changed",
            }
          : null,
      );
      await deleteDrafts(repair.drafts, session);
      return repair.tag === null ? undefined : await deleteTag(repair.tag, session);
    case "delete-tag":
      return await deleteTag(repair.tag, session);
    case "mark-available": {
      const found = await readReleaseManifest(session.releases, repair.release);
      if (found === null) throw new RefusedError(`the manifest of ${repair.release.tag} went away meanwhile`);
      const { id, tag, url } = repair.release;
      await appendForVersion(session, repair.record, (record) =>
        record?.state === "reserved"
          ? {
              event: "available",
              model: record.model,
              version: record.version,
              stage: null,
              actor,
              reason: "found published by doctor",
              contentSha256: record.contentSha256,
              manifestSha256: found.file.sha256,
              release: { id, tag, url },
              assets: found.manifest.assets,
            }
          : null,
      );
      return await deleteDrafts(repair.drafts, session);
    }
  }
}

async function deleteTag(tag: string, { releases, progress }: RegistrySession): Promise<void> {
  if (!(await releases.deleteTag(tag))) progress(`${tag}: a ruleset keeps the tag`);
}

async function deleteDrafts(drafts: readonly Release[], { releases }: RegistrySession): Promise<void> {
  for (const draft of drafts) await releases.deleteRelease(draft);
}

async function appendForVersion(
  session: Pick<RegistrySession, "pace"> & { readonly ledger: LedgerPort },
  { model, version }: VersionRecord,
  decide: (record: VersionRecord | null) => EventDraft | null,
): Promise<void> {
  await appendEvent(
    session,
    () => readLedgerView(session.ledger, model, version),
    (view) => {
      // A stage may hold what is to be withdrawn: then people have to move it first.
      const draft = decide(view.record);
      const stage = Object.entries(view.index.stages).find(([, held]) => held === version)?.[0];
      if (draft?.event === "withdraw" && stage !== undefined)
        throw new RefusedError({
          message: `${tagOf(model, version)} cannot be withdrawn while ${stage} holds it`,
          hint: `modelgate rollback ${model} --stage ${stage}`,
        });
      return draft;
    },
  );
}
