// What a repository is called now.
import type { RepositoryClient } from "./client.ts";
import { explained } from "./failure.ts";
import { orNullIfMissing } from "./missing.ts";

/** `OWNER/NAME` as GitHub has it today, which follows renames; null when there is no such repository that may be seen. */
export async function readRepositoryName({ client, owner, name }: RepositoryClient): Promise<string | null> {
  const answer = await explained(() => orNullIfMissing(client.rest.repos.get({ owner, repo: name })));
  return answer?.data.full_name ?? null;
}
