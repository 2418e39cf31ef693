// The events of the ledger, as they are stored. What another program wrote is read with `parseEvent`, never cast.
import { z } from "zod";

const text = (limit: number) => z.string().max(limit);
const ModelName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const Version = text(64).regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/);
const StageName = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const CommitSha = z.string().regex(/^[0-9a-f]{40}$/);
const Bytes = z.number().int().nonnegative();
const Verdict = z.enum(["pass", "fail", "inconclusive"]);

const Part = z.object({ name: text(220), sha256: Sha256, bytes: Bytes });

/** A file of a release. `parts` is empty when the file is one asset of that name; else it is the parts joined in order. */
export const Asset = z.object({
  name: text(220),
  /** Where the file lay below the model's folder, forward slashes. */
  path: text(500),
  role: z.enum(["model", "document"]),
  sha256: Sha256,
  bytes: Bytes,
  parts: z.array(Part).max(999),
});
export type Asset = z.infer<typeof Asset>;

/** What a version was made from; null = not known. */
export const Lineage = z.object({
  codeSha: CommitSha.nullable(),
  /** One digest over the digests of all data the training read. */
  dataSha256: Sha256.nullable(),
  /** Names of the model's inputs. */
  inputs: z.array(text(200)).max(2000).nullable(),
  workflowRun: z.object({ id: z.number().int(), attempt: z.number().int() }).nullable(),
  /** `OWNER/NAME` of the code's repository, where that is not the registry's own. */
  repository: text(140).optional(),
});
export type Lineage = z.infer<typeof Lineage>;

const Release = z.object({ id: z.number().int(), tag: text(140), url: text(500) });

const core = {
  schemaVersion: z.literal(1),
  /** 1, 2, 3, … without a gap over the whole ledger. */
  sequence: z.number().int().positive(),
  /** Made by the writer: tells its own event from another's when an answer was lost. */
  id: text(64),
  model: ModelName,
  /** GitHub login. */
  actor: text(100),
  /** ISO 8601, UTC; never before the event before it. */
  at: z.iso.datetime(),
  reason: text(2000).nullable(),
  /** The ledger's head this was decided on; null for the first event. */
  parent: CommitSha.nullable(),
  /** SHA-256 of the event before, as canonical JSON; null for the first. */
  previous: Sha256.nullable(),
};
const ofVersion = { ...core, version: Version, stage: z.null() };
const ofStage = { ...core, version: Version, stage: StageName };
const ofModel = { ...core, version: Version.nullable(), stage: StageName.nullable() };
/** Facts of a room above; at most 16 KiB when rendered. */
const Details = z.record(z.string(), z.unknown());

export const LedgerEvent = z.discriminatedUnion("event", [
  z.object({
    ...ofVersion,
    event: z.literal("reserve"),
    contentSha256: Sha256,
    change: z.enum(["first", "major", "minor", "patch", "given"]),
    verdict: Verdict.nullable(),
    lineage: Lineage,
    /** Metric id → estimate over all rows, at most 30. */
    metrics: z.record(text(200), z.number()),
  }),
  z.object({
    ...ofVersion,
    event: z.literal("available"),
    contentSha256: Sha256,
    manifestSha256: Sha256,
    release: Release,
    assets: z.array(Asset).max(999),
  }),
  z.object({ ...ofVersion, event: z.literal("withdraw") }),
  z.object({ ...ofVersion, event: z.literal("gc"), freedBytes: Bytes }),
  z.object({ ...ofStage, event: z.literal("approve") }),
  z.object({ ...ofStage, event: z.literal("stage-set"), from: Version.nullable() }),
  z.object({ ...ofStage, event: z.literal("rollback"), from: Version }),
  z.object({ ...ofModel, event: z.literal("accept"), details: Details }),
  z.object({ ...ofModel, event: z.literal("finding"), details: Details }),
  z.object({ ...ofModel, event: z.literal("evaluation-use"), evaluationSha256: Sha256, details: Details }),
  z.object({ ...ofModel, event: z.literal("note"), details: Details }),
]);
export type LedgerEvent = z.infer<typeof LedgerEvent>;
export type EventKind = LedgerEvent["event"];

type OmitFromEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An event before it has its place in the chain. */
export type EventDraft = OmitFromEach<LedgerEvent, "schemaVersion" | "sequence" | "id" | "at" | "parent" | "previous">;
