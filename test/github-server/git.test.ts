// The git program itself against the server: clone, push, rules, forks, heads that move.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EmittedEvent } from "../github/events/event.ts";
import type { LocalGitHub } from "../github/server.ts";
import { clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

const environment = {
  ...process.env,
  GIT_TERMINAL_PROMPT: "0",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

function git(folder: string, ...words: string[]): string {
  return execFileSync("git", ["-C", folder, ...words], {
    encoding: "utf8",
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

// The server runs in this process: a push must not block it.
function push(folder: string, ...words: string[]): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const child = spawn("git", ["-C", folder, ...words], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += part.toString()));
    child.stderr.on("data", (part: Buffer) => (text += part.toString()));
    child.on("close", (status) => resolve({ status: status ?? 1, text }));
  });
}

function addressOf(github: LocalGitHub, token: string, path: string): string {
  return `${github.url.replace("//", `//x-access-token:${token}@`)}/${path}.git`;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "clone-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function commitFile(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", `Write ${name}`);
  return git(folder, "rev-parse", "HEAD");
}

async function startWithClone() {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const clone = join(temporaryFolder(), "rain");
  const cloned = await push(tmpdir(), "clone", "-q", addressOf(github, github.token, "octocat/rain"), clone);
  expect(cloned).toEqual({ status: 0, text: "" });
  const events: EmittedEvent[] = [];
  github.platform.onEvent((event) => events.push(event));
  return { github, client, clone, events, at: { owner: github.owner, repo: "rain" } };
}

describe("git", () => {
  test("clones, pushes, moves the head of a pull request", async () => {
    const { github, client, clone, events, at } = await startWithClone();
    expect(readFileSync(join(clone, "README.md"), "utf8")).toBe("# rain\n");
    git(clone, "switch", "-q", "-c", "topic");
    const first = commitFile(clone, "a.txt", "a\n");
    expect((await push(clone, "push", "-q", "origin", "topic")).status).toBe(0);
    await client.rest.pulls.create({ ...at, title: "a", head: "topic", base: "main" });
    const second = commitFile(clone, "b.txt", "b\n");
    expect((await push(clone, "push", "-q", "origin", "topic")).status).toBe(0);
    await github.idle();
    const names = events.map(({ event, action }) => [event, action].filter(Boolean).join("."));
    expect(names.filter((name) => name.startsWith("p"))).toEqual([
      "push",
      "pull_request.opened",
      "push",
      "pull_request.synchronize",
    ]);
    expect(events.find(({ action }) => action === "synchronize")?.payload).toMatchObject({
      before: first,
      after: second,
    });
    expect((await client.rest.pulls.get({ ...at, pull_number: 1 })).data.head.sha).toBe(second);

    await push(clone, "fetch", "-q", "origin", "refs/pull/1/merge", "refs/pull/1/head");
    const merge = await push(clone, "rev-parse", "FETCH_HEAD^2");
    expect(merge.text.trim()).toBe(second);
    expectNoViolations(github);
  });

  test("is refused what the rules forbid, with the reason", async () => {
    const { github, client, clone, at } = await startWithClone();
    await client.rest.repos.updateBranchProtection({
      ...at,
      branch: "main",
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    commitFile(clone, "a.txt", "a\n");
    expect((await push(clone, "push", "-q", "origin", "main")).status).toBe(0);
    git(clone, "commit", "-q", "--amend", "-m", "other");
    const forced = await push(clone, "push", "-q", "--force", "origin", "main");
    expect(forced.status).toBe(1);
    expect(forced.text).toContain("Cannot force-push to this branch");
    const deleted = await push(clone, "push", "-q", "origin", ":main");
    expect(deleted.status).toBe(1);
    expect(deleted.text).toContain("Cannot delete this branch");

    const { token } = (await (
      await fetch(`${github.url}/_local/users`, {
        method: "POST",
        body: JSON.stringify({ login: "reader", repo: "octocat/rain", role: "read" }),
      })
    ).json()) as { token: string };
    const reader = await push(clone, "push", "-q", addressOf(github, token, "octocat/rain"), "HEAD:refs/heads/x");
    expect(reader.status).toBe(128);
    expect(reader.text).toContain("403");
    const nobody = await push(clone, "push", "-q", `${github.url}/octocat/rain.git`, "HEAD:refs/heads/x");
    expect(nobody.status).toBe(128);
    expectNoViolations(github);
  });

  test("brings the commits of a fork to a pull request, which has no rights at home", async () => {
    const { github, client, at } = await startWithClone();
    const body = JSON.stringify({ login: "stranger" });
    const { token } = (await (await fetch(`${github.url}/_local/users`, { method: "POST", body })).json()) as {
      token: string;
    };
    const stranger = clientOf(github, token);
    await stranger.rest.repos.createFork(at);
    const clone = join(temporaryFolder(), "fork");
    expect((await push(tmpdir(), "clone", "-q", addressOf(github, token, "stranger/rain"), clone)).status).toBe(0);
    git(clone, "switch", "-q", "-c", "idea");
    const head = commitFile(clone, "idea.txt", "idea\n");
    expect((await push(clone, "push", "-q", "origin", "idea")).status).toBe(0);
    const { data: pull } = await stranger.rest.pulls.create({
      ...at,
      title: "idea",
      head: "stranger:idea",
      base: "main",
    });
    expect(pull.head).toMatchObject({
      sha: head,
      label: "stranger:idea",
      repo: { full_name: "stranger/rain", fork: true },
    });
    expect(pull.author_association).toBe("NONE");
    await expect(stranger.rest.pulls.merge({ ...at, pull_number: 1 })).rejects.toMatchObject({ status: 403 });
    expect((await client.rest.pulls.listFiles({ ...at, pull_number: 1 })).data.map((file) => file.filename)).toEqual([
      "idea.txt",
    ]);
    await client.rest.pulls.merge({ ...at, pull_number: 1, merge_method: "squash" });
    const { data: content } = await client.rest.repos.getContent({
      ...at,
      path: "idea.txt",
      mediaType: { format: "raw" },
    });
    expect(content).toBe("idea\n");
    await github.idle();
    expectNoViolations(github);
  });

  test("merges what fits, says what does not, and repositories stay sound", async () => {
    const { github, client, clone, at } = await startWithClone();
    const base = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    commitFile(clone, "f.txt", `${base.join("\n")}\n`);
    git(clone, "switch", "-q", "-c", "top");
    commitFile(clone, "f.txt", `${["TOP", ...base.slice(1)].join("\n")}\n`);
    git(clone, "switch", "-q", "main");
    git(clone, "switch", "-q", "-c", "bottom");
    commitFile(clone, "f.txt", `${[...base.slice(0, -1), "BOTTOM"].join("\n")}\n`);
    git(clone, "switch", "-q", "main");
    git(clone, "switch", "-q", "-c", "clash");
    commitFile(clone, "f.txt", `${["CLASH", ...base.slice(1)].join("\n")}\n`);
    expect((await push(clone, "push", "-q", "origin", "main", "top", "bottom", "clash")).status).toBe(0);
    for (const head of ["top", "bottom", "clash"])
      await client.rest.pulls.create({ ...at, title: head, head, base: "main" });
    await client.rest.pulls.merge({ ...at, pull_number: 1 });
    await client.rest.pulls.merge({ ...at, pull_number: 2, merge_method: "rebase" });
    await expect(client.rest.pulls.merge({ ...at, pull_number: 3 })).rejects.toMatchObject({ status: 405 });
    const { data: clashing } = await client.rest.pulls.get({ ...at, pull_number: 3 });
    expect(clashing).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    const { data: merged } = await client.rest.repos.getContent({ ...at, path: "f.txt", mediaType: { format: "raw" } });
    expect(merged).toBe(`${["TOP", ...base.slice(1, -1), "BOTTOM"].join("\n")}\n`);
    const folder = github.platform.git.folder(github.platform.store.repositories.all()[0]!.id);
    const check = spawnSync("git", ["-C", folder, "fsck", "--strict"], { encoding: "utf8" });
    expect([check.status, check.stderr.replace(/^Checking.*\n/gm, "")]).toEqual([0, ""]);
    await github.idle();
    expectNoViolations(github);
  });
});
