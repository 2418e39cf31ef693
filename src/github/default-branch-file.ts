// A file as the default branch has it.
import type { RepositoryClient } from "./client.ts";
import { explained } from "./failure.ts";
import { orNullIfMissing } from "./missing.ts";

/** The bytes of a file of at most 1 MB on the default branch; null when it is not there. */
export async function readDefaultBranchFile(repository: RepositoryClient, path: string): Promise<Uint8Array | null> {
  const { client, owner, name } = repository;
  const answer = await explained(() => orNullIfMissing(client.rest.repos.getContent({ owner, repo: name, path })));
  const data = answer?.data;
  if (!data || Array.isArray(data) || data.type !== "file" || data.encoding !== "base64") return null;
  return Buffer.from(data.content, "base64");
}
