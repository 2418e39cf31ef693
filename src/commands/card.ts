// Use case: the model card of a model, from the config, its evidence and its run record.
import { join, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { type Evidence, evidenceFileName } from "../evidence/evidence.ts";
import { parseDocument } from "../evidence/parse-document.ts";
import { parseEvidence } from "../evidence/parse-evidence.ts";
import { RunRecord } from "../evidence/run-record.ts";
import type { Context } from "../host/context.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";
import { findMissingSections } from "../report/card-sections.ts";
import { listCardSections, renderModelCard } from "../report/model-card.ts";
import { runRecordFileName } from "./candidate-folder.ts";
import { findModel, loadConfig } from "./load-config.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import { readWrittenSections } from "./read-card.ts";

export interface CardSettings {
  readonly model: string;
  readonly version: string | null;
  /** Folder with `evidence.json`; null = the card says that nothing judged it. */
  readonly evidence: string | null;
  /** Folder that a training left; null = the run record of the evidence, if it has one. */
  readonly candidate: string | null;
  readonly configFile: string | undefined;
}

/** Kind `model-card`. */
export interface CardDocument extends JsonDocument {
  readonly kind: "model-card";
  readonly model: string;
  readonly version: string | null;
  /** Sections that the config requires and the card lacks. */
  readonly missing: readonly string[];
  readonly markdown: string;
}

const limits = { bytes: 16 * 2 ** 20, depth: 40 } as const;

/** @throws {InputError} when the config does not know the model, or the evidence does not speak of it. */
export async function createCard(settings: CardSettings, context: Context): Promise<Outcome<CardDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const model = findModel(loaded, settings.model);
  const evidence = settings.evidence === null ? null : await readEvidence(resolve(context.folder, settings.evidence));
  const judged = evidence?.models.find((one) => one.model === settings.model) ?? null;
  if (evidence !== null && judged === null) {
    throw new InputError({
      message: `the evidence does not speak of ${settings.model}`,
      file: settings.evidence ?? "",
      expected: settings.model,
      received: evidence.models.map((one) => one.model).join(", ") || "no model",
    });
  }
  const facts = {
    name: settings.model,
    version: settings.version,
    settings: model,
    evidence: judged,
    runRecord: settings.candidate === null ? null : await readRunRecord(resolve(context.folder, settings.candidate)),
    written: await readWrittenSections(model, loaded.root, context),
  };
  const markdown = renderModelCard(facts);
  const missing = findMissingSections(model.card.required, listCardSections(facts));
  if (missing.length > 0) context.progress(`required and missing: ${missing.join(", ")}`);
  return {
    exitCode: 0,
    document: {
      kind: "model-card",
      schemaVersion: 1,
      model: settings.model,
      version: settings.version,
      missing,
      markdown,
    },
    text: markdown.trimEnd(),
    markdown,
  };
}

async function readEvidence(path: string): Promise<Evidence> {
  const file = (await findFileKind(path)) === "folder" ? join(path, evidenceFileName) : path;
  return parseEvidence(await readBoundedFile(file, limits.bytes));
}

async function readRunRecord(folder: string): Promise<RunRecord> {
  const bytes = await readBoundedFile(join(folder, runRecordFileName), limits.bytes);
  return parseDocument(bytes, RunRecord, runRecordFileName, limits);
}
