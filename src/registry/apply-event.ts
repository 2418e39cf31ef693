// One event further: how the index of a model changes. The same function writes the index and verifies it.
import semver from "semver";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { sha256Hex } from "../json/digest.ts";
import { countUse } from "./evaluation-use.ts";
import type { LedgerEvent } from "./event.ts";
import type { ModelIndex, VersionRecord, VersionSummary } from "./model-index.ts";

/** How many of the newest versions `stages.json` lists: every resolve and every event moves it, so it may not grow with them. */
const recentLimit = 10;
const shortLimit = 20;

/** What `stages.json` listed in registries before. */
export const legacyRecentLimit = 100;

export interface ModelView {
  readonly index: ModelIndex;
  /** The version the event is about; null when it is about none or the version is new. */
  readonly record: VersionRecord | null;
}

/** SHA-256 of an event as the next one names it in `previous`. */
export function digestEvent(event: LedgerEvent): string {
  return sha256Hex(renderCanonicalJson(event));
}

/**
 * The view after `event`. Total: an event that makes no sense (a stage set to an unknown version) is applied as it is told.
 * Whoever sets a stage gives the record of the version, so that the index can tell of it however old it is.
 */
export function applyEvent(view: ModelView, event: LedgerEvent, limit = recentLimit): ModelView {
  const record = applyToRecord(view.record, event);
  const index = applyToIndex({ ...view.index, sequence: event.sequence }, event, view.record === null);
  const told = record === null ? index : withSummary(index, record, event);
  return { index: { ...told, recent: shorten(told, limit) }, record };
}

/** The newest versions, and behind them those that a stage holds and, when none of the newest can be had, the newest that can. */
function shorten({ recent, stages }: ModelIndex, limit: number): VersionSummary[] {
  if (recent.length <= limit) return recent;
  const newest = recent.slice(0, limit);
  const older = recent.slice(limit);
  const held = new Set(Object.values(stages));
  const isAvailable = ({ state }: VersionSummary) => state === "available";
  const spare = newest.some(isAvailable) ? undefined : older.find(isAvailable);
  return [...newest, ...older.filter((summary) => summary === spare || held.has(summary.version))];
}

function applyToRecord(record: VersionRecord | null, event: LedgerEvent): VersionRecord | null {
  if (event.event === "reserve") return reserveRecord(event);
  if (record === null || record.version !== event.version) return record;
  const stamp = { sequence: event.sequence, at: event.at, actor: event.actor };
  switch (event.event) {
    case "available":
      return {
        ...record,
        state: "available",
        available: stamp,
        contentSha256: event.contentSha256,
        manifestSha256: event.manifestSha256,
        release: event.release,
        assets: event.assets,
      };
    case "withdraw":
      return { ...record, state: "withdrawn", ended: { ...stamp, reason: event.reason } };
    case "gc":
      return { ...record, state: "deleted", ended: { ...stamp, reason: event.reason } };
    case "approve":
      return {
        ...record,
        approvals: [...record.approvals, { stage: event.stage, actor: event.actor, at: event.at }],
      };
    default:
      return record;
  }
}

function reserveRecord(event: Extract<LedgerEvent, { event: "reserve" }>): VersionRecord {
  return {
    kind: "version",
    schemaVersion: 1,
    model: event.model,
    version: event.version,
    state: "reserved",
    contentSha256: event.contentSha256,
    verdict: event.verdict,
    change: event.change,
    lineage: event.lineage,
    metrics: event.metrics,
    approvals: [],
    reserved: { sequence: event.sequence, at: event.at, actor: event.actor, eventSha256: digestEvent(event) },
    available: null,
    ended: null,
    release: null,
    manifestSha256: null,
    assets: [],
  };
}

function applyToIndex(index: ModelIndex, event: LedgerEvent, isNewVersion: boolean): ModelIndex {
  switch (event.event) {
    case "reserve": {
      const higher =
        semver.prerelease(event.version) === null && (!index.highest || semver.gt(event.version, index.highest));
      return {
        ...index,
        ...(event.lineage.repository === undefined ? {} : { source: event.lineage.repository }),
        versions: index.versions + (isNewVersion ? 1 : 0),
        highest: higher ? event.version : index.highest,
      };
    }
    case "stage-set":
    case "rollback":
      return applyStageMove(index, event);
    case "evaluation-use":
      return {
        ...index,
        evaluationUses: countUse(index.evaluationUses, event.evaluationSha256, event.details).slice(0, shortLimit),
      };
    case "accept": {
      const { sequence, at, actor, reason, details } = event;
      return { ...index, accepts: [{ sequence, at, actor, reason, details }, ...index.accepts].slice(0, shortLimit) };
    }
    case "finding": {
      const finding = { sequence: event.sequence, at: event.at, actor: event.actor, details: event.details };
      return { ...index, findings: [finding, ...index.findings].slice(0, shortLimit) };
    }
    default:
      return index;
  }
}

function applyStageMove(
  index: ModelIndex,
  event: Extract<LedgerEvent, { event: "stage-set" | "rollback" }>,
): ModelIndex {
  const before = index.holders[event.stage] ?? [];
  const left = before.map((holder, position) =>
    position === 0 && event.event === "rollback" ? { ...holder, rolledBack: true } : holder,
  );
  const holder = {
    version: event.version,
    since: event.at,
    sequence: event.sequence,
    actor: event.actor,
    by: event.event,
    rolledBack: false,
  };
  return {
    ...index,
    stages: { ...index.stages, [event.stage]: event.version },
    holders: { ...index.holders, [event.stage]: [holder, ...left].slice(0, shortLimit) },
  };
}

function summarise(record: VersionRecord): VersionSummary {
  return {
    version: record.version,
    state: record.state,
    contentSha256: record.contentSha256,
    manifestSha256: record.manifestSha256,
    verdict: record.verdict,
    metrics: record.metrics,
    approvals: record.approvals,
    createdAt: record.available?.at ?? record.reserved.at,
    createdBy: record.reserved.actor,
  };
}

function withSummary(index: ModelIndex, record: VersionRecord, event: LedgerEvent): ModelIndex {
  const summary = summarise(record);
  const known = index.recent.some((other) => other.version === summary.version);
  const recent = known
    ? index.recent.map((other) => (other.version === summary.version ? summary : other))
    : event.event === "reserve"
      ? [summary, ...index.recent]
      : event.event === "stage-set" || event.event === "rollback"
        ? [...index.recent, summary]
        : index.recent;
  return { ...index, recent, lineage: event.event === "available" ? record.lineage : index.lineage };
}
