// The evidence of one exact workflow run, as far as there is any that can be read.
import { InputError } from "../errors.ts";
import { type Evidence, evidenceArtifactName, evidenceFileName } from "../evidence/evidence.ts";
import { parseEvidence } from "../evidence/parse-evidence.ts";
import { evidenceUnpackLimits, unpackToMemory } from "../evidence/unpack.ts";
import { downloadArtifact, findArtifact } from "../github/artifacts.ts";
import type { RepositoryClient } from "../github/client.ts";
import { sha256Hex } from "../json/digest.ts";

export type FoundEvidence =
  | {
      readonly state: "present";
      readonly evidence: Evidence;
      /** Of the bytes of `evidence.json`. */
      readonly sha256: string;
      readonly artifactCreatedAt: string | null;
    }
  | {
      readonly state: "missing" | "expired" | "refused";
      /** One sentence, plain text. */
      readonly reason: string;
    };

/** Looks for the artifact among those of this run only, and reads it as hostile data. Failures of GitHub are thrown. */
export async function fetchEvidence(repository: RepositoryClient, runId: number): Promise<FoundEvidence> {
  const artifact = await findArtifact(repository, runId, evidenceArtifactName);
  if (artifact === null) return { state: "missing", reason: "The workflow run left no evidence." };
  try {
    const archive = await downloadArtifact(repository, artifact, evidenceUnpackLimits.bytes);
    if (archive === null)
      return { state: "expired", reason: "The evidence has expired or was deleted; run the workflow again." };
    const files = await unpackToMemory(archive, evidenceUnpackLimits, (name) => name === evidenceFileName);
    const bytes = files.get(evidenceFileName);
    if (!bytes) return { state: "refused", reason: `The evidence has no ${evidenceFileName}.` };
    return {
      state: "present",
      evidence: parseEvidence(bytes),
      sha256: sha256Hex(bytes),
      artifactCreatedAt: artifact.createdAt,
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first] = error.problems;
    const place = first.key ? ` (${first.key})` : "";
    return { state: "refused", reason: `The evidence cannot be used: ${first.message}${place}.` };
  }
}
