// Use case: publish a model's bytes as a version, as a release that stands alone.
import { InputError, RefusedError } from "../errors.ts";
import { findUntoldGates } from "../evidence/untold-gates.ts";
import type { Context } from "../host/context.ts";
import { readModelIndex } from "../registry/ledger-view.ts";
import { digestContent } from "../registry/manifest.ts";
import { nameAssets, parseModelName, parseVersion } from "../registry/names.ts";
import { publishVersion } from "../registry/publish.ts";
import { defaultPartBytes, type PublishFile, planAssets, planUploads } from "../registry/publish-files.ts";
import { decidePublishVerdict } from "../registry/publish-verdict.ts";
import { planReservation } from "../registry/reserve.ts";
import { requireServable } from "../registry/servable.ts";
import { beginUpload, type UploadAhead } from "../registry/upload-ahead.ts";
import { describeCardRemedy } from "../report/card-sections.ts";
import { findLogin } from "./find-actor.ts";
import type { Outcome } from "./outcome.ts";
import { digestModelFile } from "./publish-file.ts";
import { describeLineage, type Gathered, gatherPublish, refuseOtherBytes } from "./publish-gathering.ts";
import type { PublishSettings } from "./publish-settings.ts";
import { describeAsset, type PublicationDocument } from "./registry-documents.ts";
import { isRegistryApart, type RegistrySession } from "./registry-session.ts";

const metricLimit = 30;

/**
 * Publishes, goes on with a publish that stopped, or finds the version there already (`unchanged`).
 * Throws RefusedError when gates or rules say no; then nothing was written.
 */
export async function publish(
  settings: PublishSettings,
  session: RegistrySession,
  context: Context,
): Promise<Outcome<PublicationDocument>> {
  const model = parseModelName(settings.model);
  const version = settings.version === null ? null : parseVersion(settings.version);
  if (settings.pre && version !== null)
    throw new InputError({
      message: "a candidate's number follows from the change",
      key: "--pre",
      expected: "`--pre`, or `--version 1.2.0-rc.1`",
      received: `both, with ${version}`,
    });
  const gathered = await gatherPublish(settings, context);
  const verdict = checkVerdict(settings, gathered);
  refuseIncompleteCard(settings, gathered);
  const partBytes = settings.partBytes ?? defaultPartBytes;
  const ahead = settings.dryRun ? null : await sendAhead(session, model, gathered, partBytes);
  try {
    const models: PublishFile[] = [];
    for (const file of gathered.models) models.push(await digestModelFile(file, partBytes));
    if (gathered.judged !== null) refuseOtherBytes(gathered.judged.model, models);
    return await publishFiles({ settings, session, context, gathered, model, version, verdict, models, ahead });
  } finally {
    await ahead?.discard();
  }
}

/**
 * Begins to send what takes longest while it is digested. Not where bytes must be those that were gated: these are compared
 * before any of them leaves the machine. Nor where a publish stopped, which most likely is the one that goes on.
 */
async function sendAhead(
  session: RegistrySession,
  model: string,
  { models, documents, judged }: Gathered,
  partBytes: number,
): Promise<UploadAhead | null> {
  const planned = planUploads([...models, ...documents], partBytes);
  const parts = planned.flatMap(({ uploads }) => (uploads.length > 1 ? uploads : []));
  if (judged !== null || parts.length === 0) return null;
  const { recent } = await readModelIndex(session.ledger, model);
  if (recent.some(({ state }) => state === "reserved")) return null;
  return await beginUpload(session, model, parts);
}

interface Publishing {
  readonly settings: PublishSettings;
  readonly session: RegistrySession;
  readonly context: Context;
  readonly gathered: Gathered;
  readonly model: string;
  readonly version: string | null;
  readonly verdict: "pass" | "fail" | "inconclusive" | null;
  /** Digested, and those that were gated where there is evidence. */
  readonly models: readonly PublishFile[];
  readonly ahead: UploadAhead | null;
}

async function publishFiles(publishing: Publishing): Promise<Outcome<PublicationDocument>> {
  const { settings, session, context, gathered, model, version, verdict, models, ahead } = publishing;
  const files = [...models, ...gathered.documents];
  const metadata = settings.metadata ?? {};
  const request = {
    model,
    version,
    candidate: settings.pre === true,
    contentSha256: digestContent(listContent(models), metadata),
    lineage: {
      ...describeLineage(
        gathered.runRecord,
        context,
        settings.gatedRun ? (gathered.judged?.workflowRun ?? null) : null,
      ),
      ...describeSource(session),
    },
    breaksFrom: findBrokenVersion(gathered),
    verdict,
    metrics: collectMetrics(gathered),
    actor: settings.actor ?? (await findLogin(session.repository, context)),
    reason: settings.reason,
  };
  if (settings.dryRun) {
    const { draft, record } = await planReservation(session.ledger, request);
    const state = record?.state === "available" ? "unchanged" : "planned";
    if (state === "unchanged") await requireServable(session.releases, model, record?.version ?? "", record);
    return describePublication({
      model,
      version: draft?.version ?? record?.version ?? "",
      state,
      change: (draft?.event === "reserve" ? draft.change : record?.change) ?? null,
      release: record?.release ?? null,
      assets: planAssets(files, settings.partBytes ?? defaultPartBytes).assets.map(describeAsset),
    });
  }
  const published = await publishVersion(session, {
    ...request,
    files,
    ahead,
    metadata,
    body: gathered.card,
    complete: (version) => {
      const { documents, body } = gathered.complete(version, models);
      return { files: [...models, ...documents], body };
    },
    targetCommit: findTargetCommit(session, context),
    ...(settings.partBytes === undefined ? {} : { partBytes: settings.partBytes }),
  });
  const { record, state } = published;
  return describePublication({
    model,
    version: record.version,
    state,
    change: record.change,
    release: record.release,
    assets: record.assets.map(describeAsset),
  });
}

/** The baseline, where the candidate's signature breaks its callers. */
function findBrokenVersion({ judged }: Gathered): string | null {
  return judged?.model.signature === "breaking" ? (judged.model.baseline?.version ?? null) : null;
}

/** The verdict the version keeps. RefusedError when the gates do not let the bytes through, or gates exist and nothing judged. */
function checkVerdict(settings: PublishSettings, { judged }: Gathered): "pass" | "fail" | "inconclusive" | null {
  if (judged === null) {
    if ((settings.config?.gates.length ?? 0) === 0) return null;
    throw new RefusedError({
      message: `${settings.model} has gates, and no evidence says that these bytes pass them`,
      expected: "`--evidence DIR` with the evidence of these bytes",
      received: "no evidence",
      hint: `modelgate validate ${settings.model} --candidate PATH writes it`,
    });
  }
  const comparisons = [judged.model.comparison, judged.model.secondComparison].filter((each) => each !== null);
  const gates = comparisons.flatMap((comparison) => comparison.gates);
  const decided = decidePublishVerdict(
    gates.map((gate) => ({ ...gate, accepted: gate.accepted !== undefined })),
    judged.model.verdict ?? "fail",
    settings.config?.inconclusive ?? judged.inconclusive,
  );
  const untold = settings.config === null ? [] : findUntoldGates(settings.config, judged.model);
  if (untold.length > 0) {
    throw new RefusedError({
      message: `the evidence does not say how these gates fared: ${untold.join(", ")}`,
      expected: "every gate of the config",
      hint: "judge again with the config as it is now",
    });
  }
  if (decided.problems.length > 0) throw new RefusedError(decided.problems);
  return decided.verdict;
}

function refuseIncompleteCard({ model, config }: PublishSettings, { missingSections }: Gathered): void {
  if (missingSections.length === 0) return;
  throw new RefusedError({
    message: `the model card of ${model} lacks required sections: ${missingSections.join(", ")}`,
    expected: `a card with ${config?.card.required.join(", ")}`,
    received: `a card without ${missingSections.join(", ")}`,
    hint: describeCardRemedy(missingSections, config?.card.file ?? null),
  });
}

function listContent(models: readonly PublishFile[]): readonly { readonly name: string; readonly sha256: string }[] {
  const names = nameAssets(
    models.map((file) => file.path),
    [],
  );
  return models.map((file, index) => ({ name: names[index] ?? file.path, sha256: file.sha256 }));
}

function collectMetrics({ judged, runRecord }: Gathered): Readonly<Record<string, number>> {
  const estimates = (judged?.model.evaluation?.metrics ?? []).map(
    ({ metric, slice, value }) => [metric, slice, value] as const,
  );
  const compared = (judged?.model.comparison?.metrics ?? []).map(
    ({ metric, slice, candidate }) => [metric, slice, candidate] as const,
  );
  const judgedMetrics = [...estimates, ...compared].filter(
    (entry): entry is readonly [string, null, number] => entry[1] === null && entry[2] !== null,
  );
  const entries =
    judgedMetrics.length > 0
      ? judgedMetrics.map(([metric, , value]) => [metric, value] as const)
      : Object.entries(runRecord?.metrics ?? {});
  return Object.fromEntries(entries.slice(0, metricLimit));
}

/** In a workflow run of the registry's repository the tag points to its commit; elsewhere the commit may not be there. */
function findTargetCommit(session: RegistrySession, context: Context): string | null {
  const { owner, name } = session.registry;
  const { GITHUB_ACTIONS: inActions, GITHUB_REPOSITORY: repository, GITHUB_SHA: sha } = context.environment;
  return inActions === "true" && repository === `${owner}/${name}` && sha ? sha : null;
}

/** Where the code lies, when that is not where the registry is. */
function describeSource(session: RegistrySession): { readonly repository?: string } {
  const { owner, name } = session.repository;
  return isRegistryApart(session) ? { repository: `${owner}/${name}` } : {};
}

/** Why a version got its number. */
const changes: Readonly<Record<string, string>> = {
  first: "the first version",
  major: "major: what it takes or gives changed",
  minor: "minor: new code or data, or not known what it was made from",
  patch: "patch: the same code and data, other bytes",
};

function describePublication(facts: Omit<PublicationDocument, "kind" | "schemaVersion">): Outcome<PublicationDocument> {
  const document: PublicationDocument = { kind: "publication", schemaVersion: 1, ...facts };
  const { model, version, state, change, release, assets } = document;
  const why = state === "unchanged" ? undefined : changes[change ?? ""];
  const said =
    state === "published"
      ? `published${release ? `: ${release.url}` : ""}`
      : state === "unchanged"
        ? "is published already, with these bytes"
        : "would be published";
  const width = Math.max(...assets.map((asset) => asset.name.length));
  const rows = assets.map(({ name, sha256, bytes }) => `  ${name.padEnd(width)}  ${bytes} bytes  sha256 ${sha256}`);
  return {
    exitCode: 0,
    document,
    text: [`${model} ${version} ${said}`, ...(why === undefined ? [] : [`  ${why}`]), ...rows].join("\n"),
  };
}
