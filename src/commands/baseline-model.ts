// Finds the version that a candidate is compared with and brings its bytes here, checked against the ledger.
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { LockedData } from "../config/lock.ts";
import { toLockedData } from "../config/parse-lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { parseDocument } from "../evidence/parse-document.ts";
import { RunRecord } from "../evidence/run-record.ts";
import type { Context } from "../host/context.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";
import { nameBaseline } from "../registry/baseline.ts";
import { readModelIndex } from "../registry/ledger-view.ts";
import type { ModelIndex } from "../registry/model-index.ts";
import { download } from "./registry-download.ts";
import type { RegistrySession } from "./registry-session.ts";
import type { BaselineModel } from "./validate-model.ts";

export interface FoundBaseline {
  readonly baseline: BaselineModel | null;
  /** The ledger was read and holds no version of the model, and the config allows a first one. */
  readonly firstVersion: boolean;
  /** Null when there is no ledger to read. */
  readonly index: ModelIndex | null;
}

/**
 * The model's baseline from the registry, downloaded into `folder`; `base-branch` is the newest version published. Null when
 * the stage is empty. Throws what reading the registry throws: an unreadable baseline never passes for none.
 */
export async function fetchBaseline(
  settings: ModelSettings,
  session: RegistrySession,
  folder: string,
  context: Context,
): Promise<FoundBaseline> {
  const head = await session.ledger.readHead();
  if (head === null) return { baseline: null, firstVersion: settings.firstVersion === "allow", index: null };
  const read = () => readModelIndex(session.ledger, settings.name, head.commit);
  const first = await read();
  // "No version yet" lets a first version through, so one 404 is not enough to believe it.
  const index = first.recent.length === 0 ? await read() : first;
  const version = nameBaseline(settings.baseline, index);
  if (version === null) {
    // What the index does not list counts as published.
    const published = index.versions > index.recent.length || index.recent.some(({ state }) => state === "available");
    return { baseline: null, firstVersion: !published && settings.firstVersion === "allow", index };
  }
  const out = join(folder, settings.name);
  await mkdir(out, { recursive: true });
  const { document } = await download({ reference: `${settings.name}@${version}`, out }, session, context);
  const record = await readRunRecord(join(out, "run-record.json"));
  const stage = index.stages[settings.baseline] === version ? settings.baseline : null;
  const path = settings.model === null ? out : join(out, basename(settings.model));
  return {
    baseline: {
      path: resolve(path),
      features: record?.features ?? settings.features,
      version: document.version,
      stage,
      sha256: index.recent.find((summary) => summary.version === version)?.contentSha256 ?? null,
      metrics: record?.metrics ?? null,
      trainedOn: findTrainingData(record),
    },
    firstVersion: false,
    index,
  };
}

function findTrainingData(record: RunRecord | null): LockedData | null {
  const found = record?.data.find(({ name }) => name === "train");
  return found === undefined ? null : toLockedData(found);
}

async function readRunRecord(path: string): Promise<RunRecord | null> {
  if ((await findFileKind(path)) !== "file") return null;
  const limits = { bytes: 4 * 2 ** 20, depth: 40 };
  return parseDocument(await readBoundedFile(path, limits.bytes), RunRecord, "run-record.json", limits);
}
