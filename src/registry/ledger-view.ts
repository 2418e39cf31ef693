// Reading the index of a model: few requests, always as of one commit.
import { RefusedError } from "../errors.ts";
import type { ModelView } from "./apply-event.ts";
import type { LedgerCommit, LedgerPort } from "./ledger.ts";
import { createModelIndex, ModelIndex, VersionRecord } from "./model-index.ts";
import { stagesPath, versionPath } from "./names.ts";
import { parseLedgerFile } from "./parse-ledger-file.ts";

/** One model as of one head of the ledger. `record` is of the version that was asked for. */
export interface LedgerView extends ModelView {
  readonly head: LedgerCommit | null;
}

/** Reads a model and, when a version is given, its record: one request each, the second only when the first cannot answer. */
export async function readLedgerView(
  ledger: LedgerPort,
  head: LedgerCommit | null,
  model: string,
  version: string | null,
): Promise<LedgerView> {
  if (head === null) return { head, index: createModelIndex(model), record: null };
  const index = await readModelIndex(ledger, model, head.commit);
  const mayExist = version !== null && (index.versions > index.recent.length || findSummary(index, version) !== null);
  return { head, index, record: mayExist ? await readVersionRecord(ledger, model, version, head.commit) : null };
}

/** The index of a model as of a commit, or as of now; that of a model without events when there is none. */
export async function readModelIndex(ledger: LedgerPort, model: string, commit?: string): Promise<ModelIndex> {
  const path = stagesPath(model);
  const text = await ledger.readFile(path, commit);
  const index = text === null ? createModelIndex(model) : parseLedgerFile(ModelIndex, text, path);
  await refuseOthersModel(index, ledger);
  return index;
}

/** Two repositories that share a registry may not mean different models by one name. @throws RefusedError saying whose it is. */
export async function refuseOthersModel({ model, source }: ModelIndex, { tenant }: LedgerPort): Promise<void> {
  if (tenant === undefined || source === undefined || (await tenant.isAlso(source))) return;
  throw new RefusedError({
    message: `the model ${model} of this registry belongs to ${source}`,
    expected: `a model that ${tenant.repository} publishes`,
    received: model,
    hint: `two repositories share the registry and use one name: give the model another name in one of the two configs, such as ${tenant.repository.split("/")[1]?.toLowerCase()}-${model}`,
  });
}

/** What the ledger says of one version; null when it knows none. */
export async function readVersionRecord(
  ledger: LedgerPort,
  model: string,
  version: string,
  commit?: string,
): Promise<VersionRecord | null> {
  const path = versionPath(model, version);
  const text = await ledger.readFile(path, commit);
  return text === null ? null : parseLedgerFile(VersionRecord, text, path);
}

/** The version among the newest; null when it is none of them. */
export function findSummary(index: ModelIndex, version: string): ModelIndex["recent"][number] | null {
  return index.recent.find((summary) => summary.version === version) ?? null;
}
