// The merge queue: its commit gets the verdict of the queued head, only while that still holds.
import { describe, expect, test } from "vitest";
import { handleMergeGroup } from "../../app/handlers/merge-group.ts";
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

const answers: Answers = {
  "GET /repos/octo/rain/pulls/12": pull,
  [`GET /repos/octo/rain/compare/${head}...${queued}`]: { status: "ahead", files: [], commits: [] },
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
      "the head is not in the group",
      { [`GET /repos/octo/rain/compare/${head}...${queued}`]: { status: "diverged" } },
      {},
    ],
    ["GitHub cannot compare", { [`GET /repos/octo/rain/compare/${head}...${queued}`]: 404 }, {}],
    ["the branch is no queue's", {}, { headRef: "refs/heads/pr-12" }],
  ])("is not green when %s", async (_, more, change) => {
    expect(await ask(more, { ...group, ...change })).toMatchObject([{ conclusion: "failure" }]);
  });

  test("of a repository without a config hears nothing", async () => {
    expect(await ask({ "GET /repos/octo/rain/contents/.github/modelgate.yml": 404 })).toEqual([]);
  });
});
