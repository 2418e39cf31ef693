// What a workflow run judges: a pull request by the rules of its base, or a commit of the default branch by its own.
import { z } from "zod";
import type { RepositoryClient } from "../github/client.ts";
import { downloadFilesAt } from "../github/contents.ts";
import { findChangedPaths } from "./find-changed-paths.ts";
import { findMergedHeads } from "./find-merged-heads.ts";
import type { ProposedHead } from "./proposed-changes.ts";
import type { FetchHeadFiles } from "./proposed-rows.ts";
import { readProposedHead } from "./read-proposed-head.ts";

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const PullEvent = z.object({ pull_request: z.object({ base: z.object({ sha: Sha }), head: z.object({ sha: Sha }) }) });

export interface Judged {
  /** Null = no pull request. */
  readonly head: ProposedHead | null;
  readonly headSha: string;
  readonly baseSha: string | null;
  readonly mergedHeads: readonly string[];
}

/** `sha` is the commit of the event, which counts where there is no pull request. */
export async function describeJudged(repository: RepositoryClient, event: unknown, sha: string): Promise<Judged> {
  const parsed = PullEvent.safeParse(event);
  if (!parsed.success) {
    return { head: null, headSha: sha, baseSha: null, mergedHeads: await findMergedHeads(repository, sha) };
  }
  const { base, head } = parsed.data.pull_request;
  const changedPaths = await findChangedPaths(repository, event);
  return {
    head: await readProposedHead(repository, head.sha, changedPaths),
    headSha: head.sha,
    baseSha: base.sha,
    mergedHeads: [],
  };
}

/** Largest data of a pull request that is read beside the base's, in bytes. */
const largestHeadBytes = 100 * 2 ** 20;

/** How files of the judged pull request's head are had; null where there is none. */
export function createHeadFiles(repository: RepositoryClient, { head, headSha }: Judged): FetchHeadFiles | null {
  if (head === null) return null;
  return (wanted, folder) => downloadFilesAt(repository, headSha, wanted, folder, largestHeadBytes);
}
