// A merge queue asks for the check on its own commit: the verdict of the queued head is used again when it still is one.

import { findGateRun } from "../../src/commands/find-gate-run.ts";
import { judgePull } from "../../src/commands/judge-pull.ts";
import { readBaseConfig } from "../../src/commands/read-base-config.ts";
import { checkName } from "../../src/commands/write-report.ts";
import { type CheckWrite, putCheck } from "../../src/github/checks.ts";
import { isAncestor } from "../../src/github/contents.ts";
import { getPull, type PullRequest } from "../../src/github/pulls.ts";
import type { Session } from "../session.ts";

export interface MergeGroup {
  readonly headSha: string;
  /** `refs/heads/gh-readonly-queue/BRANCH/pr-NUMBER-SHA`. */
  readonly headRef: string;
}

/** `checks_requested`. Judged anew from the evidence of the pull request's head, with the config and the baseline of now. */
export async function handleMergeGroup(group: MergeGroup, session: Session): Promise<void> {
  const write = await decide(group, session);
  if (write === null) return;
  await putCheck(session.repository, group.headSha, checkName, session.identity.appId, write);
}

async function decide(group: MergeGroup, session: Session): Promise<CheckWrite | null> {
  const pull = await findQueuedPull(group, session);
  if (pull === null) return refuse("The queued pull request cannot be found, so there is no verdict to use.");
  if ((await readBaseConfig(session.repository, pull.baseBranch)) === null) return null;
  const run = await findGateRun(session.repository, pull, session.publisher);
  const { decision, key } = await judgePull({ pull, run, publisher: session.publisher }, session);
  if (decision.state === "success" || decision.state === "neutral") {
    return {
      status: decision.state,
      externalId: `queued=${pull.headSha} key=${key}`,
      title: `The verdict on #${pull.number} holds`,
      summary: `Judged at its head ${pull.headSha}; the config of the base branch and the baseline are the same since.`,
    };
  }
  return refuse(`The verdict on #${pull.number} does not hold for the queue; see the check on the pull request.`);
}

/** The pull request that the queue's branch names, only if its present head is part of the group's commit. */
async function findQueuedPull(group: MergeGroup, { repository }: Session): Promise<PullRequest | null> {
  const number = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,9})-[0-9a-f]{40}$/.exec(group.headRef)?.[1];
  if (number === undefined) return null;
  const pull = await getPull(repository, Number(number));
  if (pull.state !== "open") return null;
  return (await isAncestor(repository, pull.headSha, group.headSha)) ? pull : null;
}

function refuse(summary: string): CheckWrite {
  return { status: "failure", externalId: "queued", title: "No verdict for the merge queue", summary };
}
