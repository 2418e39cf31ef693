// After a stage moved: verdicts that compared with the version that held it are stale, and are judged again.
import { readReportState } from "../src/commands/report-state.ts";
import { checkName } from "../src/commands/write-report.ts";
import { listOwnChecks } from "../src/github/checks.ts";
import { listOpenPulls } from "../src/github/pulls.ts";
import { reportOnPull } from "./report-on-pull.ts";
import type { Session } from "./session.ts";

/** More are left to their next event: the requests of one delivery are bounded. */
const mostPulls = 20;

/** Judges every open pull request again that has a verdict of ours on its head, newest first. */
export async function refreshOpenPulls(session: Session): Promise<void> {
  const pulls = await listOpenPulls(session.repository);
  for (const pull of pulls.slice(0, mostPulls)) {
    const [check] = await listOwnChecks(session.repository, pull.headSha, checkName, session.identity.appId);
    if (check && readReportState(check.externalId) !== null) await reportOnPull(pull, session);
  }
}
