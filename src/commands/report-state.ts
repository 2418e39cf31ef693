// What a written verdict remembers of itself, so that an older workflow run never overwrites a newer one.

export interface ReportState {
  readonly headSha: string;
  readonly runId: number;
  readonly runAttempt: number;
  /** Key of the verdict: see `judgePull`. */
  readonly key: string;
}

/** As one line: the check's external id, and inside the comment. */
export function renderReportState(state: ReportState): string {
  return `head=${state.headSha} run=${state.runId}.${state.runAttempt} key=${state.key}`;
}

/** Reads it back from a check's external id or a comment's text; null when there is none. */
export function readReportState(text: string): ReportState | null {
  const match = /\bhead=([0-9a-f]{40}) run=(\d{1,15})\.(\d{1,6}) key=([0-9a-f]{64})\b/.exec(text);
  const [, headSha, runId, runAttempt, key] = match ?? [];
  if (!headSha || !runId || !runAttempt || !key) return null;
  return { headSha, runId: Number(runId), runAttempt: Number(runAttempt), key };
}

/** True when `next` may replace what stands: another head (the caller checked that `next` speaks of the present one), or a run not older. */
export function mayReplace(standing: ReportState | null, next: ReportState): boolean {
  if (standing === null || standing.headSha !== next.headSha) return true;
  if (standing.runId !== next.runId) return next.runId > standing.runId;
  return next.runAttempt >= standing.runAttempt;
}
