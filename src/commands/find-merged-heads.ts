// Which pull request heads a commit of the default branch merged: what was accepted for them holds for the commit too.
import type { RepositoryClient } from "../github/client.ts";
import { orNullIfMissing } from "../github/missing.ts";

/**
 * Heads of the merged pull requests that GitHub names for the commit, and what a merge commit merged; no name twice. The first
 * parent is not among them: it is what the branch was before, and what was accepted for it is spent.
 */
export async function findMergedHeads(repository: RepositoryClient, commitSha: string): Promise<readonly string[]> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name };
  const commit = await orNullIfMissing(client.rest.git.getCommit({ ...at, commit_sha: commitSha }));
  const pulls = await orNullIfMissing(
    client.rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: commitSha, per_page: 20 }),
  );
  const merged = (pulls?.data ?? []).filter((pull) => pull.merged_at !== null);
  const parents = (commit?.data.parents ?? []).slice(1).map((parent) => parent.sha);
  return [...new Set([...parents, ...merged.map((pull) => pull.head.sha)])];
}
