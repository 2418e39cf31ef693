// The JSON documents of the registry, as `--json` prints them.
import type { Asset } from "../registry/event.ts";
import type { VersionRecord, VersionSummary } from "../registry/model-index.ts";
import type { CommittedEvent, ModelState } from "../registry/registry-state.ts";
import type { Notification } from "./notify-consumers.ts";
import type { JsonDocument } from "./outcome.ts";
import type { HoldoutVerdict } from "./recall-holdout.ts";

export interface AssetDocument {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Kind `publication`. With `planned` there is no release yet, and the version is what it would be now. */
export interface PublicationDocument extends JsonDocument {
  readonly kind: "publication";
  readonly model: string;
  readonly version: string;
  readonly state: "published" | "unchanged" | "planned";
  /** What decided the number: `first`, `major`, `minor`, `patch`, or `given`; null where an older ledger does not say. */
  readonly change: string | null;
  readonly release: { readonly id: number; readonly tag: string; readonly url: string } | null;
  readonly assets: readonly AssetDocument[];
}

/** Kind `stage-change`. `event` null = nothing was written: planned, or the stage holds the version already. */
export interface StageChangeDocument extends JsonDocument {
  readonly kind: "stage-change";
  readonly state: "moved" | "unchanged" | "planned" | "approved";
  readonly model: string;
  readonly stage: string;
  readonly from: string | null;
  readonly to: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly event: { readonly sequence: number; readonly commit: string; readonly at: string } | null;
  /** The repositories that the config wants to be told; `problem` null = told. Empty when nothing moved. */
  readonly notified: readonly Notification[];
  /** What the holdout said; null = the stage does not ask it, or the stage was not moved forward. */
  readonly holdout: HoldoutVerdict | null;
}

/** Kind `registry-state`. */
export interface RegistryStateDocument extends JsonDocument {
  readonly kind: "registry-state";
  readonly models: readonly ModelDocument[];
}

export interface ModelDocument {
  readonly name: string;
  readonly stages: Readonly<Record<string, string>>;
  /** Versions ever reserved. */
  readonly versionCount: number;
  /** False: `versions` are the newest only. */
  readonly complete: boolean;
  readonly versions: readonly VersionDocument[];
}

export interface VersionDocument {
  readonly version: string;
  readonly state: string;
  /** Null in the list of a large registry, as are `run`, `codeSha` and `release`: `registry show` reads them. */
  readonly assets: readonly AssetDocument[] | null;
  readonly run: { readonly id: number; readonly attempt: number } | null;
  readonly codeSha: string | null;
  readonly verdict: string | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly release: { readonly id: number; readonly tag: string; readonly url: string } | null;
}

/** Kind `registry-history`. `stages` and `served` are what held after the last event; of a long ledger, for a named model only. */
export interface RegistryHistoryDocument extends JsonDocument {
  readonly kind: "registry-history";
  readonly events: readonly EventDocument[];
  /** The event before which there are more; null = none were left out. */
  readonly earlier: number | null;
  readonly stages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly served: readonly ServedDocument[];
}

/** What a stage held at that moment, since when, by whom and why, who approved it, and what judged it. */
export interface ServedDocument {
  readonly model: string;
  readonly stage: string;
  readonly version: string;
  readonly since: string;
  readonly actor: string;
  readonly by: "stage-set" | "rollback";
  readonly reason: string | null;
  readonly approvals: readonly { readonly actor: string; readonly at: string }[];
  readonly verdict: string | null;
  readonly metrics: Readonly<Record<string, number>>;
  /** The workflow run that published it, and the code it was made from. */
  readonly run: { readonly id: number; readonly attempt: number } | null;
  readonly codeSha: string | null;
  readonly contentSha256: string | null;
  readonly manifestSha256: string | null;
}

export interface EventDocument {
  readonly sequence: number;
  readonly event: string;
  readonly model: string;
  readonly version: string | null;
  readonly stage: string | null;
  readonly actor: string;
  readonly at: string;
  readonly reason: string | null;
  readonly commit: string;
  readonly parent: string | null;
}

/** An asset as documents show it: the file, whole, whatever parts it was uploaded in. */
export function describeAsset({ name, sha256, bytes }: Asset): AssetDocument {
  return { name, sha256, bytes };
}

export function describeModel(name: string, { index, versions }: ModelState): ModelDocument {
  return {
    name,
    stages: index.stages,
    versionCount: versions.size,
    complete: true,
    versions: [...versions.values()].map(describeVersion),
  };
}

/** A version as the index tells it. */
export function describeSummary(summary: VersionSummary): VersionDocument {
  const { version, state, verdict, metrics, createdAt, createdBy } = summary;
  const notRead = { assets: null, run: null, codeSha: null, release: null };
  return { version, state, ...notRead, verdict, metrics, createdAt, createdBy };
}

export function describeVersion(record: VersionRecord): VersionDocument {
  return {
    version: record.version,
    state: record.state,
    assets: record.assets.map(describeAsset),
    run: record.lineage.workflowRun,
    codeSha: record.lineage.codeSha,
    verdict: record.verdict,
    metrics: record.metrics,
    createdAt: record.available?.at ?? record.reserved.at,
    createdBy: record.reserved.actor,
    release: record.release,
  };
}

export function describeCommittedEvent({ event, commit }: CommittedEvent): EventDocument {
  const { sequence, model, version, stage, actor, at, reason } = event;
  return {
    sequence,
    event: event.event,
    model,
    version,
    stage,
    actor,
    at,
    reason,
    commit: commit.commit,
    parent: commit.parent,
  };
}
