// The derived index of one model: what the ledger's events come to. `stages.json` answers the everyday questions in one
// read and stays small however many versions there are; `versions/<version>.json` holds what is known of one version.
import { z } from "zod";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { Asset, Lineage } from "./event.ts";

const Verdict = z.enum(["pass", "fail", "inconclusive"]);
const State = z.enum(["reserved", "available", "withdrawn", "deleted"]);
export type VersionState = z.infer<typeof State>;

const Approval = z.object({ stage: z.string(), actor: z.string(), at: z.string() });
const Release = z.object({ id: z.number().int(), tag: z.string(), url: z.string() });

/** A version as `stages.json` tells it. */
const VersionSummary = z.object({
  version: z.string(),
  state: State,
  contentSha256: z.string(),
  manifestSha256: z.string().nullable(),
  verdict: Verdict.nullable(),
  metrics: z.record(z.string(), z.number()),
  approvals: z.array(Approval),
  createdAt: z.string(),
  createdBy: z.string(),
});
export type VersionSummary = z.infer<typeof VersionSummary>;

const Holder = z.object({
  version: z.string(),
  since: z.string(),
  sequence: z.number().int(),
  actor: z.string(),
  by: z.enum(["stage-set", "rollback"]),
  /** It was left by a rollback: not a version to fall back to. */
  rolledBack: z.boolean(),
});

/** `last`: the 10 judged last, newest first, one entry each however often it was judged. */
const EvaluationUse = z.object({
  sha256: z.string(),
  uses: z.number().int(),
  last: z.array(z.object({ subject: z.string(), verdict: Verdict.nullable() })).default([]),
});
export type EvaluationUse = z.infer<typeof EvaluationUse>;

export const ModelIndex = z.object({
  kind: z.literal("model-index"),
  schemaVersion: z.literal(1),
  model: z.string(),
  /** The last event of this model. */
  sequence: z.number().int().nonnegative(),
  /** `OWNER/NAME` of the repository that publishes the model, where it is not the registry's own. */
  source: z.string().optional(),
  stages: z.record(z.string(), z.string()),
  /** Who held each stage, newest first: the present holder and up to 19 before. */
  holders: z.record(z.string(), z.array(Holder)),
  /** Versions ever reserved. */
  versions: z.number().int().nonnegative(),
  /** The highest version ever reserved, pre-releases aside. */
  highest: z.string().nullable(),
  /** What the newest available version was made from. */
  lineage: Lineage.nullable(),
  /**
   * The 10 versions reserved last, newest first; behind them older ones that a stage holds, and when none of the 10 is
   * available the newest that is.
   */
  recent: z.array(VersionSummary),
  /** How often an evaluation set (or a holdout) has judged, by its digest: the 20 used last, newest first. */
  evaluationUses: z.array(EvaluationUse),
  /** The last 20 gates that maintainers accepted, newest first. */
  accepts: z.array(
    z.object({
      sequence: z.number().int(),
      at: z.string(),
      actor: z.string(),
      reason: z.string().nullable(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
  /** The last 20 findings of monitoring, newest first. */
  findings: z.array(
    z.object({
      sequence: z.number().int(),
      at: z.string(),
      actor: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type ModelIndex = z.infer<typeof ModelIndex>;

export const VersionRecord = z.object({
  kind: z.literal("version"),
  schemaVersion: z.literal(1),
  model: z.string(),
  version: z.string(),
  state: State,
  contentSha256: z.string(),
  verdict: Verdict.nullable(),
  change: z.string(),
  lineage: Lineage,
  metrics: z.record(z.string(), z.number()),
  approvals: z.array(Approval),
  reserved: z.object({ sequence: z.number().int(), at: z.string(), actor: z.string(), eventSha256: z.string() }),
  available: z.object({ sequence: z.number().int(), at: z.string(), actor: z.string() }).nullable(),
  ended: z
    .object({ sequence: z.number().int(), at: z.string(), actor: z.string(), reason: z.string().nullable() })
    .nullable(),
  release: Release.nullable(),
  manifestSha256: z.string().nullable(),
  assets: z.array(Asset),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** The index of a model of which nothing happened yet. */
export function createModelIndex(model: string): ModelIndex {
  return {
    kind: "model-index",
    schemaVersion: 1,
    model,
    sequence: 0,
    stages: {},
    holders: {},
    versions: 0,
    highest: null,
    lineage: null,
    recent: [],
    evaluationUses: [],
    accepts: [],
    findings: [],
  };
}

/** A file of the ledger: canonical JSON with a newline at the end. */
export function renderLedgerFile(value: unknown): string {
  return `${renderCanonicalJson(value)}\n`;
}
