// The merge queue: its commit gets the verdict of the queued head, only while that still holds.
import { describe, expect, test } from "vitest";
import { handleMergeGroup } from "../../app/handlers/merge-group.ts";
import { listChecks, startWorld } from "./app-process.ts";
import { type Answers, openRecordedSession } from "./recorded-github.ts";

const head = "a".repeat(40);
const queued = "b".repeat(40);
const base = "c".repeat(40);
const config = "version: 1\nmodels:\n  rain:\n    paths: [model/**]\n";
const file = (text: string) => ({
  type: "file",
  encoding: "base64",
  size: text.length,
  content: Buffer.from(text).toString("base64"),
});
const pull = {
  number: 12,
  state: "open",
  merged_at: null,
  html_url: "https://github.com/octo/rain/pull/12",
  title: "x",
  user: { login: "ann" },
  head: { sha: head, ref: "topic", repo: { id: 9 } },
  base: { sha: base, ref: "main", repo: { id: 9 } },
};
const group = { headSha: queued, headRef: `refs/heads/gh-readonly-queue/main/pr-12-${base}` };

const compared = `GET /repos/octo/rain/compare/main...${queued}`;

const answers: Answers = {
  "GET /repos/octo/rain/pulls/12": pull,
  [compared]: { total_commits: 1, files: [], commits: [{ sha: queued, parents: [{ sha: base }, { sha: head }] }] },
  "GET /repos/octo/rain/git/matching-refs/heads/gh-readonly-queue/main/": [
    { ref: group.headRef, object: { sha: queued } },
  ],
  "GET /repos/octo/rain/contents/.github/modelgate.yml": file(config),
  "GET /repos/octo/rain/actions/runs": { total_count: 0, workflow_runs: [] },
  "GET /repos/octo/rain/pulls/12/files": [{ filename: "README.md" }],
  [`GET /repos/octo/rain/commits/${queued}/check-runs`]: { total_count: 0, check_runs: [] },
  "POST /repos/octo/rain/check-runs": { id: 1, status: "completed", conclusion: "", external_id: "", html_url: "" },
};

async function ask(more: Answers = {}, asked = group) {
  const recorded = openRecordedSession({ ...answers, ...more });
  await handleMergeGroup(asked, recorded.session);
  const writes = recorded.asked.filter(({ route }) => route.startsWith("POST"));
  return writes.map(({ body }) => body as { conclusion: string; head_sha: string; name: string });
}

describe("a merge group", () => {
  test("is green when the queued head's verdict is green now", async () => {
    expect(await ask()).toMatchObject([{ name: "modelgate", head_sha: queued, conclusion: "success" }]);
  });

  test("is not green when the head has no verdict that holds", async () => {
    const changed = { "GET /repos/octo/rain/pulls/12/files": [{ filename: "model/train.py" }] };
    expect(await ask(changed)).toMatchObject([{ conclusion: "failure" }]);
  });

  test.each<[string, Answers, Partial<typeof group>]>([
    ["the pull request is closed", { "GET /repos/octo/rain/pulls/12": { ...pull, state: "closed" } }, {}],
    [
      "it moved to another base",
      { "GET /repos/octo/rain/pulls/12": { ...pull, base: { ...pull.base, ref: "old" } } },
      {},
    ],
    [
      "the head is not what the queue merged",
      {
        [compared]: { total_commits: 1, commits: [{ sha: queued, parents: [{ sha: base }, { sha: "d".repeat(40) }] }] },
      },
      {},
    ],
    ["the group's commit is not among those it brings", { [compared]: { total_commits: 0, commits: [] } }, {}],
    ["GitHub does not name all commits", { [compared]: { total_commits: 300, commits: [] } }, {}],
    ["GitHub cannot compare", { [compared]: 404 }, {}],
    ["the branch is no queue's", {}, { headRef: "refs/heads/pr-12" }],
  ])("is not green when %s", async (_, more, change) => {
    expect(await ask(more, { ...group, ...change })).toMatchObject([{ conclusion: "failure" }]);
  });

  test("of a repository without a config hears nothing", async () => {
    expect(await ask({ "GET /repos/octo/rain/contents/.github/modelgate.yml": 404 })).toEqual([]);
  });
});

describe("a merge group on a local GitHub", () => {
  test("is green only when the verdict of every pull request in it holds, that of the entry ahead too", async () => {
    const world = await startWorld();
    const { github, at } = world;
    const queue = async (pullNumber: number, behind?: number) => {
      const answer = await fetch(`${github.url}/_local/merge-groups`, {
        method: "POST",
        headers: { authorization: `Bearer ${github.token}`, "content-type": "application/json" },
        body: JSON.stringify({ repo: `${at.owner}/${at.repo}`, pullNumber, behind }),
      });
      const { head_sha: headSha } = (await answer.json()) as { head_sha: string };
      await github.idle();
      return (await listChecks(world, headSha)).map(({ conclusion, output }) => [
        conclusion,
        output.title,
        output.summary,
      ]);
    };
    const good = await world.propose("good", "pass");
    const other = await world.propose("docs", "pass", { "model/change": "good", "README.md": "words" });
    const bad = await world.propose("bad", "fail", { "model/change": "good" });

    expect(await queue(good.number)).toMatchObject([
      ["success", `The verdict on #${good.number} holds`, expect.anything()],
    ]);
    const both = await queue(other.number, good.number);
    expect(both).toMatchObject([
      ["success", `The verdicts on #${good.number}, #${other.number} hold`, expect.anything()],
    ]);
    expect(both[0]?.[2]).toContain("What they make of `rain` together is judged after the merge");

    expect(await queue(bad.number)).toMatchObject([
      ["failure", expect.anything(), expect.stringContaining(`#${bad.number}`)],
    ]);
    const after = await queue(other.number, bad.number);
    expect(after).toMatchObject([
      ["failure", expect.anything(), expect.stringContaining(`The verdict on #${bad.number} does`)],
    ]);
  }, 60_000);
});
