// Somebody asks for the check again: judge again, and have the workflow run again when its evidence does not serve any more.
import { findGateRun } from "../../src/commands/find-gate-run.ts";
import { findPullsByHead } from "../../src/github/pulls.ts";
import { rerunWorkflow } from "../../src/github/workflow-runs.ts";
import { openCheck, reportOnPull } from "../report-on-pull.ts";
import type { Session } from "../session.ts";

/** `check_run.rerequested` and `check_suite.rerequested` of our App, for the head `headSha`. */
export async function handleRerequest(headSha: string, session: Session): Promise<void> {
  const [pull, ...others] = await findPullsByHead(session.repository, headSha, null);
  if (!pull || others.length > 0) return;
  const run = await findGateRun(session.repository, pull, session.publisher);
  if (run === null) return await openCheck(pull, session);
  const report = await reportOnPull(pull, session, run);
  const unusable = report.obstacles.some((obstacle) => obstacle.gate === null && obstacle.state === "failure");
  if (!unusable) return;
  await rerunWorkflow(session.repository, run.id);
  await openCheck(pull, session);
}
