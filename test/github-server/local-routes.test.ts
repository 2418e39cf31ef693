// What github.com does not have: people on demand, faults, what was asked, the clock, state that outlives the process.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

async function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: "POST", body: JSON.stringify(body) });
}

describe("the routes of its own", () => {
  test("make people with a role, as the permission lookup tells it", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    await owner.rest.repos.createForAuthenticatedUser({ name: "rain", private: true, auto_init: true });
    const at = { owner: github.owner, repo: "rain" };
    const answers: unknown[] = [];
    for (const role of ["admin", "maintain", "write", "triage", "read", "none"]) {
      const made = await post(`${github.url}/_local/users`, { login: `is-${role}`, repo: "rain", role });
      const { token } = (await made.json()) as { token: string };
      const { data } = await owner.rest.repos.getCollaboratorPermissionLevel({ ...at, username: `is-${role}` });
      const seen = await clientOf(github, token)
        .rest.repos.get(at)
        .then(
          ({ data: one }) => one.permissions,
          (error: { status: number }) => error.status,
        );
      answers.push([role, data.permission, data.role_name, seen]);
    }
    expect(answers).toEqual([
      ["admin", "admin", "admin", { admin: true, maintain: true, push: true, triage: true, pull: true }],
      ["maintain", "write", "maintain", { admin: false, maintain: true, push: true, triage: true, pull: true }],
      ["write", "write", "write", { admin: false, maintain: false, push: true, triage: true, pull: true }],
      ["triage", "read", "triage", { admin: false, maintain: false, push: false, triage: true, pull: true }],
      ["read", "read", "read", { admin: false, maintain: false, push: false, triage: false, pull: true }],
      ["none", "none", "none", 404],
    ]);
    expectNoViolations(github);
  });

  test("fail requests as told: before or after the effect, skipped, counted, cut, dropped, late", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    await owner.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    const at = { owner: github.owner, repo: "rain" };
    const faults = `${github.url}/_local/faults`;
    const create = (title: string) => owner.rest.issues.create({ ...at, title });
    const count = async () => (await owner.rest.issues.listForRepo({ ...at, state: "all" })).data.length;

    await post(faults, [{ method: "POST", path: "/repos/*/issues", skip: 1, times: 2, when: "before", status: 502 }]);
    await create("passes");
    await expect(create("fails")).rejects.toMatchObject({ status: 502 });
    await expect(create("fails")).rejects.toMatchObject({ status: 502 });
    await create("passes");
    expect(await count()).toBe(2);
    expect(await (await fetch(faults)).json()).toMatchObject([{ path: "/repos/*/issues", hits: 2 }]);
    expect((await fetch(faults, { method: "DELETE" })).status).toBe(204);

    await post(faults, [{ method: "POST", path: "/repos/*/issues", skip: 0, times: 1, when: "after", drop: true }]);
    await expect(create("done, and the answer lost")).rejects.toThrow();
    expect(await count()).toBe(3);
    const list = `${github.url}/api/v3/repos/octocat/rain/issues?state=all`;
    await post(faults, [
      { method: "*", path: "/repos/octocat/rain/issues", skip: 0, times: 1, when: "after", truncate: true },
    ]);
    const cut = await fetch(list);
    expect([cut.status, (await cut.text()).endsWith("]")]).toEqual([200, false]);
    await post(faults, [
      { method: "GET", path: "*", skip: 0, times: 1, when: "before", status: 403, headers: { "retry-after": "1" } },
    ]);
    const limited = await fetch(list);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([403, "1"]);
    expect(((await limited.json()) as { message: string }).message).toContain("secondary rate limit");
    await post(faults, [{ method: "GET", path: "*", times: 1, when: "before", delayMs: 400 }]);
    const order: string[] = [];
    await Promise.all([
      fetch(list).then((answer) => order.push(`late ${answer.status}`)),
      fetch(faults).then(() => order.push("at once")),
    ]);
    expect(order).toEqual(["at once", "late 200"]);
    expectNoViolations(github);
  });

  test("tell what was asked, by whom, on which route", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    await owner.rest.repos.createForAuthenticatedUser({ name: "rain" });
    await expect(owner.rest.repos.get({ owner: "octocat", repo: "snow" })).rejects.toMatchObject({ status: 404 });
    const requests = (await (await fetch(`${github.url}/_local/requests?since=1`)).json()) as unknown[];
    expect(requests).toEqual([
      {
        n: 2,
        method: "GET",
        path: "/repos/octocat/snow",
        route: "GET /repos/{owner}/{repo}",
        status: 404,
        actor: "octocat",
        ms: expect.any(Number),
      },
    ]);
  });

  test("set the clock, which goes on from there", async () => {
    const github = await startTestGitHub();
    await post(`${github.url}/_local/clock`, { now: "2031-02-03T04:05:06Z" });
    const { data } = await clientOf(github).rest.repos.createForAuthenticatedUser({ name: "rain" });
    expect(data.created_at).toMatch(/^2031-02-03T04:05:/);
  });

  test("ask for a merge group, as a merge queue does", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    await owner.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    const at = { owner: github.owner, repo: "rain" };
    const { data: main } = await owner.rest.git.getRef({ ...at, ref: "heads/main" });
    await owner.rest.git.createRef({ ...at, ref: "refs/heads/topic", sha: main.object.sha });
    await owner.rest.repos.createOrUpdateFileContents({
      ...at,
      path: "a",
      message: "a",
      branch: "topic",
      content: "YQ==",
    });
    await owner.rest.pulls.create({ ...at, title: "a", head: "topic", base: "main" });
    const group = await fetch(`${github.url}/_local/merge-groups`, {
      method: "POST",
      headers: { authorization: `token ${github.token}` },
      body: JSON.stringify({ repo: "rain", pullNumber: 1 }),
    });
    expect(await group.json()).toMatchObject({ base_sha: main.object.sha, base_ref: "refs/heads/main" });
    await github.idle();
    expectNoViolations(github);
  });

  test("limit writes when told to", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    await post(`${github.url}/_local/limits`, { writesPerMinute: 1 });
    await owner.rest.repos.createForAuthenticatedUser({ name: "rain" });
    await expect(owner.rest.repos.createForAuthenticatedUser({ name: "snow" })).rejects.toMatchObject({
      status: 403,
      response: { headers: { "retry-after": expect.stringMatching(/^[1-9]\d?$/) } },
    });
  });
});

interface Started {
  readonly url: string;
  readonly token: string;
  readonly owner: string;
  readonly app: { readonly privateKeyFile: string; readonly webhookUrl: string };
}

function program(): string {
  const root = join(import.meta.dirname, "..", "..");
  const file = join(root, "dist", "local-github.mjs");
  if (!existsSync(file)) execFileSync("node", [join(root, "scripts", "build.mjs"), "--quiet"]);
  return file;
}

/** Starts the program as people do, and reads its one line. */
async function startProgram(data: string): Promise<{ started: Started; child: ChildProcess }> {
  const child = spawn(process.execPath, [program(), "--port", "0", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes("\n")) resolve(text);
    });
    child.on("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
  return { started: JSON.parse(line) as Started, child };
}

describe("the program", () => {
  test("goes on where it was, also after it was killed", async () => {
    const data = mkdtempSync(join(tmpdir(), "local-github-"));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const first = await startProgram(data);
    expect(existsSync(first.started.app.privateKeyFile)).toBe(true);
    const headers = { authorization: `token ${first.started.token}` };
    const made = await fetch(`${first.started.url}/user/repos`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: "rain", auto_init: true }),
    });
    expect(made.status).toBe(201);
    first.child.kill("SIGKILL");
    await new Promise((resolve) => first.child.once("close", resolve));
    const second = await startProgram(data);
    expect({ ...second.started, url: "" }).toEqual({ ...first.started, url: "" });
    const readme = await fetch(`${second.started.url}/repos/${second.started.owner}/rain/readme`, { headers });
    expect(readme.status).toBe(200);
    expect(await (await fetch(`${second.started.url}/_local/violations`)).json()).toEqual([]);
  });

  test.each([
    [["--port", "0"], "usage: local-github --port N --data DIR"],
    [["--port", "many", "--data", "/tmp/x"], "usage: local-github --port N --data DIR"],
    [["--port", "0", "--data", "/tmp/x", "--nonsense"], "Unknown option '--nonsense'"],
    [["--port", "0", "--data", "/tmp/x", "--seed", "/nonsense.json"], "no such file"],
  ])("says how to start it when called with %j", (words, message) => {
    const ended = spawnSync(process.execPath, [program(), ...words], { encoding: "utf8" });
    expect([ended.status, ended.stdout]).toEqual([2, ""]);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain("    at ");
  });
});
