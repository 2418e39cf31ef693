// A workflow run ended: evidence of a pull request, findings of a scheduled check, or a new version on the default branch.
import { fetchFindings } from "../../src/commands/fetch-findings.ts";
import { isGateRun } from "../../src/commands/find-gate-run.ts";
import { respondToFindings } from "../../src/commands/respond-to-findings.ts";
import { findPullsByHead } from "../../src/github/pulls.ts";
import { getRun, type WorkflowRun } from "../../src/github/workflow-runs.ts";
import { refreshOpenPulls } from "../refresh-open-pulls.ts";
import { reportOnPull } from "../report-on-pull.ts";
import type { Session } from "../session.ts";

/**
 * `completed`. The run is read again: a newer attempt that is under way will report itself. The pull request is found by head commit and
 * head repository; nothing the run says of itself is believed.
 */
export async function handleRunCompleted(runId: number, session: Session): Promise<void> {
  const run = await getRun(session.repository, runId);
  if (run.status !== "completed") return;
  if (run.event === "pull_request") return await handleGateRun(run, session);
  const ours = run.headRepositoryId === session.repositoryId && run.headBranch === session.defaultBranch;
  if (!ours) return;
  if (run.event === "push" || run.event === "workflow_dispatch") await refreshOpenPulls(session);
  if (run.event === "schedule" || run.event === "workflow_dispatch") await handleMonitorRun(run, session);
}

async function handleGateRun(run: WorkflowRun, session: Session): Promise<void> {
  const pulls = await findPullsByHead(session.repository, run.headSha, run.headRepositoryId);
  const [pull, ...others] = pulls;
  if (!pull) return;
  if (others.length > 0) {
    session.context.progress(`${pulls.length} pull requests have the head ${run.headSha}: none is reported on`);
    return;
  }
  if (await isGateRun(session.repository, run, pull.baseBranch, session.publisher)) {
    await reportOnPull(pull, session, run);
  }
}

async function handleMonitorRun(run: WorkflowRun, session: Session): Promise<void> {
  const findings = await fetchFindings(session.repository, run.id);
  if (findings === null) return;
  const outcome = await respondToFindings(
    {
      findings,
      runId: run.id,
      runUrl: run.url,
      defaultBranch: session.defaultBranch,
      actor: session.identity.login,
    },
    {
      repository: session.repository,
      under: session.under,
      authors: [session.identity.login],
    },
  );
  session.context.progress(outcome.text);
}
