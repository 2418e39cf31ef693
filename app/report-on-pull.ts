// Judges a pull request and shows it: what most handlers end in.
import { findAffected } from "../src/commands/find-affected.ts";
import { findGateRun } from "../src/commands/find-gate-run.ts";
import { readBaseConfig } from "../src/commands/read-base-config.ts";
import { checkName, type ReportDocument, writeReport } from "../src/commands/write-report.ts";
import { InputError } from "../src/errors.ts";
import { putCheck } from "../src/github/checks.ts";
import { listChangedPaths, type PullRequest } from "../src/github/pulls.ts";
import type { WorkflowRun } from "../src/github/workflow-runs.ts";
import type { Session } from "./session.ts";

/** Judges with the given run, or with the newest that concerns the gate; writes comment and check. */
export async function reportOnPull(
  pull: PullRequest,
  session: Session,
  run?: WorkflowRun | null,
): Promise<ReportDocument> {
  const { repository, under, identity, publisher, pace, context } = session;
  const counter = { actor: identity.login, pace, progress: context.progress };
  const judged = run === undefined ? await findGateRun(repository, pull, publisher) : run;
  const outcome = await writeReport(
    { pull, run: judged, publisher, comment: "when-useful" },
    { repository, under, authors: [identity.login], appId: identity.appId, counter },
  );
  return outcome.document;
}

/**
 * Opens the check of a head that no run has judged yet, or completes it when there is nothing to judge. A repository without a config
 * on the base branch hears nothing of us.
 */
export async function openCheck(pull: PullRequest, session: Session): Promise<void> {
  const { repository, identity } = session;
  if (!(await isConcerned(pull, session))) return;
  await putCheck(repository, pull.headSha, checkName, identity.appId, {
    status: "in_progress",
    externalId: "waiting",
    title: "Waiting for the workflow to judge this head",
    summary: "The verdict appears here when the workflow run has ended. Until then this check is not green.",
  });
}

/** False when there is no config; when the change concerns no model the check is completed here. */
async function isConcerned(pull: PullRequest, session: Session): Promise<boolean> {
  try {
    const base = await readBaseConfig(session.repository, pull.baseBranch);
    if (base === null) return false;
    const paths = await listChangedPaths(session.repository, pull.number);
    const { models } = await findAffected(session.repository, pull, base, paths);
    if (models.length > 0) return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  await reportOnPull(pull, session, null);
  return false;
}
