// A merge queue asks for the check on its own commit: it is green when the verdict of every pull request in it still is.

import { findGateRun } from "../../src/commands/find-gate-run.ts";
import { judgePull } from "../../src/commands/judge-pull.ts";
import { readBaseConfig } from "../../src/commands/read-base-config.ts";
import { checkName } from "../../src/commands/write-report.ts";
import { type CheckWrite, putCheck } from "../../src/github/checks.ts";
import { listQueueEntries, type QueueEntry } from "../../src/github/merge-queue.ts";
import { getPull, type PullRequest } from "../../src/github/pulls.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import type { Session } from "../session.ts";

export interface MergeGroup {
  readonly headSha: string;
  /** `refs/heads/gh-readonly-queue/BRANCH/pr-NUMBER-SHA`. */
  readonly headRef: string;
}

/** `checks_requested`. Judged anew from the evidence of each pull request's head, with the config and the baseline of now. */
export async function handleMergeGroup(group: MergeGroup, session: Session): Promise<void> {
  const write = await decide(group, session);
  if (write === null) return;
  await putCheck(session.repository, group.headSha, checkName, session.identity.appId, write);
}

/** More than a queue groups by default; judging each costs about twenty requests. */
const mostEntries = 20;

async function decide(group: MergeGroup, session: Session): Promise<CheckWrite | null> {
  const queued = await listQueueEntries(session.repository, group.headRef, group.headSha);
  if (queued === null) return refuse("The queued pull requests cannot be found, so there is no verdict to use.");
  if ((await readBaseConfig(session.repository, queued.baseBranch)) === null) return null;
  const { entries } = queued;
  if (entries.length > mostEntries) {
    return refuse(`${entries.length} pull requests are grouped, at most ${mostEntries} are judged together.`);
  }
  const judged: Judged[] = [];
  for (const entry of entries) {
    const pull = await findQueuedPull(entry, queued.baseBranch, session);
    if (pull === null)
      return refuse(`The queued pull request #${entry.pullNumber} is not what it was when it was queued.`);
    const run = await findGateRun(session.repository, pull, session.publisher);
    const { decision, key, affectedModels } = await judgePull({ pull, run, publisher: session.publisher }, session);
    judged.push({ pull, state: decision.state, key, affectedModels });
  }
  const open = judged
    .filter(({ state }) => state !== "success" && state !== "neutral")
    .map(({ pull }) => `#${pull.number}`);
  if (open.length > 0) {
    const verdicts = open.length === 1 ? `verdict on ${open[0]} does` : `verdicts on ${open.join(", ")} do`;
    return refuse(`The ${verdicts} not hold for the queue; see the check on the pull request.`);
  }
  return accept(judged);
}

interface Judged {
  readonly pull: PullRequest;
  readonly state: string;
  readonly key: string;
  readonly affectedModels: readonly string[];
}

function accept(judged: readonly Judged[]): CheckWrite {
  const numbers = judged.map(({ pull }) => `#${pull.number}`);
  const heads = judged.map(({ pull }) => `${pull.headSha}`);
  const [first] = judged;
  const models = judged.flatMap(({ affectedModels }) => affectedModels);
  const together = [...new Set(models.filter((name, index) => models.indexOf(name) !== index))];
  const key = judged.length === 1 && first ? first.key : sha256Hex(judged.map((one) => one.key).join("\n"));
  return {
    status: judged.some(({ state }) => state === "neutral") ? "neutral" : "success",
    externalId: `queued=${heads.at(-1) ?? ""} of=${heads.length} key=${key}`,
    title: judged.length === 1 ? `The verdict on ${numbers[0]} holds` : `The verdicts on ${numbers.join(", ")} hold`,
    summary: [
      `Judged at ${judged.length === 1 ? "its head" : "their heads"} ${heads.join(", ")}; the config of the base branch and the baseline are the same since.`,
      ...(together.length > 0
        ? [
            `Each change was judged by itself. What they make of \`${together.join("`, `")}\` together is judged after the merge, before anything is published.`,
          ]
        : []),
    ].join("\n\n"),
  };
}

/** The entry's pull request, if it is open, meant for this branch, and its present head is what the queue merged. */
async function findQueuedPull(
  { pullNumber, parents }: QueueEntry,
  baseBranch: string,
  { repository }: Session,
): Promise<PullRequest | null> {
  const pull = await getPull(repository, pullNumber);
  if (pull.state !== "open" || pull.baseBranch !== baseBranch) return null;
  // A queue that squashes or rebases leaves no trace of the head; it drops an entry whose head moves.
  const traced = parents.length > 1;
  return traced && !parents.includes(pull.headSha) ? null : pull;
}

function refuse(summary: string): CheckWrite {
  return { status: "failure", externalId: "queued", title: "No verdict for the merge queue", summary };
}
