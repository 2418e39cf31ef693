// Use case: what happened in the registry, up to now or to a moment, and what served then.
import { InputError } from "../errors.ts";
import { parseModelName } from "../registry/names.ts";
import { type HeldStage, type HistoryPage, type HistoryPlace, readHistoryPage } from "./history-page.ts";
import type { Outcome } from "./outcome.ts";
import {
  describeCommittedEvent,
  type EventDocument,
  type RegistryHistoryDocument,
  type ServedDocument,
} from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface HistorySettings {
  /** Null = all models. */
  readonly model: string | null;
  /** A moment (ISO 8601) or a day in UTC, which counts whole; null = now. */
  readonly at: string | null;
  /** At most so many events, the newest; null = all of a ledger with up to 2,000 events, else 100. */
  readonly limit?: number | null;
  /** Only events before this one, or before this moment or day. */
  readonly before?: string | null;
  /** Only events after this one, or after this moment or the end of this day. */
  readonly after?: string | null;
}

/**
 * Events in their order, with what the stages were after the last of them. `short`: a ledger of so many events is read
 * whole; of a longer one only what is shown, and its stages only for a model that is named.
 */
export async function readHistory(
  settings: HistorySettings,
  session: Pick<RegistrySession, "ledger">,
  short?: number,
): Promise<Outcome<RegistryHistoryDocument>> {
  const { at, before = null, after = null, limit = null } = settings;
  if (at !== null && before !== null)
    throw new InputError({ message: "--at and --before both say where the history ends", expected: "one of them" });
  if (limit !== null && !(Number.isSafeInteger(limit) && limit >= 1))
    throw new InputError({
      message: "this is no number of events",
      key: "limit",
      expected: "a whole number of at least 1",
      received: String(limit),
    });
  const model = settings.model === null ? null : parseModelName(settings.model);
  const until = before === null ? parsePlace(at, "end") : endBefore(parsePlace(before, "start"));
  const page = await readHistoryPage(
    session.ledger,
    { model, until, after: parsePlace(after, "end"), limit },
    ...(short === undefined ? [] : [short]),
  );
  const document: RegistryHistoryDocument = {
    kind: "registry-history",
    schemaVersion: 1,
    events: page.events.map(describeCommittedEvent),
    earlier: page.earlier,
    stages: describeStages(page),
    served: (page.held ?? []).map(describeServed),
  };
  return { exitCode: 0, document, text: renderHistory(document, settings, page.held === null) };
}

/** An event's number, a moment, or a day in UTC, of which the start or the end is meant. Null stays null. */
function parsePlace(text: string | null, side: "start" | "end"): HistoryPlace | null {
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text)) return { event: Number(text) };
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const moment = new Date(day ? `${text}T${side === "end" ? "23:59:59.999" : "00:00:00.000"}Z` : text);
  if (!Number.isNaN(moment.getTime()) && /^\d{4}-\d{2}-\d{2}/.test(text)) return { moment };
  throw new InputError({
    message: "this is not a date",
    expected: "2026-03-01, 2026-03-01T12:00:00Z, or the number of an event",
    received: JSON.stringify(text),
  });
}

/** The last place before this one: of an event the one before it, of a moment the millisecond before. */
function endBefore(place: HistoryPlace | null): HistoryPlace | null {
  if (place === null) return null;
  return "event" in place ? { event: place.event - 1 } : { moment: new Date(place.moment.getTime() - 1) };
}

/** Model → stage → version; models of which no stage holds anything have none. */
function describeStages({ events, held }: HistoryPage): RegistryHistoryDocument["stages"] {
  if (held === null) return {};
  const models = new Set([...events.map(({ event }) => event.model), ...held.map(({ model }) => model)]);
  const stagesOf = (name: string) =>
    held.flatMap(({ model, stage, holder }) => (model === name ? [[stage, holder.version] as const] : []));
  return Object.fromEntries([...models].map((name) => [name, Object.fromEntries(stagesOf(name))]));
}

function describeServed({ model, stage, holder, record, reason }: HeldStage): ServedDocument {
  const { version, since, actor, by } = holder;
  const approvals = (record?.approvals ?? []).filter((approval) => approval.stage === stage);
  return {
    model,
    stage,
    version,
    since,
    actor,
    by,
    reason,
    approvals: approvals.map(({ actor: who, at }) => ({ actor: who, at })),
    verdict: record?.verdict ?? null,
    metrics: record?.metrics ?? {},
    run: record?.lineage.workflowRun ?? null,
    codeSha: record?.lineage.codeSha ?? null,
    contentSha256: record?.contentSha256 ?? null,
    manifestSha256: record?.manifestSha256 ?? null,
  };
}

function renderServed(served: ServedDocument): string {
  const { model, stage, version, since, actor, reason, approvals, verdict, run, codeSha } = served;
  const facts = [
    `since ${since} by ${actor}`,
    reason,
    approvals.length === 0 ? null : `approved by ${approvals.map((approval) => approval.actor).join(", ")}`,
    verdict === null ? "not judged" : `verdict ${verdict}`,
    run === null ? null : `workflow run ${run.id}`,
    codeSha === null ? null : `code ${codeSha.slice(0, 12)}`,
  ];
  return `${model} ${stage}: ${version} (${facts.filter((fact) => fact !== null).join("; ")})`;
}

function renderHistory(
  { events, served, earlier }: RegistryHistoryDocument,
  { model, after = null }: HistorySettings,
  withoutStages: boolean,
): string {
  const words = ["modelgate registry history", ...(model === null ? [] : [model])];
  const rest = [...words, `--before ${earlier}`, ...(after === null ? [] : [`--after ${after}`])];
  const held = withoutStages
    ? ["what the stages held is told for one model: modelgate registry history MODEL"]
    : served.map(renderServed);
  const rows = [...(earlier === null ? [] : [`    … earlier events: ${rest.join(" ")}`]), ...events.map(renderEvent)];
  if (rows.length === 0 && served.length === 0) return "nothing has happened";
  return [...rows, ...(rows.length > 0 && held.length > 0 ? [""] : []), ...held].join("\n");
}

function renderEvent(event: EventDocument): string {
  const subject = event.version === null ? event.model : `${event.model} ${event.version}`;
  const target = event.stage === null ? "" : ` → ${event.stage}`;
  const reason = event.reason === null ? "" : `: ${event.reason}`;
  return `${String(event.sequence).padStart(5)}  ${event.at}  ${event.event} ${subject}${target} by ${event.actor}${reason}`;
}
