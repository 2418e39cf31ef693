// Use case: what the registry holds, all of it or one model; from the events while they are few, else from the index.
import type { LedgerCommit, LedgerPort } from "../registry/ledger.ts";
import { readHeadEvent } from "../registry/ledger.ts";
import { readModelIndex, readVersionRecord } from "../registry/ledger-view.ts";
import { parseModelName } from "../registry/names.ts";
import { foldEvents, readEvents } from "../registry/registry-state.ts";
import type { Outcome } from "./outcome.ts";
import {
  describeModel,
  describeSummary,
  describeVersion,
  type ModelDocument,
  type RegistryStateDocument,
} from "./registry-documents.ts";
import { findModelState } from "./registry-reading.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface ListSettings {
  /** Every version with its files, however many events have to be read for it: one request per 100. */
  readonly all: boolean;
}

/** Requests that reading all events may cost before the index is asked instead: 2,000 events. */
const fewPages = 20;
const indexesAtATime = 6;

/**
 * `model` null = all. Versions in the order of their reservation. A registry of more than 2,000 events is told from its
 * index, unless `all`: per model the stages, the number of versions and the newest ones, `complete: false` where there are
 * more. InputError for a model that the registry does not hold.
 */
export async function listRegistry(
  model: string | null,
  session: Pick<RegistrySession, "ledger">,
  { all }: ListSettings = { all: false },
): Promise<Outcome<RegistryStateDocument>> {
  const name = model === null ? null : parseModelName(model);
  const head = await session.ledger.readHead();
  const models = await readModels(session.ledger, head, name, all);
  const document: RegistryStateDocument = { kind: "registry-state", schemaVersion: 1, models };
  return { exitCode: 0, document, text: name === null ? renderModels(models) : models.map(renderModel).join("\n") };
}

async function readModels(
  ledger: LedgerPort,
  head: LedgerCommit | null,
  name: string | null,
  all: boolean,
): Promise<readonly ModelDocument[]> {
  const pages = Math.ceil((readHeadEvent(head)?.sequence ?? 0) / 100);
  if (head !== null && !all && pages > fewPages) {
    const found = name === null ? null : await readNewest(ledger, name, head.commit);
    if (found !== null) return [found];
    const names = name === null ? await ledger.listFolder("models", head.commit) : [];
    // With more models than pages of events, the events are the shorter way.
    if (names.length > 0 && names.length < pages) return await readIndexes(ledger, names, head.commit);
  }
  const events = head === null ? [] : readEvents(await ledger.readCommits(head)).map(({ event }) => event);
  const state = foldEvents(events);
  if (name !== null) return [describeModel(name, findModelState(state, name))];
  return [...state].map(([each, found]) => describeModel(each, found));
}

/** The model with the versions that its index lists, each by its record; null when nothing is known of it. */
async function readNewest(ledger: LedgerPort, model: string, commit: string): Promise<ModelDocument | null> {
  const index = await readModelIndex(ledger, model, commit);
  if (index.sequence === 0) return null;
  const records = await Promise.all(
    index.recent.map(({ version }) => readVersionRecord(ledger, model, version, commit)),
  );
  const known = records.filter((record) => record !== null).sort((a, b) => a.reserved.sequence - b.reserved.sequence);
  return {
    name: model,
    stages: index.stages,
    versionCount: index.versions,
    complete: known.length === index.versions,
    versions: known.map(describeVersion),
  };
}

async function readIndexes(
  ledger: LedgerPort,
  names: readonly string[],
  commit: string,
): Promise<readonly ModelDocument[]> {
  const waiting = [...names];
  const found: ModelDocument[] = [];
  async function work(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { stages, versions, recent } = await readModelIndex(ledger, name, commit);
      const listed = [...recent].reverse().map(describeSummary);
      found.push({ name, stages, versionCount: versions, complete: false, versions: listed });
    }
  }
  await Promise.all(Array.from({ length: indexesAtATime }, work));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function renderModels(models: readonly ModelDocument[]): string {
  if (models.length === 0) return "the registry is empty";
  const width = Math.max(...models.map((model) => model.name.length));
  return models
    .map(({ name, versions, versionCount, complete, stages }) => {
      const available = versions.filter((version) => version.state === "available").length;
      const count = complete ? available : versionCount;
      return `${name.padEnd(width)}  ${count} ${count === 1 ? "version" : "versions"}  ${renderStages(stages)}`.trimEnd();
    })
    .join("\n");
}

function renderModel({ name, versions, versionCount, complete, stages }: ModelDocument): string {
  const rows = [...versions].reverse().map((version) => {
    const held = Object.entries(stages).flatMap(([stage, held]) => (held === version.version ? [stage] : []));
    const facts = [
      version.state,
      version.verdict ?? "not judged",
      version.createdAt,
      version.createdBy,
      held.join(", "),
    ];
    return `  ${[version.version.padEnd(12), ...facts].join("  ")}`.trimEnd();
  });
  const more = complete ? [] : [`  … ${versionCount - versions.length} older: modelgate registry show ${name} --all`];
  return [`${name}  ${renderStages(stages)}`.trimEnd(), ...rows, ...more].join("\n");
}

function renderStages(stages: Readonly<Record<string, string>>): string {
  return Object.entries(stages)
    .map(([stage, version]) => `${stage} ${version}`)
    .join(", ");
}
