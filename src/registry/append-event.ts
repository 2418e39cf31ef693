// Appending to the ledger: read, decide, compare-and-swap; who loses the race reads and decides again.
import { ProviderError, RefusedError } from "../errors.ts";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { applyEvent, digestEvent, type ModelView } from "./apply-event.ts";
import { type EventDraft, LedgerEvent } from "./event.ts";
import { type LedgerCommit, type LedgerFile, type LedgerPort, readHeadEvent, renderEventMessage } from "./ledger.ts";
import type { LedgerView } from "./ledger-view.ts";
import { LostAnswerError } from "./lost-answer.ts";
import { renderLedgerFile, type VersionRecord } from "./model-index.ts";
import { contentPath, eventPath, stagesPath, versionPath } from "./names.ts";
import { jitter, type Pace } from "./pace.ts";
import { parseLedgerFile } from "./parse-ledger-file.ts";

/** What is known after an append: the view with the event in it. `event` is null when nothing had to be written. */
export interface Appended {
  readonly view: LedgerView;
  readonly event: LedgerEvent | null;
}

export interface AppendPorts {
  readonly ledger: LedgerPort;
  readonly pace: Pace;
}

/** What may be lost to rivals before giving up; every loss means that somebody else's event got in. */
const attemptLimit = 120;
const lostAnswerLimit = 4;
const detailsLimitBytes = 16 * 1024;

/**
 * Appends the event that `decide` asks for, or nothing when it returns null; `decide` throws to refuse. It is asked again
 * with a new view whenever the ledger moved, so it must decide from the view alone. `known` is a view just read or
 * written, to spare reading it. An append whose answer was lost is looked for by the event's id before it is repeated.
 */
export async function appendEvent<V extends LedgerView>(
  ports: AppendPorts,
  read: () => Promise<V>,
  decide: (view: V) => EventDraft | null,
  known?: V,
): Promise<Appended> {
  let view = known ?? (await read());
  let lostAnswers = 0;
  for (let attempt = 1; attempt <= attemptLimit; attempt += 1) {
    const draft = decide(view);
    if (draft === null) return { view, event: null };
    const planned = planAppend(view, draft, ports.pace);
    const tried = await tryAppend(ports, view, planned, lostAnswers < lostAnswerLimit);
    if (tried.outcome === "appended") return { view: { ...planned.after, head: tried.head }, event: planned.event };
    if (tried.outcome === "lost") lostAnswers += 1;
    await ports.pace.wait(jitter(ports.pace, tried.outcome === "lost" ? lostAnswers + 3 : attempt));
    view = await read();
  }
  throw new ProviderError({
    message: `the ledger moved ${attemptLimit} times while this was being written`,
    hint: "many writers are at work: run the same command again",
  });
}

interface PlannedAppend {
  readonly event: LedgerEvent;
  readonly after: ModelView;
  readonly message: string;
  readonly files: readonly LedgerFile[];
}

/** The event in its place, and every file that its commit writes. */
export function planAppend(view: LedgerView, draft: EventDraft, pace: Pace): PlannedAppend {
  const before = readHeadEvent(view.head);
  const now = pace.now().toISOString();
  const event = LedgerEvent.parse({
    ...draft,
    schemaVersion: 1,
    sequence: (before?.sequence ?? 0) + 1,
    id: pace.newId(),
    at: before !== null && before.at > now ? before.at : now,
    parent: view.head?.commit ?? null,
    previous: before === null ? null : digestEvent(before),
  });
  if ("details" in event && renderCanonicalJson(event.details).length > detailsLimitBytes)
    throw new RefusedError({
      message: `the details of an event may not be longer than ${detailsLimitBytes} bytes`,
      key: event.event,
    });
  const after = applyEvent(view, event);
  const files = [
    { path: eventPath(event.sequence), content: renderLedgerFile(event) },
    { path: stagesPath(event.model), content: renderLedgerFile(after.index) },
    ...(after.record === view.record ? [] : renderVersionFiles(event, after.record)),
  ];
  return { event, after, message: renderEventMessage(event), files };
}

function renderVersionFiles(event: LedgerEvent, record: VersionRecord | null): readonly LedgerFile[] {
  if (record === null || record.version !== event.version) return [];
  const file = { path: versionPath(record.model, record.version), content: renderLedgerFile(record) };
  if (event.event !== "reserve") return [file];
  const content = { model: record.model, schemaVersion: 1, version: record.version };
  return [file, { path: contentPath(record.model, record.contentSha256), content: renderLedgerFile(content) }];
}

/** `moved`: another event has its place. `lost`: nothing happened, as far as can be seen. In both cases decide again. */
type Tried = { readonly outcome: "appended"; readonly head: LedgerCommit } | { readonly outcome: "moved" | "lost" };

async function tryAppend(
  ports: AppendPorts,
  view: LedgerView,
  planned: PlannedAppend,
  mayRepeat: boolean,
): Promise<Tried> {
  try {
    const result = await ports.ledger.append(view.head, planned.message, planned.files);
    if (result.outcome === "appended") return result;
    return await findAppended(ports.ledger, planned);
  } catch (error) {
    if (!(error instanceof LostAnswerError)) throw error;
    const found = await findAppended(ports.ledger, planned);
    if (found.outcome === "lost" && !mayRepeat) throw error;
    return found;
  }
}

/** Whether the event got in although no answer said so: it can only be at its own place in the sequence. */
async function findAppended(ledger: LedgerPort, planned: PlannedAppend): Promise<Tried> {
  const head = await ledger.readHead();
  const newest = readHeadEvent(head);
  if (head === null || newest === null || newest.sequence < planned.event.sequence) return { outcome: "lost" };
  if (newest.id === planned.event.id) return { outcome: "appended", head };
  if (newest.sequence === planned.event.sequence) return { outcome: "moved" };
  const inPlace = await readEvent(ledger, planned.event.sequence, head.commit);
  if (inPlace.id !== planned.event.id) return { outcome: "moved" };
  const next = await readEvent(ledger, planned.event.sequence + 1, head.commit);
  if (next.parent === null) return { outcome: "moved" };
  const { parent } = planned.event;
  return {
    outcome: "appended",
    head: { commit: next.parent, parent, parents: parent === null ? 0 : 1, message: planned.message, author: null },
  };
}

/** The event with this sequence as of a commit; RefusedError when it is not there or not an event. */
export async function readEvent(ledger: LedgerPort, sequence: number, commit: string): Promise<LedgerEvent> {
  const path = eventPath(sequence);
  const text = await ledger.readFile(path, commit);
  if (text !== null) return parseLedgerFile(LedgerEvent, text, path);
  throw new RefusedError({
    message: "an event of the ledger is missing",
    file: path,
    hint: "`modelgate registry verify` names the first event that does not hold",
  });
}
