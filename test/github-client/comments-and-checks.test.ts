// The sticky comment and the App's check on a local GitHub: found by marker and author over all pages, healed, never turned back.
import { describe, expect, test } from "vitest";
import { listComments, putStickyComment } from "../../src/github/comments.ts";
import { putIssue } from "../../src/github/issues.ts";
import { readPermission } from "../../src/github/permissions.ts";
import { clientOf, startTestGitHub } from "../github/testing.ts";

const marker = "<!-- modelgate -->";

async function start() {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const repository = { client, owner: github.owner, name: "rain" };
  const { data } = await client.rest.issues.create({ owner: github.owner, repo: "rain", title: "x" });
  const answer = await fetch(`${github.url}/_local/users`, {
    method: "POST",
    headers: { authorization: `Bearer ${github.token}`, "content-type": "application/json" },
    body: JSON.stringify({ login: "mallory", repo: `${github.owner}/rain`, role: "triage" }),
  });
  const { token } = (await answer.json()) as { token: string };
  const mallory = { client: clientOf(github, token), owner: github.owner, name: "rain" };
  return { github, repository, mallory, number: data.number };
}

describe("the sticky comment", () => {
  test("is one's own: the same marker of somebody else is left alone", async () => {
    const { github, repository, mallory, number } = await start();
    await putStickyComment(mallory, number, { marker, authors: ["mallory"], body: `${marker}\n✅ all is well` });
    const mine = { marker, authors: [github.owner], body: `${marker}\n❌ no` };
    expect((await putStickyComment(repository, number, mine))?.written).toBe(true);
    const again = await putStickyComment(repository, number, { ...mine, body: `${marker}\n❌ still no` });
    expect(again?.written).toBe(true);
    expect((await putStickyComment(repository, number, { ...mine, body: `${marker}\n❌ still no` }))?.written).toBe(
      false,
    );
    const bodies = (await listComments(repository, number)).map(({ author, body }) => [author, body]);
    expect(bodies).toEqual([
      ["mallory", `${marker}\n✅ all is well`],
      [github.owner, `${marker}\n❌ still no`],
    ]);
  });

  test("is found behind a hundred others, and duplicates go, the newest first", async () => {
    const { github, repository, number } = await start();
    const at = { owner: github.owner, repo: "rain", issue_number: number };
    const talk = Array.from({ length: 101 }, (_, index) => `comment ${index}`);
    for (const body of [...talk, `${marker}\nfirst`, `${marker}\nsecond`]) {
      await repository.client.rest.issues.createComment({ ...at, body });
    }
    const sticky = { marker, authors: [github.owner], body: `${marker}\nthird` };
    const put = await putStickyComment(repository, number, sticky);
    const mine = (await listComments(repository, number)).filter(({ body }) => body.startsWith(marker));
    expect(mine).toMatchObject([{ id: put?.comment.id, body: `${marker}\nthird` }]);
    const kept = await putStickyComment(repository, number, {
      ...sticky,
      body: `${marker}\nold`,
      mayReplace: () => false,
    });
    expect(kept).toMatchObject({ written: false, comment: { body: `${marker}\nthird` } });
  });

  test("creates nothing when it may only update", async () => {
    const { github, repository, number } = await start();
    const sticky = { marker, authors: [github.owner], body: marker, onlyUpdate: true };
    expect(await putStickyComment(repository, number, sticky)).toBeNull();
    expect(await listComments(repository, number)).toEqual([]);
  });
});

describe("issues and rights", () => {
  test("an issue of the same marker is brought up to date instead of repeated", async () => {
    const { github, repository } = await start();
    const issue = {
      marker: "<!-- m -->",
      authors: [github.owner],
      title: "one",
      body: "<!-- m -->\na",
      labels: ["modelgate:warning"],
    };
    const first = await putIssue(repository, issue);
    const second = await putIssue(repository, { ...issue, title: "two", body: "<!-- m -->\nb" });
    expect(first.created).toBe(true);
    expect(second).toMatchObject({ created: false, issue: { number: first.issue.number, title: "two" } });
  });

  test("a person's level is GitHub's answer of now, and nobody's is none", async () => {
    const { github, repository } = await start();
    expect(await readPermission(repository, github.owner)).toBe("admin");
    expect(await readPermission(repository, "mallory")).toBe("triage");
  });
});
