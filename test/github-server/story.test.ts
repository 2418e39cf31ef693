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

  test("of all who append to one branch at once, each time one wins, and nothing is lost", async () => {
    const github = await startTestGitHub();
    const client = clientOf(github);
    await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    const at = { owner: github.owner, repo: "rain" };
    const { data: main } = await client.rest.git.getRef({ ...at, ref: "heads/main" });
    await client.rest.git.createRef({ ...at, ref: "refs/heads/ledger", sha: main.object.sha });
    const append = async (writer: number): Promise<void> => {
      for (;;) {
        const { data: head } = await client.rest.git.getRef({ ...at, ref: "heads/ledger" });
        const parent = head.object.sha;
        const file = { path: `events/${writer}.json`, mode: "100644", type: "blob", content: "{}" } as const;
        const { data: tree } = await client.rest.git.createTree({ ...at, base_tree: parent, tree: [file] });
        const { data: commit } = await client.rest.git.createCommit({
          ...at,
          message: "e",
          tree: tree.sha,
          parents: [parent],
        });
        const moved = await client.rest.git
          .updateRef({ ...at, ref: "heads/ledger", sha: commit.sha, force: false })
          .then(
            () => true,
            (error: { status: number; message: string }) => {
              expect([error.status, error.message]).toEqual([
                422,
                expect.stringContaining("Update is not a fast forward"),
              ]);
              return false;
            },
          );
        if (moved) return;
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, writer) => append(writer)));
    const { data: files } = await client.rest.repos.getContent({ ...at, path: "events", ref: "ledger" });
    expect((files as { name: string }[]).map((file) => file.name)).toEqual([
      "0.json",
      "1.json",
      "2.json",
      "3.json",
      "4.json",
      "5.json",
    ]);
    const { data: commits } = await client.rest.repos.listCommits({ ...at, sha: "ledger" });
    expect(commits).toHaveLength(7);
    expectNoViolations(github);
  });
});
