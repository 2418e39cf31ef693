// Use case: which version is meant by MODEL@STAGE or MODEL@VERSION. One request.
import { InputError, RefusedError } from "../errors.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import { findSummary, readModelIndex, readVersionRecord } from "../registry/ledger-view.ts";
import { type ModelReference, parseReference, tagOf } from "../registry/names.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Kind `resolution`. `manifestSha256` is the digest of the release's `manifest.json`; null only where an older Modelgate set the stage. */
export interface ResolutionDocument extends JsonDocument {
  readonly kind: "resolution";
  readonly model: string;
  readonly stage: string | null;
  readonly version: string;
  readonly tag: string;
  readonly manifestSha256: string | null;
}

/** Throws InputError when there is no such model, stage or version, RefusedError when the version cannot be used. */
export async function resolve(
  reference: string,
  session: Pick<RegistrySession, "ledger">,
): Promise<Outcome<ResolutionDocument>> {
  const document = await resolveVersion(session.ledger, parseReference(reference));
  return { exitCode: 0, document, text: document.version };
}

/** One read of the ledger: the index for a stage, the version's own record for a version. */
export async function resolveVersion(ledger: LedgerPort, reference: ModelReference): Promise<ResolutionDocument> {
  const { model, at } = reference;
  const common = { kind: "resolution", schemaVersion: 1, model } as const;
  if (at.kind === "version") {
    const record = await readVersionRecord(ledger, model, at.version);
    if (record === null) throw describeUnknown(`there is no version ${tagOf(model, at.version)}`);
    if (record.state !== "available")
      throw new RefusedError({ message: `${tagOf(model, at.version)} is ${record.state}, not available` });
    const { version, manifestSha256 } = record;
    return { ...common, stage: null, version, tag: tagOf(model, version), manifestSha256 };
  }
  const index = await readModelIndex(ledger, model);
  if (index.sequence === 0) throw describeUnknown(`the registry holds no model ${model}`);
  const version = index.stages[at.stage];
  if (version === undefined)
    throw new InputError({
      message: `the stage ${at.stage} of ${model} holds no version`,
      expected: Object.keys(index.stages).join(", ") || "a stage that was set",
      received: at.stage,
      hint: `name a stage that holds one, or put one into it: modelgate promote ${model} VERSION ${at.stage}`,
    });
  const manifestSha256 = findSummary(index, version)?.manifestSha256 ?? null;
  return { ...common, stage: at.stage, version, tag: tagOf(model, version), manifestSha256 };
}

function describeUnknown(message: string): InputError {
  return new InputError({
    message,
    hint: "`modelgate registry list` shows what there is; a repository that the token may not see looks empty",
  });
}
