// What happens after the merge: a season that is not like the others, a retraining that opens itself, a broken feed, a rollback.
import { passTime, runSchedule } from "../days.ts";
import { quoteSticky } from "../quote.ts";
import { comment, listAppComments, type Pull, readSticky, waitFor, waitForCheck, waitForRun } from "../scene.ts";
import type { World } from "../world.ts";
import { tellStages } from "./first-version.ts";
import { mergeAndPublish } from "./pull-requests.ts";

const workflow = "modelgate-monitor.yml";

export async function watchTheSeason(world: World): Promise<void> {
  const { narrator } = world;
  narrator.chapter("A winter that is not like the winters before");
  await passTime(world, { from: "2014-11-03", to: "2015-01-31" });
  await check(world);
  const warning = await findIssue(world, "warning");
  narrator.say(`first check: issue #${warning.number} “${warning.title}”`);
  narrator.quote(firstLines(warning.body, 4));
  await passTime(world, { from: "2014-12-01", to: "2015-02-28" });
  await check(world);
  const pull = await waitFor("the retraining pull request", () => findRetraining(world));
  narrator.say(`second in a row: pull request #${pull.number} opened itself and moves the windows in modelgate.lock`);
  const verdict = await waitForCheck(world, pull.headSha);
  narrator.say(`check modelgate: ${verdict.conclusion} — ${verdict.title}`);
  quoteSticky(world, await readSticky(world, pull.number));
  await mergeAndPublish(world, pull);
}

export async function breakTheFeed(world: World): Promise<void> {
  const { narrator, repository } = world;
  narrator.chapter("A fault, injected in the open: from 2 March the feed sends °F");
  await passTime(world, { from: "2015-03-01", to: "2015-05-29", fahrenheitFrom: "2015-03-02" });
  await check(world);
  const issue = await findIssue(world, "rollback");
  narrator.say(`issue #${issue.number} “${issue.title}”`);
  narrator.quote(firstLines(issue.body, 10));
  await comment(world, world.outsider, issue.number, "/rollback rain it looks wrong to me");
  await waitFor("the answer to the outsider", async () =>
    (await listAppComments(world, issue.number)).length > 0 ? true : undefined,
  );
  narrator.say("somebody without the right comments `/rollback`: answered, nothing moves");
  await tellStages(world);
  await comment(world, world.maintainer, issue.number, "/rollback rain the feed sends °F; back until it is mended");
  const { owner, name } = repository;
  await waitFor("the issue to close", async () => {
    const { data } = await world.owner.octokit.issues.get({ owner, repo: name, issue_number: issue.number });
    return data.state === "closed" ? true : undefined;
  });
  narrator.say(
    "a maintainer comments `/rollback rain …`: the stage moves back, the ledger keeps who and why, the issue closes",
  );
  await tellStages(world);
}

async function check(world: World): Promise<void> {
  const sha = await runSchedule(world);
  const run = await waitForRun(world, workflow, sha);
  world.narrator.say(`scheduled check: ${run.conclusion}`);
}

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

function findIssue(world: World, kind: "warning" | "rollback"): Promise<Issue> {
  const { owner, name } = world.repository;
  return waitFor(`the ${kind} issue`, async () => {
    const labels = `modelgate:${kind}`;
    const { data } = await world.owner.octokit.issues.listForRepo({ owner, repo: name, labels, state: "open" });
    const issue = data.find((candidate) => !candidate.pull_request);
    return issue && { number: issue.number, title: issue.title, body: issue.body ?? "" };
  });
}

async function findRetraining(world: World): Promise<Pull | undefined> {
  const { owner, name } = world.repository;
  const head = `${owner}:modelgate/retrain/rain`;
  const { data } = await world.owner.octokit.pulls.list({ owner, repo: name, state: "open", head });
  const pull = data[0];
  return pull && { number: pull.number, headSha: pull.head.sha, url: pull.html_url };
}

function firstLines(text: string, count: number): string {
  const lines = text
    .replace(/<!--[\s\S]*?-->/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.slice(0, count).join("\n");
}
