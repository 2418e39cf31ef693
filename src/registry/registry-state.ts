// The whole registry from its events: what `list`, `history` and `verify` look at.
import { RefusedError } from "../errors.ts";
import { applyEvent } from "./apply-event.ts";
import type { LedgerEvent } from "./event.ts";
import { type LedgerCommit, readEventMessage } from "./ledger.ts";
import { createModelIndex, type ModelIndex, type VersionRecord } from "./model-index.ts";

export interface ModelState {
  readonly index: ModelIndex;
  /** In the order of their reservation. */
  readonly versions: ReadonlyMap<string, VersionRecord>;
}

export type RegistryState = ReadonlyMap<string, ModelState>;

/** An event and the commit that holds it. */
export interface CommittedEvent {
  readonly event: LedgerEvent;
  readonly commit: LedgerCommit;
}

/** The events of these commits, oldest first. RefusedError at the first commit that carries none. */
export function readEvents(commits: readonly LedgerCommit[]): readonly CommittedEvent[] {
  return commits.map((commit, position) => {
    const event = readEventMessage(commit.message);
    if (event !== null) return { event, commit };
    throw new RefusedError({
      message: `commit ${position + 1} of the ledger is not an event of Modelgate`,
      received: commit.commit,
      hint: "`modelgate registry verify` says what does not hold",
    });
  });
}

/** Models with their indexes and versions after all events, oldest first. `recentLimit`: versions that an index lists, if not as many as now. */
export function foldEvents(events: readonly LedgerEvent[], recentLimit?: number): RegistryState {
  const models = new Map<string, { index: ModelIndex; versions: Map<string, VersionRecord> }>();
  for (const event of events) {
    const known = models.get(event.model);
    const model = known ?? { index: createModelIndex(event.model), versions: new Map<string, VersionRecord>() };
    const record = event.version === null ? null : (model.versions.get(event.version) ?? null);
    const after = applyEvent({ index: model.index, record }, event, recentLimit);
    model.index = after.index;
    if (after.record !== null) model.versions.set(after.record.version, after.record);
    if (!known) models.set(event.model, model);
  }
  return models;
}
