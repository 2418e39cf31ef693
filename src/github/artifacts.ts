// Artifacts of one exact workflow run, downloaded within a bound and checked against the digest GitHub lists.
import { InputError, ProviderError } from "../errors.ts";
import { sha256Hex } from "../json/digest.ts";
import type { RepositoryClient } from "./client.ts";
import { readStatus } from "./failure.ts";

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly createdAt: string | null;
  readonly expired: boolean;
  /** sha256 of the archive as lower-case hex; null where GitHub does not say. */
  readonly sha256: string | null;
}

/** The newest artifact of that name among those of the run, or null. */
export async function findArtifact(
  repository: RepositoryClient,
  runId: number,
  artifactName: string,
): Promise<Artifact | null> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.actions.listWorkflowRunArtifacts, {
    owner,
    repo: name,
    run_id: runId,
    name: artifactName,
    per_page: 100,
  });
  const [newest] = found.filter((artifact) => artifact.name === artifactName).sort((a, b) => b.id - a.id);
  if (!newest) return null;
  return {
    id: newest.id,
    name: newest.name,
    bytes: newest.size_in_bytes,
    createdAt: newest.created_at,
    expired: newest.expired,
    sha256: /^sha256:([0-9a-f]{64})$/.exec(newest.digest ?? "")?.[1] ?? null,
  };
}

/**
 * The archive's bytes; null when it expired or was deleted.
 * @throws InputError when it is larger than `largestBytes` or is not what the digest says.
 */
export async function downloadArtifact(
  repository: RepositoryClient,
  artifact: Artifact,
  largestBytes: number,
): Promise<Uint8Array | null> {
  if (artifact.expired) return null;
  if (artifact.bytes > largestBytes) throw tooLarge(artifact, largestBytes);
  const { client, owner, name } = repository;
  let data: unknown;
  try {
    ({ data } = await client.rest.actions.downloadArtifact({
      owner,
      repo: name,
      artifact_id: artifact.id,
      archive_format: "zip",
    }));
  } catch (error) {
    if (readStatus(error) === 404 || readStatus(error) === 410) return null;
    throw error;
  }
  const bytes = asBytes(data);
  if (!bytes) throw new ProviderError(`GitHub sent no archive for the artifact ${artifact.name}`);
  if (bytes.byteLength > largestBytes) throw tooLarge(artifact, largestBytes);
  if (artifact.sha256 !== null && sha256Hex(bytes) !== artifact.sha256) {
    throw new InputError(`the artifact ${artifact.name} is not what its digest says`);
  }
  return bytes;
}

function asBytes(data: unknown): Uint8Array | null {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Uint8Array ? data : null;
}

function tooLarge(artifact: Artifact, largestBytes: number): InputError {
  return new InputError({
    message: `the artifact ${artifact.name} is too large`,
    expected: `at most ${largestBytes} bytes`,
    received: `${artifact.bytes} bytes`,
  });
}
