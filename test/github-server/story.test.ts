// One repository's life over HTTP with an unmodified client: every request, answer and webhook is held against GitHub's description.
import { describe, expect, test } from "vitest";
import { clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

describe("a repository's life", () => {
  test("commits, a pull request, its head that moves, a merge", async () => {
    const github = await startTestGitHub();
    const client = clientOf(github);
    const { data: repository } = await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    const at = { owner: github.owner, repo: "rain" };
    expect(repository.full_name).toBe("octocat/rain");
    const { data: main } = await client.rest.git.getRef({ ...at, ref: "heads/main" });

    const { data: tree } = await client.rest.git.createTree({
      ...at,
      base_tree: main.object.sha,
      tree: [{ path: "data/a.txt", mode: "100644", type: "blob", content: "one\ntwo\n" }],
    });
    const { data: commit } = await client.rest.git.createCommit({
      ...at,
      message: "Add a",
      tree: tree.sha,
      parents: [main.object.sha],
    });
    await client.rest.git.createRef({ ...at, ref: "refs/heads/topic", sha: commit.sha });
    const { data: pull } = await client.rest.pulls.create({ ...at, title: "Add a", head: "topic", base: "main" });
    expect(pull).toMatchObject({
      number: 1,
      mergeable: true,
      mergeable_state: "clean",
      changed_files: 1,
      additions: 2,
    });

    const put = await client.rest.repos.createOrUpdateFileContents({
      ...at,
      path: "data/b.txt",
      message: "Add b",
      branch: "topic",
      content: Buffer.from("three\n").toString("base64"),
    });
    const { data: moved } = await client.rest.pulls.get({ ...at, pull_number: 1 });
    expect(moved.head.sha).toBe(put.data.commit.sha);
    const { data: files } = await client.rest.pulls.listFiles({ ...at, pull_number: 1 });
    expect(files.map((file) => [file.filename, file.status, file.patch])).toEqual([
      ["data/a.txt", "added", "@@ -0,0 +1,2 @@\n+one\n+two"],
      ["data/b.txt", "added", "@@ -0,0 +1 @@\n+three"],
    ]);
    await client.rest.issues.createComment({ ...at, issue_number: 1, body: "hello" });
    await client.rest.issues.addLabels({ ...at, issue_number: 1, labels: ["model"] });
    const merged = await client.rest.pulls.merge({ ...at, pull_number: 1, sha: moved.head.sha });
    expect(merged.data.merged).toBe(true);
    const { data: after } = await client.rest.pulls.get({ ...at, pull_number: 1 });
    expect(after).toMatchObject({ state: "closed", merged: true, merge_commit_sha: merged.data.sha });
    const { data: compared } = await client.rest.repos.compareCommitsWithBasehead({
      ...at,
      basehead: `${main.object.sha}...main`,
    });
    expect(compared).toMatchObject({ status: "ahead", ahead_by: 3 });
    await github.idle();
    expectNoViolations(github);
  });
});
