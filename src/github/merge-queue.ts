// What a merge queue has put together: the pull requests whose changes a queued commit brings onto the base branch.
import type { RepositoryClient } from "./client.ts";
import { orNullIfMissing } from "./missing.ts";

export interface QueueEntry {
  readonly pullNumber: number;
  /** Of the commit that the queue made for it; two when it merges, one when it squashes or rebases. */
  readonly parents: readonly string[];
}

/**
 * The entries that `headSha` brings, the one ahead first, the group's own last: GitHub keeps a branch for each, and those count whose
 * commit is not on the base branch yet. Null when the ref is no queue's, or GitHub does not name all commits.
 */
export async function listQueueEntries(
  repository: RepositoryClient,
  headRef: string,
  headSha: string,
): Promise<{ readonly baseBranch: string; readonly entries: readonly QueueEntry[] } | null> {
  const named = readQueueRef(headRef);
  if (named === null) return null;
  const { client, owner, name } = repository;
  const at = { owner, repo: name };
  const basehead = `${named.baseBranch}...${headSha}`;
  const compared = await orNullIfMissing(
    client.rest.repos.compareCommitsWithBasehead({ ...at, basehead, per_page: 100 }),
  );
  const commits = compared?.data.commits ?? [];
  if (compared === null || compared.data.total_commits > commits.length) return null;
  const parentsOf = new Map(commits.map(({ sha, parents }) => [sha, parents.map((parent) => parent.sha)]));
  const own = parentsOf.get(headSha);
  if (own === undefined) return null;
  const refs = await client.paginate(client.rest.git.listMatchingRefs, {
    ...at,
    ref: `heads/gh-readonly-queue/${named.baseBranch}/`,
    per_page: 100,
  });
  const ahead = refs.flatMap(({ ref, object }) => {
    const entry = readQueueRef(ref);
    const parents = parentsOf.get(object.sha);
    if (entry === null || entry.baseBranch !== named.baseBranch || object.sha === headSha || !parents) return [];
    return [{ pullNumber: entry.pullNumber, parents, place: commits.findIndex(({ sha }) => sha === object.sha) }];
  });
  const ordered = ahead.sort((a, b) => a.place - b.place).filter(({ pullNumber }) => pullNumber !== named.pullNumber);
  return {
    baseBranch: named.baseBranch,
    entries: [...ordered, { place: 0, pullNumber: named.pullNumber, parents: own }].map(({ pullNumber, parents }) => ({
      pullNumber,
      parents,
    })),
  };
}

function readQueueRef(ref: string): { readonly baseBranch: string; readonly pullNumber: number } | null {
  const [, baseBranch, number] = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-(\d{1,9})-[0-9a-f]{40}$/.exec(ref) ?? [];
  return baseBranch === undefined ? null : { baseBranch, pullNumber: Number(number) };
}
