// What a publish is made from: the model's files, and what the training and the evaluation left beside them.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { ModelSettings, ShareItem } from "../config/settings.ts";
import { InputError, RefusedError } from "../errors.ts";
import { type Evidence, evidenceFileName, type ModelEvidence } from "../evidence/evidence.ts";
import { parseDocument } from "../evidence/parse-document.ts";
import { parseEvidence } from "../evidence/parse-evidence.ts";
import { parseProfileDocument, writeProfileDocument } from "../evidence/profile-document.ts";
import { RunRecord } from "../evidence/run-record.ts";
import type { Context } from "../host/context.ts";
import { readBoundedFile } from "../host/files.ts";
import { sha256Hex } from "../json/digest.ts";
import { defaultSmallestGroup, publishProfile } from "../monitoring/published-profile.ts";
import type { Lineage } from "../registry/event.ts";
import type { PublishFile } from "../registry/publish-files.ts";
import { findMissingSections, readCardSections } from "../report/card-sections.ts";
import { listCardSections, renderModelCard } from "../report/model-card.ts";
import { modelFolderName, profileFileName, runRecordFileName } from "./candidate-folder.ts";
import { createDocumentFile, findModelFiles, type LocalFile } from "./publish-file.ts";
import type { PublishSettings } from "./publish-settings.ts";
import { readWrittenSections } from "./read-card.ts";

/** A thousand columns with all their bins. */
const profileBytes = 256 * 2 ** 20;
const cardFileName = "card.md";
const limits = { bytes: 16 * 2 ** 20, depth: 40 } as const;

export interface Gathered {
  /** Not read yet. */
  readonly models: readonly LocalFile[];
  readonly documents: readonly PublishFile[];
  /** What the evidence says of this model; null without evidence. */
  readonly judged: {
    readonly model: ModelEvidence;
    readonly inconclusive: "block" | "warn";
    readonly workflowRun: Evidence["workflowRun"];
  } | null;
  readonly runRecord: RunRecord | null;
  /** The model card, given or made from what was gathered. */
  readonly card: string;
  /** Documents and card once bytes and version are known: a card that was made names them. */
  readonly complete: (version: string, files: readonly PublishFile[]) => Completed;
  /** Sections that the config requires and the card lacks. */
  readonly missingSections: readonly string[];
}

/** `documents` in place of those that were gathered; `body`: the text of the release. */
interface Completed {
  readonly documents: readonly PublishFile[];
  readonly body: string;
}

/** Reads everything but the bytes of the model. Throws InputError for what is missing or unreadable, RefusedError for evidence of another run. */
export async function gatherPublish(settings: PublishSettings, context: Context): Promise<Gathered> {
  const candidate = settings.candidate === null ? null : resolve(context.folder, settings.candidate);
  const models: LocalFile[] = [];
  for (const path of findModelPaths(settings, candidate, context)) models.push(...(await findModelFiles(path)));
  const judged = settings.evidence === null ? null : await readJudged(settings, context);
  const runRecord = (await readRunRecord(candidate)) ?? parseRunRecord(judged?.model.runRecord);
  const evidence = judged?.model ?? null;
  const written = await readWrittenSections(settings.config, settings.root, context);
  const facts = { name: settings.model, version: null, settings: settings.config, evidence, runRecord, written };
  const card = settings.card ?? renderModelCard(facts);
  const present =
    settings.card === null ? listCardSections(facts) : readCardSections(settings.card).map((section) => section.id);
  const missingSections = findMissingSections(settings.config?.card.required ?? [], present);
  const says = settings.card !== null || evidence !== null || runRecord !== null || written.length > 0;
  const documents = await gatherDocuments(settings, context, evidence, runRecord, says ? card : null);
  const complete = (version: string, files: readonly PublishFile[]): Completed => {
    const body = settings.card ?? renderModelCard({ ...facts, version, files });
    const own = createDocumentFile(cardFileName, body);
    return { documents: documents.map((file) => (file.path === cardFileName ? own : file)), body };
  };
  return { models, documents, judged, runRecord, card, complete, missingSections };
}

function findModelPaths(settings: PublishSettings, candidate: string | null, context: Context): readonly string[] {
  if (settings.files.length > 0) return settings.files.map((file) => resolve(context.folder, file));
  if (candidate !== null) return [join(candidate, modelFolderName)];
  const { model } = settings.config ?? { model: null };
  if (model !== null && settings.root !== null) return [resolve(settings.root, model)];
  throw new InputError({
    message: `there is nothing to publish for ${settings.model}`,
    expected: "`--file PATH`, `--candidate DIR`, or `model:` in .github/modelgate.yml",
    received: "none of them",
    hint: `modelgate publish ${settings.model} --file out/model.onnx`,
  });
}

async function readJudged(settings: PublishSettings, context: Context): Promise<Gathered["judged"]> {
  const folder = resolve(context.folder, settings.evidence ?? ".");
  const evidence = parseEvidence(await readBoundedFile(join(folder, evidenceFileName), limits.bytes));
  const model = evidence.models.find((other) => other.model === settings.model);
  if (model === undefined || model.status !== "judged" || model.verdict === null)
    throw new RefusedError({
      message: `the evidence holds no verdict on ${settings.model}`,
      file: join(folder, evidenceFileName),
      received: model === undefined ? "the model does not occur" : `${model.status}: ${model.problem ?? ""}`,
      hint: "nothing is published that was not judged",
    });
  const run = settings.gatedRun ?? Number(context.environment["GITHUB_RUN_ID"]);
  const named = settings.gatedRun == null ? evidence.workflowRun : (evidence.workflowRun ?? { id: Number.NaN });
  if (context.environment["GITHUB_ACTIONS"] === "true" && named && named.id !== run)
    throw new RefusedError({
      message: "the evidence comes from another workflow run",
      expected: `run ${run}`,
      received: `run ${evidence.workflowRun?.id ?? "unknown"}`,
      hint: "only bytes gated in the publishing workflow run are published",
    });
  return { model, inconclusive: evidence.inconclusive, workflowRun: evidence.workflowRun };
}

/** Only bytes that were gated are published: RefusedError when the evidence is about others. */
export function refuseOtherBytes(judged: ModelEvidence, files: readonly PublishFile[]): void {
  const gated = new Set(judged.candidate?.files.map((file) => file.sha256) ?? []);
  const other = files.filter((file) => !gated.has(file.sha256));
  if (other.length > 0 || gated.size === 0)
    throw new RefusedError(
      (other.length > 0 ? other : files).map((file) => ({
        message: "these are not the bytes that were gated",
        file: file.path,
        expected: [...gated].map((sha256) => `sha256 ${sha256}`).join(", ") || "a candidate in the evidence",
        received: `sha256 ${file.sha256}`,
        hint: "publish the files that the evidence is about",
      })),
    );
}

async function readRunRecord(candidate: string | null): Promise<RunRecord | null> {
  const path = candidate === null ? null : join(candidate, runRecordFileName);
  if (path === null || !existsSync(path)) return null;
  return parseDocument(await readBoundedFile(path, limits.bytes), RunRecord, runRecordFileName, limits);
}

function parseRunRecord(value: unknown): RunRecord | null {
  const parsed = RunRecord.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The documents beside the model that the config lets out; predictions and examples only where it names them. */
async function gatherDocuments(
  settings: PublishSettings,
  context: Context,
  judged: ModelEvidence | null,
  runRecord: RunRecord | null,
  card: string | null,
): Promise<readonly PublishFile[]> {
  const texts: readonly (readonly [ShareItem, string, unknown])[] = [
    ["evaluation", "evaluation.json", judged?.evaluation ?? judged?.comparison],
    ["benchmark", "benchmark.json", judged?.benchmark],
    ["run-record", runRecordFileName, runRecord],
  ];
  const shared = (item: ShareItem) => isShared(settings.config, item);
  const documents = texts
    .filter(([item, , value]) => shared(item) && value !== null && value !== undefined)
    .map(([, name, value]) => createDocumentFile(name, `${JSON.stringify(value, null, 2)}\n`));
  if (card !== null && shared("card")) documents.push(createDocumentFile(cardFileName, card));
  const profile = findProfile(settings, context);
  if (profile !== null && shared("profile"))
    documents.push(createDocumentFile(profileFileName, await renderPublicProfile(profile)));
  return documents;
}

/** A profile leaves the repository's runs only with values that enough rows share. */
async function renderPublicProfile(path: string): Promise<string> {
  const text = Buffer.from(await readBoundedFile(path, profileBytes)).toString("utf8");
  const published = publishProfile(parseProfileDocument(text, path), defaultSmallestGroup);
  return `${JSON.stringify(writeProfileDocument(published))}\n`;
}

/** The profile that was named, else the one that the training left beside the model. */
function findProfile(settings: PublishSettings, context: Context): string | null {
  if (settings.profile !== null) return resolve(context.folder, settings.profile);
  if (settings.candidate === null) return null;
  const left = resolve(context.folder, settings.candidate, profileFileName);
  return existsSync(left) ? left : null;
}

function isShared(config: ModelSettings | null, item: ShareItem): boolean {
  return config?.share ? config.share.includes(item) : item !== "predictions" && item !== "examples";
}

const CommitSha = z.string().regex(/^[0-9a-f]{40}$/);

/** Where the bytes come from, as far as the run record and the workflow run say; `gatedRun` where another run gated them. */
export function describeLineage(
  runRecord: RunRecord | null,
  context: Context,
  gatedRun: Evidence["workflowRun"] = null,
): Lineage {
  const { environment } = context;
  const sha = runRecord?.code.dirty ? null : (runRecord?.code.sha ?? environment["GITHUB_SHA"]);
  const digests = runRecord?.data.map((data) => data.sha256) ?? [];
  const id = Number(environment["GITHUB_RUN_ID"]);
  return {
    codeSha: CommitSha.safeParse(sha).data ?? null,
    dataSha256: digests.length > 0 ? sha256Hex(digests.join("\n")) : null,
    inputs: runRecord && runRecord.features.length > 0 ? [...runRecord.features] : null,
    workflowRun:
      gatedRun ??
      (Number.isInteger(id) && id > 0 ? { id, attempt: Number(environment["GITHUB_RUN_ATTEMPT"]) || 1 } : null),
  };
}
