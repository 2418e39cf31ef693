// The findings of one exact workflow run.
import { InputError } from "../errors.ts";
import { type Findings, findingsArtifactName, findingsFileName, parseFindings } from "../evidence/findings.ts";
import { evidenceUnpackLimits, unpackToMemory } from "../evidence/unpack.ts";
import { downloadArtifact, findArtifact } from "../github/artifacts.ts";
import type { RepositoryClient } from "../github/client.ts";

/** Null when the run left none (any more). @throws InputError when what it left is not findings. */
export async function fetchFindings(repository: RepositoryClient, runId: number): Promise<Findings | null> {
  const artifact = await findArtifact(repository, runId, findingsArtifactName);
  const archive = artifact && (await downloadArtifact(repository, artifact, evidenceUnpackLimits.bytes));
  if (!archive) return null;
  const files = await unpackToMemory(archive, evidenceUnpackLimits, (name) => name === findingsFileName);
  const bytes = files.get(findingsFileName);
  if (!bytes) throw new InputError({ message: "the artifact does not hold it", file: findingsFileName });
  return parseFindings(bytes);
}
