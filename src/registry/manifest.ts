// The manifest: the asset of a release that says what the release is, so that each release stands alone.
import { z } from "zod";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { sha256Hex } from "../json/digest.ts";
import { Asset, Lineage } from "./event.ts";
import type { VersionRecord } from "./model-index.ts";
import { ledgerBranch, tagOf } from "./names.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Kind `manifest`. `ledger` anchors the ledger from outside: the commit that reserved this version and its event's digest. */
export const Manifest = z.object({
  kind: z.literal("manifest"),
  schemaVersion: z.literal(1),
  model: z.string().max(64),
  version: z.string().max(64),
  tag: z.string().max(140),
  contentSha256: Sha256,
  createdAt: z.string().max(40),
  createdBy: z.string().max(100),
  verdict: z.enum(["pass", "fail", "inconclusive"]).nullable(),
  lineage: Lineage,
  /** Everything in the release but the manifest itself. */
  assets: z.array(Asset).max(999),
  /** Digest of the asset `run-record.json`; null when there is none. */
  runRecord: z.object({ name: z.string().max(220), sha256: Sha256 }).nullable(),
  metadata: z.record(z.string(), z.unknown()),
  ledger: z.object({
    branch: z.string().max(100),
    head: z.string().regex(/^[0-9a-f]{40}$/),
    sequence: z.number().int().positive(),
    eventSha256: Sha256,
  }),
});
export type Manifest = z.infer<typeof Manifest>;

/**
 * The identity of a version's content: model files by name and digest, and what the caller says of them. Documents
 * (evaluation, run record, card) are not part of it: judging the same bytes again makes no new version.
 */
export function digestContent(
  files: readonly { readonly name: string; readonly sha256: string }[],
  metadata: Readonly<Record<string, unknown>>,
): string {
  const sorted = files.map(({ name, sha256 }) => ({ name, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return sha256Hex(renderCanonicalJson({ files: sorted, metadata }));
}

/** The manifest's text; the same for the same reservation and assets, whoever renders it and whenever. */
export function renderManifest(
  record: VersionRecord,
  reserveCommit: string,
  assets: readonly Asset[],
  metadata: Readonly<Record<string, unknown>>,
): string {
  const runRecord = assets.find((asset) => asset.name === "run-record.json");
  const manifest: Manifest = {
    kind: "manifest",
    schemaVersion: 1,
    model: record.model,
    version: record.version,
    tag: tagOf(record.model, record.version),
    contentSha256: record.contentSha256,
    createdAt: record.reserved.at,
    createdBy: record.reserved.actor,
    verdict: record.verdict,
    lineage: record.lineage,
    assets: [...assets],
    runRecord: runRecord ? { name: runRecord.name, sha256: runRecord.sha256 } : null,
    metadata: { ...metadata },
    ledger: {
      branch: ledgerBranch,
      head: reserveCommit,
      sequence: record.reserved.sequence,
      eventSha256: record.reserved.eventSha256,
    },
  };
  return `${renderCanonicalJson(manifest)}\n`;
}

/** Reads a manifest somebody may have made up; null when it is not one. */
export function parseManifest(text: string): Manifest | null {
  try {
    const parsed = Manifest.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
