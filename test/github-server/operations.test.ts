// Every operation of the core is asked for at least once, and every answer fits GitHub's description. (Workflows have tests of their own.)
import { expect, test } from "vitest";
import { appClientOf, clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

test("every operation answers as described", { timeout: 120_000 }, async () => {
  const github = await startTestGitHub();
  const owner = clientOf(github);
  const { rest } = owner;
  const at = { owner: github.owner, repo: "rain" };
  await rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true, description: "Does it rain?" });
  await makePeople(github.url);
  const second = clientOf(github, people.get("second"));

  await rest.users.getAuthenticated();
  await rest.users.getByUsername({ username: "second" });
  await rest.orgs.get({ org: "github" });
  await expect(
    rest.teams.getMembershipForUserInOrg({ org: "github", team_slug: "t", username: "second" }),
  ).rejects.toMatchObject({ status: 404 });
  await rest.meta.get();
  await rest.meta.root();
  await rest.rateLimit.get();
  await expect(rest.repos.createInOrg({ org: "github", name: "x" })).resolves.toMatchObject({ status: 201 });
  await rest.repos.listForAuthenticatedUser();
  await rest.repos.listForUser({ username: github.owner });
  await rest.repos.get(at);
  await rest.repos.update({ ...at, description: "Did it rain?" });
  await rest.repos.replaceAllTopics({ ...at, names: ["weather"] });
  expect((await rest.repos.getAllTopics(at)).data.names).toEqual(["weather"]);
  await owner.request("PUT /repos/{owner}/{repo}/immutable-releases", at);
  await owner.request("GET /repos/{owner}/{repo}/immutable-releases", at);
  await owner.request("DELETE /repos/{owner}/{repo}/immutable-releases", at);

  await rest.repos.addCollaborator({ ...at, username: "second", permission: "maintain" });
  await rest.repos.listCollaborators(at);
  await rest.repos.checkCollaborator({ ...at, username: "second" });
  expect((await rest.repos.getCollaboratorPermissionLevel({ ...at, username: "second" })).data.role_name).toBe(
    "maintain",
  );
  await second.rest.repos.createFork(at);
  await rest.repos.listForks(at);

  const { data: main } = await rest.git.getRef({ ...at, ref: "heads/main" });
  const { data: blob } = await rest.git.createBlob({ ...at, content: "aGk=", encoding: "base64" });
  await rest.git.getBlob({ ...at, file_sha: blob.sha });
  const entry = { path: "hi.txt", mode: "100644", type: "blob", sha: blob.sha } as const;
  const { data: tree } = await rest.git.createTree({ ...at, base_tree: main.object.sha, tree: [entry] });
  expect(
    (await rest.git.getTree({ ...at, tree_sha: tree.sha, recursive: "1" })).data.tree.map((one) => one.path),
  ).toEqual(["README.md", "hi.txt"]);
  const { data: commit } = await rest.git.createCommit({
    ...at,
    message: "Say hi",
    tree: tree.sha,
    parents: [main.object.sha],
  });
  await rest.git.getCommit({ ...at, commit_sha: commit.sha });
  const { data: tag } = await rest.git.createTag({
    ...at,
    tag: "v0",
    message: "zero",
    object: commit.sha,
    type: "commit",
  });
  await rest.git.getTag({ ...at, tag_sha: tag.sha });
  await rest.git.createRef({ ...at, ref: "refs/tags/v0", sha: tag.sha });
  await rest.git.createRef({ ...at, ref: "refs/heads/topic", sha: main.object.sha });
  await rest.git.updateRef({ ...at, ref: "heads/topic", sha: commit.sha });
  expect((await rest.git.listMatchingRefs({ ...at, ref: "heads/" })).data.map((one) => one.ref)).toEqual([
    "refs/heads/main",
    "refs/heads/topic",
  ]);
  await rest.git.createRef({ ...at, ref: "refs/heads/gone", sha: main.object.sha });
  await rest.git.deleteRef({ ...at, ref: "heads/gone" });

  await rest.repos.getContent({ ...at, path: "" });
  await rest.repos.getContent({ ...at, path: "README.md" });
  const { data: readme } = await rest.repos.getReadme(at);
  expect(await (await fetch(readme.download_url ?? "")).text()).toContain("# rain");
  await rest.repos.createOrUpdateFileContents({
    ...at,
    path: "README.md",
    message: "m",
    content: "aGk=",
    sha: readme.sha,
  });
  const put = await rest.repos.createOrUpdateFileContents({ ...at, path: "gone.txt", message: "m", content: "aGk=" });
  await rest.repos.deleteFile({ ...at, path: "gone.txt", message: "m", sha: put.data.content?.sha ?? "" });
  expect((await rest.repos.listCommits({ ...at, path: "gone.txt" })).data).toHaveLength(2);
  await rest.repos.getCommit({ ...at, ref: "topic" });
  const { data: tar } = await rest.repos.downloadTarballArchive({ ...at, ref: "topic" });
  expect(Buffer.from(tar as ArrayBuffer).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  await rest.repos.downloadZipballArchive({ ...at, ref: "main" });
  await rest.repos.compareCommitsWithBasehead({ ...at, basehead: "main...topic" });
  await rest.repos.listBranches(at);
  await rest.repos.getBranch({ ...at, branch: "main" });
  expect((await rest.repos.listTags(at)).data).toMatchObject([{ name: "v0", commit: { sha: commit.sha } }]);

  await rest.repos.updateBranchProtection({
    ...at,
    branch: "main",
    required_status_checks: { strict: false, contexts: ["modelgate"] },
    enforce_admins: false,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: { users: [github.owner], teams: [], apps: [github.app.slug] },
  });
  await rest.repos.getBranchProtection({ ...at, branch: "main" });
  await rest.repos.getBranch({ ...at, branch: "main" });
  await rest.repos.deleteBranchProtection({ ...at, branch: "main" });
  const wish = {
    name: "r",
    enforcement: "active" as const,
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
  };
  const { data: ruleset } = await rest.repos.createRepoRuleset({
    ...at,
    ...wish,
    rules: [{ type: "non_fast_forward" }],
  });
  await rest.repos.getRepoRulesets(at);
  await rest.repos.getRepoRuleset({ ...at, ruleset_id: ruleset.id });
  await rest.repos.updateRepoRuleset({ ...at, ruleset_id: ruleset.id, ...wish, rules: [{ type: "deletion" }] });
  expect((await rest.repos.getBranchRules({ ...at, branch: "main" })).data.map((rule) => rule.type)).toEqual([
    "deletion",
  ]);
  await rest.repos.deleteRepoRuleset({ ...at, ruleset_id: ruleset.id });

  const { data: pull } = await rest.pulls.create({ ...at, title: "Hi", head: "topic", base: "main" });
  const one = { ...at, pull_number: pull.number };
  await rest.pulls.list(at);
  await rest.pulls.get(one);
  await rest.pulls.update({ ...one, title: "Hello", body: "world" });
  await rest.pulls.update({ ...one, state: "closed" });
  await rest.pulls.update({ ...one, state: "open" });
  await rest.pulls.listFiles(one);
  await rest.pulls.listCommits(one);
  await second.rest.pulls.createReview({ ...one, event: "APPROVE" });
  await rest.pulls.listReviews(one);
  await expect(rest.pulls.updateBranch(one)).rejects.toMatchObject({ status: 422 });
  await rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: commit.sha });
  await rest.pulls.merge({ ...one, merge_method: "rebase" });
  await rest.pulls.checkIfMerged(one);

  const { data: issue } = await rest.issues.create({
    ...at,
    title: "Rain",
    body: "much",
    labels: ["wet"],
    assignees: [github.owner],
  });
  const wet = { ...at, issue_number: issue.number };
  await rest.issues.listForRepo({ ...at, state: "all", labels: "wet" });
  await rest.issues.get(wet);
  await rest.issues.createLabel({ ...at, name: "cold", color: "00ffff" });
  await rest.issues.getLabel({ ...at, name: "cold" });
  await rest.issues.updateLabel({ ...at, name: "cold", new_name: "icy" });
  await rest.issues.listLabelsForRepo(at);
  await rest.issues.addLabels({ ...wet, labels: ["icy"] });
  await rest.issues.listLabelsOnIssue(wet);
  await rest.issues.removeLabel({ ...wet, name: "wet" });
  await rest.issues.setLabels({ ...wet, labels: ["a", "b"] });
  await rest.issues.removeAllLabels(wet);
  await rest.issues.deleteLabel({ ...at, name: "icy" });
  await rest.issues.update({ ...wet, title: "Snow", state: "closed", state_reason: "not_planned" });
  await rest.issues.update({ ...wet, state: "open" });
  const { data: comment } = await rest.issues.createComment({ ...wet, body: "hi" });
  await rest.issues.getComment({ ...at, comment_id: comment.id });
  await rest.issues.updateComment({ ...at, comment_id: comment.id, body: "ho" });
  await rest.issues.listComments(wet);
  await rest.issues.listCommentsForRepo(at);
  await rest.issues.deleteComment({ ...at, comment_id: comment.id });

  const app = appClientOf(github);
  const { data: installation } = await app.rest.apps.getRepoInstallation(at);
  await app.rest.apps.getAuthenticated();
  await app.rest.apps.listInstallations();
  await app.rest.apps.getInstallation({ installation_id: installation.id });
  await app.rest.apps.getUserInstallation({ username: github.owner });
  await expect(app.rest.apps.getOrgInstallation({ org: "github" })).rejects.toMatchObject({ status: 404 });
  await owner.rest.apps.getBySlug({ app_slug: github.app.slug });
  await app.request("PATCH /app/hook/config", { data: { url: `${github.url}/nobody-listens-here` } });
  await app.rest.apps.getWebhookConfigForApp();
  const { data: token } = await app.rest.apps.createInstallationAccessToken({ installation_id: installation.id });
  const bot = clientOf(github, token.token).rest;
  await bot.apps.listReposAccessibleToInstallation();
  const { data: run } = await bot.checks.create({ ...at, name: "modelgate", head_sha: commit.sha });
  await bot.checks.get({ ...at, check_run_id: run.id });
  const annotations = [
    { path: "hi.txt", start_line: 1, end_line: 1, annotation_level: "warning" as const, message: "m" },
  ];
  const actions = [{ label: "Again", description: "once more", identifier: "again" }];
  await bot.checks.update({
    ...at,
    check_run_id: run.id,
    conclusion: "action_required",
    output: { title: "t", summary: "s", annotations },
    actions,
  });
  await bot.checks.listAnnotations({ ...at, check_run_id: run.id });
  await bot.checks.listForRef({ ...at, ref: commit.sha });
  const { data: suites } = await bot.checks.listSuitesForRef({ ...at, ref: commit.sha });
  const suite = { ...at, check_suite_id: suites.check_suites[0]?.id ?? 0 };
  await bot.checks.getSuite(suite);
  await bot.checks.listForSuite(suite);
  await bot.checks.rerequestRun({ ...at, check_run_id: run.id });
  await bot.checks.rerequestSuite(suite);
  await bot.repos.createCommitStatus({ ...at, sha: commit.sha, state: "pending", context: "c", description: "d" });
  await bot.repos.listCommitStatusesForRef({ ...at, ref: commit.sha });
  await bot.repos.getCombinedStatusForRef({ ...at, ref: commit.sha });
  await github.idle();
  const { data: deliveries } = await app.rest.apps.listWebhookDeliveries({ per_page: 2 });
  await app.rest.apps.getWebhookDelivery({ delivery_id: deliveries[0]?.id ?? 0 });
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id: deliveries[0]?.id ?? 0 });

  const button = { repo: "rain", checkRunId: run.id, identifier: "again" };
  const pressed = await fetch(`${github.url}/_local/requested-actions`, {
    method: "POST",
    headers: { authorization: `token ${github.token}` },
    body: JSON.stringify(button),
  });
  expect(pressed.status).toBe(204);
  await app.rest.apps.suspendInstallation({ installation_id: installation.id });
  await expect(bot.repos.get(at)).rejects.toMatchObject({ status: 401 });
  await app.rest.apps.unsuspendInstallation({ installation_id: installation.id });
  await bot.repos.get(at);
  await app.rest.apps.deleteInstallation({ installation_id: installation.id });
  await expect(bot.repos.get(at)).rejects.toMatchObject({ status: 401 });

  const deployment = await rest.repos.createDeployment({
    ...at,
    ref: "main",
    environment: "staging",
    required_contexts: [],
  });
  const deployed = { ...at, deployment_id: (deployment.data as { id: number }).id };
  await rest.repos.listDeployments(at);
  await rest.repos.getDeployment(deployed);
  await rest.repos.createDeploymentStatus({ ...deployed, state: "success", description: "up" });
  await rest.repos.listDeploymentStatuses(deployed);
  await rest.repos.createOrUpdateEnvironment({ ...at, environment_name: "production" });
  await rest.repos.getAllEnvironments(at);
  await rest.repos.getEnvironment({ ...at, environment_name: "production" });
  await rest.repos.deleteAnEnvironment({ ...at, environment_name: "production" });
  await rest.repos.createDispatchEvent({ ...at, event_type: "retrain", client_payload: { why: "drift" } });

  const subject = { name: "m.onnx", digest: { sha256: "0".repeat(64) } };
  const payload = Buffer.from(JSON.stringify({ subject: [subject] })).toString("base64");
  const attested = { dsseEnvelope: { payload, payloadType: "application/vnd.in-toto+json", signatures: [] } };
  await rest.repos.createAttestation({ ...at, bundle: attested });
  await rest.repos.listAttestations({ ...at, subject_digest: `sha256:${"0".repeat(64)}` });

  await rest.repos.generateReleaseNotes({ ...at, tag_name: "v1" });
  const { data: release } = await rest.repos.createRelease({ ...at, tag_name: "v1", name: "One" });
  const uploads = { ...at, release_id: release.id, baseUrl: `${github.url}/api/uploads` };
  const { data: asset } = await rest.repos.uploadReleaseAsset({ ...uploads, name: "m.txt", data: "m" });
  await rest.repos.listReleases(at);
  await rest.repos.getRelease({ ...at, release_id: release.id });
  await rest.repos.getLatestRelease(at);
  await rest.repos.getReleaseByTag({ ...at, tag: "v1" });
  await rest.repos.listReleaseAssets({ ...at, release_id: release.id });
  await rest.repos.getReleaseAsset({ ...at, asset_id: asset.id });
  await rest.repos.updateReleaseAsset({ ...at, asset_id: asset.id, name: "n.txt" });
  await rest.repos.deleteReleaseAsset({ ...at, asset_id: asset.id });
  await rest.repos.updateRelease({ ...at, release_id: release.id, body: "notes" });
  await rest.repos.deleteRelease({ ...at, release_id: release.id });
  await rest.repos.removeCollaborator({ ...at, username: "second" });
  await rest.repos.delete(at);
  await github.idle();

  const { operations } = (await (await fetch(`${github.url}/_local/operations`)).json()) as {
    operations: { operation: string; described: boolean; requests: number }[];
  };
  const core = operations.filter(
    ({ operation }) => !operation.includes("/actions/") && !operation.includes("deployment_protection"),
  );
  expect(core.filter(({ requests }) => requests === 0).map(({ operation }) => operation)).toEqual([]);
  expect(core.filter(({ described }) => !described).map(({ operation }) => operation)).toEqual([]);
  expectNoViolations(github);
});

const people = new Map<string, string>();

async function makePeople(url: string): Promise<void> {
  const made = await fetch(`${url}/_local/users`, { method: "POST", body: JSON.stringify({ login: "second" }) });
  people.set("second", ((await made.json()) as { token: string }).token);
}
