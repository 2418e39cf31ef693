// Which part of the ledger's history is read: all of it while it is short, else the newest of what was asked for, found
// by the events' own numbers and times.
import { readEvent } from "../registry/append-event.ts";
import { type LedgerCommit, type LedgerPort, readHeadEvent } from "../registry/ledger.ts";
import { readModelIndex, readVersionRecord } from "../registry/ledger-view.ts";
import type { ModelIndex, VersionRecord } from "../registry/model-index.ts";
import { type CommittedEvent, foldEvents, readEvents } from "../registry/registry-state.ts";
import { findModelState } from "./registry-reading.ts";

/** A place in the history: the number of an event, or a moment. */
export type HistoryPlace = { readonly event: number } | { readonly moment: Date };

export interface HistoryWindow {
  readonly model: string | null;
  /** The last event that counts; null = the newest. */
  readonly until: HistoryPlace | null;
  /** Only events behind this one; null = from the first. */
  readonly after: HistoryPlace | null;
  /** At most so many, the newest of them; null = all of a short history, else 100. */
  readonly limit: number | null;
}

/** What a stage held at the end of the window. */
export interface HeldStage {
  readonly model: string;
  readonly stage: string;
  readonly holder: ModelIndex["holders"][string][number];
  readonly record: VersionRecord | null;
  readonly reason: string | null;
}

export interface HistoryPage {
  /** Oldest first. */
  readonly events: readonly CommittedEvent[];
  /** The event before which more of the window lies; null = nothing was left out. */
  readonly earlier: number | null;
  /** Null = not told: of a long history the stages are told for one model. */
  readonly held: readonly HeldStage[] | null;
}

/** A ledger of so many events is read whole, one request per 100. */
const shortHistory = 2000;
const usualLimit = 100;
/** So many events of other models are passed over in search of one model's. */
const mostPassedOver = 2000;

/** InputError for a model that the registry does not hold. `short`: events up to which everything is read. */
export async function readHistoryPage(
  ledger: LedgerPort,
  window: HistoryWindow,
  short = shortHistory,
): Promise<HistoryPage> {
  const head = await ledger.readHead();
  const total = readHeadEvent(head)?.sequence ?? 0;
  if (head === null || total <= short)
    return selectPage(head === null ? [] : readEvents(await ledger.readCommits(head)), window);
  return await readBack(ledger, head, total, window);
}

/** From all events: nothing is asked any more. */
function selectPage(all: readonly CommittedEvent[], { model, until, after, limit }: HistoryWindow): HistoryPage {
  if (model !== null) findModelState(foldEvents(all.map(({ event }) => event)), model);
  const past = all.filter(({ event }) => (model === null || event.model === model) && isWithin(event, until));
  const wanted = past.filter(({ event }) => after === null || !isWithin(event, after));
  const events = limit === null ? wanted : wanted.slice(Math.max(0, wanted.length - limit));
  const [first] = events;
  const held = [...foldEvents(past.map(({ event }) => event))].flatMap(([name, { index, versions }]) =>
    listHolders(index).map(({ stage, holder }) => {
      const reason = past.find(({ event }) => event.sequence === holder.sequence)?.event.reason ?? null;
      return { model: name, stage, holder, record: versions.get(holder.version) ?? null, reason };
    }),
  );
  return { events, earlier: first !== undefined && events.length < wanted.length ? first.event.sequence : null, held };
}

/** Not after the place. */
function isWithin(event: CommittedEvent["event"], place: HistoryPlace | null): boolean {
  if (place === null) return true;
  return "event" in place ? event.sequence <= place.event : event.at <= place.moment.toISOString();
}

function listHolders({ holders }: ModelIndex): readonly Pick<HeldStage, "stage" | "holder">[] {
  // In the order in which the index keeps them, however it was come by.
  const sorted = Object.entries(holders).sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.flatMap(([stage, [holder]]) => (holder === undefined ? [] : [{ stage, holder }]));
}

/** From the end of the window backwards, as few pages as the limit needs. */
async function readBack(
  ledger: LedgerPort,
  head: LedgerCommit,
  total: number,
  { model, until, after, limit }: HistoryWindow,
): Promise<HistoryPage> {
  const find = async (place: HistoryPlace | null, otherwise: number) =>
    place === null ? otherwise : Math.min(total, await findPlace(ledger, head.commit, place, total));
  const last = await find(until, total);
  const first = await find(after, 0);
  const end = last < 1 ? null : await findCommit(ledger, head, last, total);
  const index = model === null ? null : await readModelIndex(ledger, model, end ?? head.commit);
  if (model !== null && index?.sequence === 0 && (await readModelIndex(ledger, model, head.commit)).sequence === 0)
    findModelState(new Map(), model);
  const held = index === null || end === null ? null : await readHeld(ledger, index, head.commit, end);
  // A model's newest event is known: what others did since is not read.
  const from = Math.min(last, index === null || index.sequence === 0 ? last : index.sequence);
  const count = limit ?? usualLimit;
  const events: CommittedEvent[] = [];
  let at = from;
  let commit = at > first ? await findCommit(ledger, head, at, total) : null;
  while (commit !== null && at > first && events.length < count && from - at < mostPassedOver) {
    const read = readEvents([...(await ledger.readCommitsBack(commit, Math.min(at - first, 100)))].reverse());
    const [oldest] = read;
    if (oldest === undefined) break;
    events.unshift(...read.filter(({ event }) => model === null || event.model === model));
    at = oldest.event.sequence - 1;
    commit = oldest.commit.parent;
  }
  const shown = events.slice(Math.max(0, events.length - count));
  const cut = shown.length < events.length ? (shown[0]?.event.sequence ?? null) : null;
  return { events: shown, earlier: cut ?? (at > first ? at + 1 : null), held };
}

/** The last event that is not after the place: by halves, for events are numbered and never earlier than the one before. */
async function findPlace(ledger: LedgerPort, commit: string, place: HistoryPlace, total: number): Promise<number> {
  if ("event" in place) return place.event;
  const until = place.moment.toISOString();
  let [within, beyond] = [0, total + 1];
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if ((await readEvent(ledger, middle, commit)).at <= until) within = middle;
    else beyond = middle;
  }
  return within;
}

/** The commit that holds an event: the next one was built on it. */
async function findCommit(ledger: LedgerPort, head: LedgerCommit, sequence: number, total: number): Promise<string> {
  if (sequence >= total) return head.commit;
  const { parent } = await readEvent(ledger, sequence + 1, head.commit);
  if (parent === null) throw new Error("an event after the first without a parent");
  return parent;
}

async function readHeld(
  ledger: LedgerPort,
  index: ModelIndex,
  head: string,
  end: string,
): Promise<readonly HeldStage[]> {
  return await Promise.all(
    listHolders(index).map(async ({ stage, holder }) => {
      const [record, move] = await Promise.all([
        readVersionRecord(ledger, index.model, holder.version, end),
        readEvent(ledger, holder.sequence, head),
      ]);
      return { model: index.model, stage, holder, record, reason: move.reason };
    }),
  );
}
