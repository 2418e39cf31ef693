// Attestations that GitHub keeps of files, found by their digest.
import type { GitHubClient } from "./client.ts";
import { explained } from "./failure.ts";
import { orNullIfMissing } from "./missing.ts";

/** The bundles of the first 100 attestations of a file in `OWNER/NAME`; none when there is none, or the plan has none. */
export async function readAttestations(
  client: GitHubClient,
  repository: string,
  sha256: string,
): Promise<readonly unknown[]> {
  const [owner = "", repo = ""] = repository.split("/");
  const answer = await orNullIfMissing(
    explained(() =>
      client.rest.repos.listAttestations({ owner, repo, subject_digest: `sha256:${sha256}`, per_page: 100 }),
    ),
  );
  return (answer?.data.attestations ?? []).map(({ bundle }) => bundle);
}
