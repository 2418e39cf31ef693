// One comment for all models of a pull request, kept by the App: healed, its own, quiet, never turned back; and what voids an acceptance.

import { readFileSync } from "node:fs";
import { createAppAuth } from "@octokit/auth-app";
import { describe, expect, test } from "vitest";
import { openRegistrySession } from "../../src/commands/registry-session.ts";
import { reportRun } from "../../src/commands/report-run.ts";
import { writeReport } from "../../src/commands/write-report.ts";
import { getPull } from "../../src/github/pulls.ts";
import { getRun } from "../../src/github/workflow-runs.ts";
import { clientOf } from "../github/testing.ts";
import { configText, listChecks, listComments, startWorld, type World } from "./app-process.ts";

const marker = "<!-- modelgate -->";

/** A client that speaks as the App does in this repository. */
async function speakAsApp(world: World) {
  const { id, privateKeyFile } = world.github.app;
  const app = createAppAuth({
    appId: id,
    privateKey: readFileSync(privateKeyFile, "utf8"),
    request: world.owner.request,
  });
  const { token } = await app({ type: "app" });
  const asApp = clientOf(world.github, token);
  const installation = await asApp.rest.apps.getRepoInstallation({ ...world.at });
  const made = await asApp.rest.apps.createInstallationAccessToken({ installation_id: installation.data.id });
  return clientOf(world.github, made.data.token);
}

async function rerequest(world: World, headSha: string): Promise<void> {
  const [check] = await listChecks(world, headSha);
  await world.owner.rest.checks.rerequestRun({ ...world.at, check_run_id: check?.id ?? 0 });
  await world.github.idle();
}

/** Writes to comments since a request; their methods. */
async function listCommentWrites(world: World, since: number): Promise<readonly string[]> {
  const answer = await fetch(`${world.github.url}/_local/requests?since=${since}`, {
    headers: { authorization: `Bearer ${world.github.token}` },
  });
  const requests = (await answer.json()) as { n: number; method: string; path: string }[];
  return requests
    .filter(({ method, path }) => method !== "GET" && path.includes("/comments"))
    .map(({ method }) => method);
}

async function countRequests(world: World): Promise<number> {
  const answer = await fetch(`${world.github.url}/_local/requests`, {
    headers: { authorization: `Bearer ${world.github.token}` },
  });
  return ((await answer.json()) as { n: number }[]).at(-1)?.n ?? 0;
}

const context = {
  folder: "/",
  environment: {},
  now: () => new Date(),
  progress: () => {},
  signal: new AbortController().signal,
};

const openSession = (world: World) =>
  openRegistrySession({ client: world.owner, owner: world.at.owner, name: world.at.repo }, context);

/** What the reporting job of a run would say, given the digest that the validating job told it. */
async function report(world: World, runId: number, evidenceSha256: string | null) {
  const settings = { publisher: "modelgate/modelgate", comment: "never", dryRun: true, authors: [] } as const;
  return await reportRun({ ...settings, runId, evidenceSha256 }, openSession(world), context);
}

describe("the App's comment", () => {
  test("is one, is its own, is healed when duplicated, and is left alone when nothing changed", async () => {
    const world = await startWorld();
    const pull = await world.propose("topic", "pass");
    const outsider = await world.addPerson("mallory", "triage");
    const at = { ...world.at, issue_number: pull.number };
    await outsider.rest.issues.createComment({ ...at, body: `${marker}\n### ✅ all is well` });
    const app = await speakAsApp(world);
    for (const body of ["twice", "thrice"]) await app.rest.issues.createComment({ ...at, body: `${marker}\n${body}` });
    const [first] = await listComments(world, pull.number);
    await rerequest(world, pull.headSha);
    const healed = await listComments(world, pull.number);
    expect(healed.map(({ id, user }) => [id === first?.id, user?.login])).toEqual([
      [true, "modelgate[bot]"],
      [false, "mallory"],
    ]);
    expect(healed[0]?.body).toBe(first?.body);

    const before = await countRequests(world);
    await rerequest(world, pull.headSha);
    expect(await listCommentWrites(world, before)).toEqual([]);
  }, 60_000);

  test("is not turned back by an older run, says which rules the change touches, and is of no other evidence than was made", async () => {
    const world = await startWorld();
    const easier = configText.replace("0.5pp", "50pp");
    const pull = await world.propose("easier", "pass", { ".github/modelgate.yml": easier });
    const [comment] = await listComments(world, pull.number);
    expect(comment?.body).toContain("`rain` is judged by other rules: its gates.");
    const { data: runs } = await world.owner.rest.actions.listWorkflowRunsForRepo({
      ...world.at,
      head_sha: pull.headSha,
    });
    const [old] = runs.workflow_runs;
    await world.owner.rest.pulls.update({ ...world.at, pull_number: pull.number, state: "closed" });
    await world.owner.rest.pulls.update({ ...world.at, pull_number: pull.number, state: "open" });
    await world.github.idle();
    const [newer] = await listComments(world, pull.number);
    expect(newer?.body).not.toBe(comment?.body);
    const session = openSession(world);
    const late = await writeReport(
      {
        pull: await getPull(session.repository, pull.number),
        run: await getRun(session.repository, old?.id ?? 0),
        publisher: "modelgate/modelgate",
        comment: "when-useful",
      },
      { ...session, authors: ["modelgate[bot]"], appId: null, counter: null },
    );
    expect(late.document.written).toBe(false);
    expect((await listComments(world, pull.number)).map(({ body }) => body)).toEqual([newer?.body]);

    expect((await report(world, old?.id ?? 0, null)).document.state).toBe("success");
    const other = await report(world, old?.id ?? 0, "f".repeat(64));
    expect(other.exitCode).toBe(1);
    expect(other.document.obstacles).toContainEqual({
      model: null,
      gate: null,
      state: "failure",
      reason: "The evidence is not what the validating job made, so it does not count.",
    });
  }, 60_000);
});

describe("an acceptance", () => {
  test("holds for its evidence only: another run of the same head asks again", async () => {
    const world = await startWorld();
    const pull = await world.propose("topic", "fail");
    const maintainer = await world.addPerson("maintainer", "maintain");
    const body = "/accept rain roc_auc drop known since spring";
    await maintainer.rest.issues.createComment({ ...world.at, issue_number: pull.number, body });
    await world.github.idle();
    expect((await listChecks(world, pull.headSha))[0]?.conclusion).toBe("success");
    expect((await listComments(world, pull.number))[0]?.body).toContain("known since spring");
    const { data } = await world.owner.rest.actions.listWorkflowRunsForRepo({ ...world.at, head_sha: pull.headSha });
    await world.owner.rest.actions.reRunWorkflow({ ...world.at, run_id: data.workflow_runs[0]?.id ?? 0 });
    await world.github.idle();
    expect((await listChecks(world, pull.headSha))[0]?.conclusion).toBe("failure");
  }, 60_000);
});
