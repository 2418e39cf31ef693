// Which paths the event of a workflow run changes: asked of GitHub, so that a shallow clone is enough.
import { z } from "zod";
import type { RepositoryClient } from "../github/client.ts";
import { listPathsBetween } from "../github/contents.ts";
import { readStatus } from "../github/failure.ts";

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const PullEvent = z.object({ pull_request: z.object({ base: z.object({ sha: Sha }), head: z.object({ sha: Sha }) }) });
const PushEvent = z.object({ before: Sha, after: Sha });

/** The two commits that the event is about; null for events that are about no change, and for a branch that is new. */
export function readChangedRange(event: unknown): { readonly base: string; readonly head: string } | null {
  const pull = PullEvent.safeParse(event);
  if (pull.success) return { base: pull.data.pull_request.base.sha, head: pull.data.pull_request.head.sha };
  const push = PushEvent.safeParse(event);
  if (!push.success || /^0+$/.test(push.data.before)) return null;
  return { base: push.data.before, head: push.data.after };
}

/** Changed paths; null (everything counts as changed) when the event has no range or GitHub cannot compare the two. */
export async function findChangedPaths(
  repository: RepositoryClient,
  event: unknown,
): Promise<readonly string[] | null> {
  const range = readChangedRange(event);
  if (range === null) return null;
  try {
    return await listPathsBetween(repository, range.base, range.head);
  } catch (error) {
    if (readStatus(error) === 404) return null;
    throw error;
  }
}
