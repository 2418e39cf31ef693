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

/** The head of the ledger, the index of a model as of it and, when a version is given, what is known of that one: read together. */
export async function readLedgerView(ledger: LedgerPort, model: string, version: string | null): Promise<LedgerView> {
  const own = version === null ? null : versionPath(model, version);
  const { head, files } = await ledger.readTogether([stagesPath(model), ...(own === null ? [] : [own])]);
  const index = await readIndexText(files.get(stagesPath(model)) ?? null, model, ledger);
  const text = own === null ? undefined : files.get(own);
  const record = own === null || text === undefined ? null : parseLedgerFile(VersionRecord, text, own);
  return { head, index, record };
}

/** The index of a model as of a commit, or as of now; that of a model without events when there is none. */
export async function readModelIndex(ledger: LedgerPort, model: string, commit?: string): Promise<ModelIndex> {
  return await readIndexText(await ledger.readFile(stagesPath(model), commit), model, ledger);
}

/** `text` null = the model has no events yet. @throws RefusedError for a file that is none, or another repository's model. */
export async function readIndexText(text: string | null, model: string, ledger: LedgerPort): Promise<ModelIndex> {
  const index = text === null ? createModelIndex(model) : parseLedgerFile(ModelIndex, text, stagesPath(model));
  await refuseOthersModel(index, ledger);
  return index;
}

/** Two repositories that share a registry may not mean different models by one name. @throws RefusedError saying whose it is. */
export async function refuseOthersModel(index: ModelIndex, { tenant }: LedgerPort): Promise<void> {
  const other = await findOtherOwner(index, tenant);
  if (other === null || tenant === undefined) return;
  const { model } = index;
  throw new RefusedError({
    message: `the model ${model} of this registry belongs to ${other}`,
    expected: `a model that ${tenant.repository} publishes`,
    received: model,
    hint: `two repositories share the registry and use one name: give the model another name in one of the two configs, such as ${tenant.repository.split("/")[1]?.toLowerCase()}-${model}`,
  });
}

/** The other repository that publishes the model; null when it is the tenant's, nobody published it yet, or there is no tenant. */
export async function findOtherOwner(
  { model, source, versions }: ModelIndex,
  tenant: LedgerPort["tenant"],
): Promise<string | null> {
  if (tenant === undefined || versions === 0) return null;
  return await tenant.findOther(model, source ?? null);
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
