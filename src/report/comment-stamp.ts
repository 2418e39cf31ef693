// A hidden line in the comment that says which workflow run wrote it, so that an older run never overwrites a newer one.
import type { Evidence } from "../evidence/evidence.ts";

export interface CommentStamp {
  readonly runId: number;
  readonly attempt: number;
  readonly headSha: string;
}

export function renderStamp(evidence: Evidence): string {
  const { id, attempt } = evidence.workflowRun ?? { id: 0, attempt: 0 };
  return `<!-- modelgate-run: ${id}.${attempt} ${evidence.headSha} -->`;
}

/** The stamp of a comment's body; null if it has none. */
export function readStamp(body: string): CommentStamp | null {
  const found = /^<!-- modelgate-run: (\d{1,16})\.(\d{1,9}) ([0-9a-f]{40}) -->$/m.exec(
    body.slice(0, 1000).replace(/\r/g, ""),
  );
  if (!found) return null;
  return { runId: Number(found[1]), attempt: Number(found[2]), headSha: found[3] ?? "" };
}

/** Whether `next` may replace a comment with the stamp `present`: never an older run, or an older attempt of the same run. */
export function mayReplace(present: CommentStamp | null, next: CommentStamp): boolean {
  if (!present) return true;
  return next.runId > present.runId || (next.runId === present.runId && next.attempt >= present.attempt);
}
