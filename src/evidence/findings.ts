// What a scheduled check leaves behind: findings and the decision per model, as one bounded JSON document. The reader treats it as hostile.
import { z } from "zod";
import { parseDocument } from "./parse-document.ts";

const text = (limit: number) => z.string().max(limit);
const ModelName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const Version = text(64).regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/);
const Window = z.object({ from: text(40).optional(), to: text(40).optional() });

/** One result of monitoring. */
export const Finding = z.object({
  kind: z.enum(["drift", "performance", "data", "freshness", "anomaly"]),
  /** A column or a metric. */
  subject: text(300),
  severity: z.enum(["notice", "warning", "critical"]),
  /** One sentence with the numbers, plain text. */
  summary: text(1000),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** Data that a retraining should be pinned to; as in the lock. */
const ProposedData = z.object({
  source: text(1000),
  window: Window.nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.number().int().nonnegative(),
  columns: z.array(text(200)).max(5000),
});

export const ModelFindings = z.object({
  model: ModelName,
  stage: text(64),
  /** The version that holds the stage and was watched; null = none does. */
  version: Version.nullable(),
  /** Rows looked at, from when to when. */
  window: Window.nullable(),
  rows: z.number().int().nonnegative(),
  /** Of the inputs, whatever was decided from it. */
  driftVerdict: z.enum(["drift", "insufficient", "inconclusive", "stable"]).nullable().optional(),
  findings: z.array(Finding).max(1000),
  decision: z.enum(["ok", "warn", "retrain", "rollback"]),
  /** Why this decision, plain text. */
  reason: text(2000),
  /** How many checks in a row, this one included, found something. */
  streak: z.number().int().nonnegative(),
  /** For `retrain`: what the lock should pin. */
  proposal: z.object({ train: ProposedData, evaluation: ProposedData.nullable() }).nullable(),
  /** For `rollback`: the version to go back to; null = none is known to be good. */
  lastGoodVersion: Version.nullable(),
});
export type ModelFindings = z.infer<typeof ModelFindings>;

/** Kind `findings`. */
export const Findings = z.object({
  kind: z.literal("findings"),
  schemaVersion: z.literal(1),
  createdAt: text(40),
  /** The commit of the default branch that was checked out. */
  headSha: z.string().regex(/^[0-9a-f]{40}$/),
  workflowRun: z.object({ id: z.number().int(), attempt: z.number().int() }).nullable(),
  models: z.array(ModelFindings).max(500),
});
export type Findings = z.infer<typeof Findings>;

/** File name inside the artifact, and the artifact's name. */
export const findingsFileName = "findings.json";
export const findingsArtifactName = "modelgate-findings";

/** Reads `findings.json` within bounds. @throws InputError */
export function parseFindings(bytes: Uint8Array): Findings {
  return parseDocument(bytes, Findings, findingsFileName, { bytes: 8 * 2 ** 20, depth: 20 });
}
