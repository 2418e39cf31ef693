// Checks, statuses, and what they do to a merge: required by name, required by App, newest run counts.
import { describe, expect, test } from "vitest";
import { appClientOf, clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

async function startWithPull() {
  const github = await startTestGitHub();
  const owner = clientOf(github);
  await owner.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const at = { owner: github.owner, repo: "rain" };
  const { data: main } = await owner.rest.git.getRef({ ...at, ref: "heads/main" });
  await owner.rest.git.createRef({ ...at, ref: "refs/heads/topic", sha: main.object.sha });
  const content = Buffer.from("x").toString("base64");
  const put = await owner.rest.repos.createOrUpdateFileContents({
    ...at,
    path: "a.txt",
    message: "Add a",
    branch: "topic",
    content,
  });
  await owner.rest.pulls.create({ ...at, title: "Add a", head: "topic", base: "main" });
  const app = appClientOf(github);
  const { data: installation } = await app.rest.apps.getRepoInstallation(at);
  const { data: token } = await app.rest.apps.createInstallationAccessToken({ installation_id: installation.id });
  return { github, owner, at, head: put.data.commit.sha ?? "", bot: clientOf(github, token.token) };
}

describe("a required check", () => {
  test("of one App is not satisfied by another of the same name; its newest run counts", async () => {
    const { github, owner, at, head, bot } = await startWithPull();
    await owner.rest.repos.updateBranchProtection({
      ...at,
      branch: "main",
      required_status_checks: {
        strict: false,
        contexts: [],
        checks: [{ context: "modelgate", app_id: github.app.id }],
      },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    const merge = () => owner.rest.pulls.merge({ ...at, pull_number: 1 });
    await expect(merge()).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('"modelgate" is expected'),
    });

    const repository = github.platform.store.repositories.all()[0]!;
    const job = clientOf(github, github.platform.issueJobToken(repository, { checks: "write" }));
    await job.rest.checks.create({
      ...at,
      name: "modelgate",
      head_sha: head,
      status: "completed",
      conclusion: "success",
    });
    await owner.rest.repos.createCommitStatus({ ...at, sha: head, state: "success", context: "modelgate" });
    await expect(merge()).rejects.toMatchObject({ status: 405 });

    const { data: run } = await bot.rest.checks.create({
      ...at,
      name: "modelgate",
      head_sha: head,
      status: "in_progress",
    });
    await expect(merge()).rejects.toMatchObject({ status: 405, message: expect.stringContaining("is pending") });
    const output = {
      title: "t",
      summary: "s",
      annotations: [{ path: "a.txt", start_line: 1, end_line: 1, annotation_level: "notice" as const, message: "m" }],
    };
    await bot.rest.checks.update({ ...at, check_run_id: run.id, conclusion: "success", output });
    await bot.rest.checks.create({ ...at, name: "modelgate", head_sha: head, conclusion: "failure" });
    await expect(merge()).rejects.toMatchObject({ status: 405, message: expect.stringContaining("is failing") });
    expect((await owner.rest.pulls.get({ ...at, pull_number: 1 })).data.mergeable_state).toBe("blocked");
    await bot.rest.checks.create({ ...at, name: "modelgate", head_sha: head, conclusion: "neutral" });
    await expect(owner.rest.pulls.merge({ ...at, pull_number: 1, sha: "0".repeat(40) })).rejects.toMatchObject({
      status: 409,
    });
    await merge();

    const { data: runs } = await bot.rest.checks.listForRef({ ...at, ref: head, app_id: github.app.id });
    expect(runs.check_runs.map((one) => one.conclusion)).toEqual(["neutral"]);
    expect((await bot.rest.checks.listAnnotations({ ...at, check_run_id: run.id })).data).toHaveLength(1);
    await bot.rest.checks.rerequestRun({ ...at, check_run_id: run.id });
    const { data: suites } = await bot.rest.checks.listSuitesForRef({ ...at, ref: head });
    expect(suites.check_suites.map((suite) => suite.app?.slug).sort()).toEqual(["github-actions", "modelgate"]);
    await bot.rest.checks.rerequestSuite({ ...at, check_suite_id: suites.check_suites[0]!.id });
    const { data: combined } = await owner.rest.repos.getCombinedStatusForRef({ ...at, ref: head });
    expect(combined.state).toBe("success");
    await github.idle();
    expectNoViolations(github);
  });

  test("is written by Apps alone, within GitHub's sizes, and changed by its own App", async () => {
    const { github, owner, at, head, bot } = await startWithPull();
    const run = { ...at, name: "modelgate", head_sha: head };
    await expect(owner.rest.checks.create(run)).rejects.toMatchObject({ status: 403 });
    const big = { title: "t", summary: "x".repeat(65_536) };
    await expect(bot.rest.checks.create({ ...run, output: big })).rejects.toMatchObject({ status: 422 });
    const { data: made } = await bot.rest.checks.create(run);
    const repository = github.platform.store.repositories.all()[0]!;
    const job = clientOf(github, github.platform.issueJobToken(repository, { checks: "write" }));
    await expect(job.rest.checks.update({ ...at, check_run_id: made.id, conclusion: "success" })).rejects.toMatchObject(
      { status: 403 },
    );
    await bot.rest.checks.update({ ...at, check_run_id: made.id, conclusion: "failure" });
    expect((await owner.rest.pulls.get({ ...at, pull_number: 1 })).data.mergeable_state).toBe("unstable");
    expectNoViolations(github, ({ kind, subject }) => kind === "request" && subject.endsWith("/check-runs"));
  });

  test("of a ruleset keeps a branch from being pushed to, deleted or rewritten", async () => {
    const { github, owner, at } = await startWithPull();
    await owner.rest.repos.createRepoRuleset({
      ...at,
      name: "ledger",
      target: "branch",
      enforcement: "active",
      conditions: { ref_name: { include: ["refs/heads/modelgate/ledger"], exclude: [] } },
      rules: [{ type: "deletion" }, { type: "non_fast_forward" }, { type: "required_linear_history" }],
    });
    const { data: main } = await owner.rest.git.getRef({ ...at, ref: "heads/main" });
    const { data: topic } = await owner.rest.git.getRef({ ...at, ref: "heads/topic" });
    await owner.rest.git.createRef({ ...at, ref: "refs/heads/modelgate/ledger", sha: main.object.sha });
    const ref = "heads/modelgate/ledger";
    await owner.rest.git.updateRef({ ...at, ref, sha: topic.object.sha });
    await expect(owner.rest.git.updateRef({ ...at, ref, sha: main.object.sha })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining("not a fast forward"),
    });
    await expect(owner.rest.git.updateRef({ ...at, ref, sha: main.object.sha, force: true })).rejects.toMatchObject({
      status: 422,
    });
    await expect(owner.rest.git.deleteRef({ ...at, ref })).rejects.toMatchObject({ status: 422 });
    await expect(owner.rest.git.createRef({ ...at, ref: `refs/${ref}`, sha: main.object.sha })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining("Reference already exists"),
    });
    expectNoViolations(github);
  });
});
