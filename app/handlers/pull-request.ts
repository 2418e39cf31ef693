// A head arrives: the check opens at once, so that nothing is merged on the verdict of an older head.
import { findGateRun } from "../../src/commands/find-gate-run.ts";
import { getPull } from "../../src/github/pulls.ts";
import { openCheck, reportOnPull } from "../report-on-pull.ts";
import type { Session } from "../session.ts";

/**
 * `opened`, `synchronize`, `reopened`, and `edited` when the base branch changed. `headSha` is the delivery's: a head that moved on
 * since is left to its own delivery.
 */
export async function handleHead(pullNumber: number, headSha: string, session: Session): Promise<void> {
  const pull = await getPull(session.repository, pullNumber);
  if (pull.state !== "open" || pull.headSha !== headSha) return;
  const run = await findGateRun(session.repository, pull, session.publisher);
  if (run === null) await openCheck(pull, session);
  else await reportOnPull(pull, session, run);
}
