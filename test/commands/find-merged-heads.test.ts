// Which heads a commit of the default branch brought, for every way of merging, on a local GitHub.
import { describe, expect, test } from "vitest";
import { findMergedHeads } from "../../src/commands/find-merged-heads.ts";
import { clientOf, startTestGitHub } from "../github/testing.ts";

async function start() {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const at = { owner: github.owner, repo: "rain" };
  const repository = { client, owner: github.owner, name: "rain" };
  const propose = async (branch: string) => {
    const { data: main } = await client.rest.git.getRef({ ...at, ref: "heads/main" });
    await client.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: main.object.sha });
    const made = await client.rest.repos.createOrUpdateFileContents({
      ...at,
      path: branch,
      message: branch,
      content: Buffer.from(branch).toString("base64"),
      branch,
    });
    const { data } = await client.rest.pulls.create({ ...at, title: branch, head: branch, base: "main" });
    return { number: data.number, headSha: made.data.commit.sha ?? "", before: main.object.sha };
  };
  const merge = async (number: number, how: "merge" | "squash" | "rebase") => {
    const { data } = await client.rest.pulls.merge({ ...at, pull_number: number, merge_method: how });
    return data.sha;
  };
  return { repository, propose, merge };
}

describe("findMergedHeads", () => {
  test.each(["merge", "squash", "rebase"] as const)("names the head of a pull request after a %s", async (how) => {
    const { repository, propose, merge } = await start();
    const pull = await propose("topic");
    const sha = await merge(pull.number, how);
    expect(await findMergedHeads(repository, sha)).toEqual([pull.headSha]);
  });

  test("names neither what the branch was before, nor a pull request that is open, nor anything of an unknown commit", async () => {
    const { repository, propose, merge } = await start();
    const first = await propose("first");
    const sha = await merge(first.number, "merge");
    const second = await propose("second");
    expect(await findMergedHeads(repository, sha)).not.toContain(first.before);
    expect(await findMergedHeads(repository, second.headSha)).toEqual([]);
    expect(await findMergedHeads(repository, "e".repeat(40))).toEqual([]);
  });
});
