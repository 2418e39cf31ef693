// Use case: what happened in the registry, up to now or to a moment, and what served then.
import { InputError } from "../errors.ts";
import { parseModelName } from "../registry/names.ts";
import { type CommittedEvent, eventsUntil, foldEvents, type ModelState } from "../registry/registry-state.ts";
import type { Outcome } from "./outcome.ts";
import {
  describeCommittedEvent,
  type EventDocument,
  type RegistryHistoryDocument,
  type ServedDocument,
} from "./registry-documents.ts";
import { findModelState, readAllEvents } from "./registry-reading.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface HistorySettings {
  /** Null = all models. */
  readonly model: string | null;
  /** A moment (ISO 8601) or a day in UTC, which counts whole; null = now. */
  readonly at: string | null;
}

/** Events in their order with what the stages were after them. */
export async function readHistory(
  settings: HistorySettings,
  session: Pick<RegistrySession, "ledger">,
): Promise<Outcome<RegistryHistoryDocument>> {
  const model = settings.model === null ? null : parseModelName(settings.model);
  const until = settings.at === null ? null : parseMoment(settings.at);
  const all = await readAllEvents(session.ledger);
  if (model !== null) findModelState(foldEvents(all.map(({ event }) => event)), model);
  const past = until === null ? all : eventsUntil(all, until);
  const chosen = past.filter(({ event }) => model === null || event.model === model);
  const state = foldEvents(chosen.map(({ event }) => event));
  const document: RegistryHistoryDocument = {
    kind: "registry-history",
    schemaVersion: 1,
    events: chosen.map(describeCommittedEvent),
    stages: Object.fromEntries([...state].map(([name, { index }]) => [name, index.stages])),
    served: [...state].flatMap(([name, each]) => describeServed(name, each, chosen)),
  };
  return { exitCode: 0, document, text: renderHistory(document) };
}

function parseMoment(text: string): Date {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const moment = new Date(day ? `${text}T23:59:59.999Z` : text);
  if (!Number.isNaN(moment.getTime()) && /^\d{4}-\d{2}-\d{2}/.test(text)) return moment;
  throw new InputError({
    message: "this is not a date",
    expected: "2026-03-01, or 2026-03-01T12:00:00Z",
    received: JSON.stringify(text),
  });
}

function describeServed(
  model: string,
  { index, versions }: ModelState,
  events: readonly CommittedEvent[],
): readonly ServedDocument[] {
  return Object.entries(index.holders).flatMap(([stage, [holder]]) => {
    if (holder === undefined) return [];
    const { version, since, actor, by, sequence } = holder;
    const record = versions.get(version);
    const move = events.find(({ event }) => event.sequence === sequence)?.event;
    const approvals = (record?.approvals ?? []).filter((approval) => approval.stage === stage);
    return [
      {
        model,
        stage,
        version,
        since,
        actor,
        by,
        reason: move?.reason ?? null,
        approvals: approvals.map(({ actor: who, at }) => ({ actor: who, at })),
        verdict: record?.verdict ?? null,
        metrics: record?.metrics ?? {},
        run: record?.lineage.workflowRun ?? null,
        codeSha: record?.lineage.codeSha ?? null,
        contentSha256: record?.contentSha256 ?? null,
        manifestSha256: record?.manifestSha256 ?? null,
      },
    ];
  });
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

function renderHistory({ events, served }: RegistryHistoryDocument): string {
  if (events.length === 0) return "nothing has happened";
  const held = served.map(renderServed);
  return [...events.map(renderEvent), ...(held.length > 0 ? ["", ...held] : [])].join("\n");
}

function renderEvent(event: EventDocument): string {
  const subject = event.version === null ? event.model : `${event.model} ${event.version}`;
  const target = event.stage === null ? "" : ` → ${event.stage}`;
  const reason = event.reason === null ? "" : `: ${event.reason}`;
  return `${String(event.sequence).padStart(5)}  ${event.at}  ${event.event} ${subject}${target} by ${event.actor}${reason}`;
}
