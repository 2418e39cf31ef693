// Findings of scheduled checks on a local GitHub: one warning, one retraining pull request, one rollback issue, never two.
import { describe, expect, test } from "vitest";
import { readHistory } from "../../src/commands/monitoring-history.ts";
import { openRegistrySession } from "../../src/commands/registry-session.ts";
import { respondToFindings } from "../../src/commands/respond-to-findings.ts";
import { parseLock } from "../../src/config/parse-lock.ts";
import type { Findings, ModelFindings } from "../../src/evidence/findings.ts";
import { decideIncident } from "../../src/monitoring/incidents.ts";
import { ModelIndex } from "../../src/registry/model-index.ts";
import { clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

const pinned = (to: string) => ({
  source: "data.csv",
  window: { from: "2012-01-01", to },
  sha256: "1".repeat(64),
  rows: 700,
  columns: ["a"],
});
const lockText = `${JSON.stringify({ version: 1, models: { rain: { train: pinned("2013-12-31"), evaluation: pinned("2014-12-31") } } }, null, 2)}\n`;

function makeFindings(decision: ModelFindings["decision"], more: Partial<ModelFindings> = {}): Findings {
  const model: ModelFindings = {
    model: "rain",
    stage: "production",
    version: "1.1.0",
    window: { from: "2015-01-01", to: "2015-03-01" },
    rows: 60,
    findings: [
      {
        kind: "drift",
        subject: "temp_max",
        severity: "warning",
        summary: "D = 0.29 | @all <img>",
        value: 0.29,
        threshold: 0.1,
      },
    ],
    decision,
    reason: "temp_max moved",
    streak: 1,
    proposal: null,
    lastGoodVersion: null,
    ...more,
  };
  return {
    kind: "findings",
    schemaVersion: 1,
    createdAt: "2015-03-02T00:00:00Z",
    headSha: "a".repeat(40),
    workflowRun: null,
    models: [model],
  };
}

async function start() {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const at = { owner: github.owner, repo: "rain" };
  const content = Buffer.from(lockText).toString("base64");
  await client.rest.repos.createOrUpdateFileContents({ ...at, path: "modelgate.lock", message: "Pin", content });
  const context = {
    folder: "/",
    environment: {},
    now: () => new Date("2015-03-02T00:00:00Z"),
    progress: () => {},
    signal: new AbortController().signal,
  };
  const session = openRegistrySession({ client, owner: at.owner, name: at.repo }, context);
  const respond = (runId: number, findings: Findings) =>
    respondToFindings(
      { findings, runId, runUrl: "https://github.test/run", defaultBranch: "main", actor: "modelgate[bot]" },
      { ...session, authors: [github.owner] },
    );
  const listOpen = async () => {
    const { data } = await client.rest.issues.listForRepo({ ...at, state: "open" });
    return data.map(({ title, pull_request }) => `${pull_request ? "pull" : "issue"}: ${title}`);
  };
  return { github, client, at, respond, listOpen };
}

describe("respondToFindings", () => {
  test("warns in one issue, closes it when a check finds nothing", async () => {
    const { github, client, at, respond, listOpen } = await start();
    const first = await respond(1, makeFindings("warn"));
    expect(first.document.responses).toMatchObject([{ action: "opened" }]);
    const again = await respond(2, makeFindings("warn", { streak: 2 }));
    expect(again.document.responses).toMatchObject([{ action: "updated", url: first.document.responses[0]?.url }]);
    expect(await listOpen()).toEqual(["issue: Monitoring: rain@1.1.0 sees other data than it was made for"]);
    const { data } = await client.rest.issues.get({ ...at, issue_number: 1 });
    expect(data.body).not.toMatch(/<img|@all/);
    expect(data.body).toContain("2 checks in a row");
    expect((await respond(3, makeFindings("ok", { findings: [], streak: 0 }))).document.responses).toMatchObject([
      { action: "closed" },
    ]);
    expect(await listOpen()).toEqual([]);
    await github.idle();
    expectNoViolations(github);
  });

  test("retrains in one pull request that moves the window in the lock and nothing else", async () => {
    const { github, client, at, respond, listOpen } = await start();
    await respond(1, makeFindings("warn"));
    const proposal = { train: pinned("2014-12-31"), evaluation: pinned("2015-03-01") };
    const retrain = makeFindings("retrain", { proposal, streak: 2 });
    expect((await respond(2, retrain)).document.responses).toMatchObject([{ action: "opened" }]);
    expect((await respond(2, retrain)).document.responses).toMatchObject([{ action: "exists" }]);
    expect((await respond(3, retrain)).document.responses).toMatchObject([{ action: "exists" }]);
    expect(await listOpen()).toEqual(["pull: Retrain rain on newer data"]);
    const { data: pulls } = await client.rest.pulls.list(at);
    expect(pulls[0]?.head.ref).toBe("modelgate/retrain/rain");
    const { data: files } = await client.rest.pulls.listFiles({ ...at, pull_number: pulls[0]!.number });
    expect(files.map((file) => file.filename)).toEqual(["modelgate.lock"]);
    const { data: file } = await client.rest.repos.getContent({
      ...at,
      path: "modelgate.lock",
      ref: "modelgate/retrain/rain",
      mediaType: { format: "raw" },
    });
    const lock = parseLock(String(file));
    expect(lock.models.get("rain")?.train?.window?.to).toBe("2014-12-31");
    expect(lock.models.get("rain")?.evaluation?.window?.to).toBe("2015-03-01");
    await github.idle();
    expectNoViolations(github);
  });

  test("a retraining that somebody closed is not opened again for the same windows, but for newer ones", async () => {
    const { github, client, at, respond, listOpen } = await start();
    const propose = (to: string) =>
      makeFindings("retrain", { proposal: { train: pinned("2014-12-31"), evaluation: pinned(to) }, streak: 2 });
    await respond(1, propose("2015-03-01"));
    const { data: pulls } = await client.rest.pulls.list(at);
    await client.rest.pulls.update({ ...at, pull_number: pulls[0]!.number, state: "closed" });
    const answer = await respond(2, propose("2015-03-01"));
    expect(answer.document.responses).toMatchObject([{ action: "exists", url: pulls[0]!.html_url }]);
    expect(await listOpen()).toEqual([]);
    expect((await respond(3, propose("2015-03-02"))).document.responses).toMatchObject([{ action: "opened" }]);
    expect(await listOpen()).toEqual(["pull: Retrain rain on newer data"]);
    await github.idle();
    expectNoViolations(github);
  });

  test("a check that finds nothing breaks the streak, and is kept once", async () => {
    const { client, at, respond } = await start();
    const quiet = makeFindings("ok", { findings: [], streak: 0 });
    await respond(1, quiet);
    await respond(2, makeFindings("warn"));
    for (const run of [3, 3, 4]) await respond(run, quiet);
    const { data: stages } = await client.rest.repos.getContent({
      ...at,
      path: "models/rain/stages.json",
      ref: "modelgate/ledger",
      mediaType: { format: "raw" },
    });
    const index = ModelIndex.parse(JSON.parse(String(stages)));
    expect(index.findings.map(({ details }) => [details["runId"], details["decision"]])).toEqual([
      [3, "ok"],
      [2, "warn"],
    ]);
    const warned = [
      { kind: "data", subject: "", severity: "warning", summary: "w", value: null, threshold: null },
    ] as const;
    const next = decideIncident({
      window: { from: "2015-04-01", to: "2015-05-31" },
      drift: null,
      findings: warned,
      history: readHistory(index),
      recentSeconds: null,
    });
    expect(next).toMatchObject({ decision: "warn", streak: 1 });
  });

  test("proposes to roll back in one issue with the command, and keeps every finding in the ledger once per run", async () => {
    const { client, at, respond, listOpen } = await start();
    const rollback = makeFindings("rollback", { lastGoodVersion: "1.0.0" });
    await respond(7, rollback);
    await respond(7, rollback);
    expect(await listOpen()).toEqual(["issue: Roll back rain@1.1.0?"]);
    const { data } = await client.rest.issues.get({ ...at, issue_number: 1 });
    expect(data.body).toContain("/rollback rain 1.0.0 REASON");
    const { data: stages } = await client.rest.repos.getContent({
      ...at,
      path: "models/rain/stages.json",
      ref: "modelgate/ledger",
      mediaType: { format: "raw" },
    });
    const index = JSON.parse(String(stages)) as { findings: { details: object }[] };
    expect(index.findings).toHaveLength(1);
    expect(index.findings[0]?.details).toMatchObject({ runId: 7, decision: "rollback", kinds: ["drift"], streak: 1 });
  });
});
