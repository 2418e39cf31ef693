// Answers as GitHub gives them: errors, pages, entity tags, limits; and the check that our check can fail.
import { describe, expect, test } from "vitest";
import { appClientOf, clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";
import { createContract } from "../github/validation/check.ts";
import { contractExceptions } from "../github/validation/exceptions.ts";

async function startWithRepository() {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  return { github, client, at: { owner: github.owner, repo: "rain" } };
}

describe("an answer", () => {
  test.each([
    ["nobody writes", "POST", "/repos/octocat/rain/issues", "", '{"title":"x"}', 401, "Requires authentication"],
    ["a wrong token", "GET", "/user", "token nonsense", "", 401, "Bad credentials"],
    ["a repository that is not", "GET", "/repos/octocat/snow", "owner", "", 404, "Not Found"],
    ["a route that is not", "GET", "/api/v3/nothing/here", "owner", "", 404, "Not Found"],
    ["text that is no JSON", "POST", "/repos/octocat/rain/issues", "owner", "{", 400, "Problems parsing JSON"],
    ["a field that is missing", "POST", "/repos/octocat/rain/issues", "owner", "{}", 422, "Validation Failed"],
    ["an App's route for a person", "GET", "/app", "owner", "", 401, "A JSON web token could not be decoded"],
  ])("to %s", async (_, method, path, credential, body, status, message) => {
    const { github } = await startWithRepository();
    const authorization = credential === "owner" ? `token ${github.token}` : credential;
    const answer = await fetch(github.url + path, {
      method,
      headers: authorization === "" ? {} : { authorization },
      ...(body === "" ? {} : { body }),
    });
    expect([answer.status, answer.headers.get("x-github-request-id")]).toEqual([
      status,
      expect.stringMatching(/^[0-9A-F:]+$/),
    ]);
    expect(await answer.json()).toMatchObject({
      message,
      status: String(status),
      documentation_url: expect.any(String),
    });
    expectNoViolations(github, ({ kind }) => kind === "request" && body !== "");
  });

  test("of a list comes in pages that link to each other, the same on both prefixes", async () => {
    const { github, client, at } = await startWithRepository();
    for (let number = 1; number <= 5; number += 1) await client.rest.issues.create({ ...at, title: `issue ${number}` });
    const all = await client.paginate(client.rest.issues.listForRepo, { ...at, per_page: 2 });
    expect(all.map((issue) => issue.number)).toEqual([5, 4, 3, 2, 1]);
    const second = await fetch(`${github.url}/repos/octocat/rain/issues?per_page=2&page=2`);
    expect(second.headers.get("link")?.match(/page=\d>; rel="\w+"/g)).toEqual([
      'page=1>; rel="prev"',
      'page=3>; rel="next"',
      'page=3>; rel="last"',
      'page=1>; rel="first"',
    ]);
    expectNoViolations(github);
  });

  test("that the client has already is 304 and costs nothing", async () => {
    const { github, client, at } = await startWithRepository();
    const first = await client.rest.git.getRef({ ...at, ref: "heads/main" });
    const used = Number(first.headers["x-ratelimit-used"]);
    const again = { ...at, ref: "heads/main", headers: { "if-none-match": first.headers.etag ?? "" } };
    await expect(client.rest.git.getRef(again)).rejects.toMatchObject({ status: 304 });
    const { data } = await client.rest.rateLimit.get();
    expect(data.rate).toMatchObject({ limit: 5000, used });
    expectNoViolations(github);
  });
});

describe("the check against GitHub's description", () => {
  test("finds what is wrong in requests, answers and webhooks", () => {
    const contract = createContract();
    contract.checkRequest("POST /repos/{owner}/{repo}/issues", new URLSearchParams(), { labels: 5 });
    contract.checkRequest("GET /repos/{owner}/{repo}/issues", new URLSearchParams("state=half-open"), undefined);
    contract.checkResponse("GET /repos/{owner}/{repo}/git/ref/{ref}", 200, { ref: "refs/heads/main" });
    contract.checkResponse("GET /repos/{owner}/{repo}/git/ref/{ref}", 418, {});
    contract.checkWebhook("issues", "opened", { action: "opened" });
    contract.checkWebhook("issues", "exploded", {});
    expect(contract.violations().map(({ kind, subject, problems }) => [kind, subject, problems.length > 0])).toEqual([
      ["request", "POST /repos/{owner}/{repo}/issues", true],
      ["request", "GET /repos/{owner}/{repo}/issues", true],
      ["response", "GET /repos/{owner}/{repo}/git/ref/{ref}", true],
      ["response", "GET /repos/{owner}/{repo}/git/ref/{ref}", true],
      ["webhook", "issues.opened", true],
      ["webhook", "issues.exploded", true],
    ]);
  });

  test("needs every one of its exceptions", async () => {
    const { github, client, at } = await startWithRepository();
    const { data: installation } = await appClientOf(github).rest.apps.getRepoInstallation(at);
    const { data: token } = await appClientOf(github).rest.apps.createInstallationAccessToken({
      installation_id: installation.id,
    });
    const bot = clientOf(github, token.token);
    await bot.rest.issues.create({ ...at, title: "an App's events in a payload" });
    const file = { ...at, path: "README.md", message: "m", content: "YQ==" };
    await expect(client.rest.repos.createOrUpdateFileContents({ ...file, sha: "0".repeat(40) })).rejects.toMatchObject({
      status: 409,
    });
    const { data: main } = await client.rest.git.getRef({ ...at, ref: "heads/main" });
    const run = { ...at, name: "modelgate", head_sha: main.object.sha };
    await expect(bot.rest.checks.create({ ...run, head_sha: "0".repeat(40) })).rejects.toMatchObject({ status: 422 });
    const { data: release } = await client.rest.repos.createRelease({ ...at, tag_name: "v1", draft: true });
    const asset = github.platform.store.assets.insert({
      repositoryId: github.platform.store.repositories.all()[0]!.id,
      releaseId: release.id,
      name: "broken-off",
      label: "",
      contentType: "application/octet-stream",
      state: "starter",
      sizeBytes: 0,
      sha256: null,
      downloadCount: 0,
      uploaderId: 1,
      createdAt: release.created_at,
      updatedAt: release.created_at,
    });
    await appClientOf(github).rest.apps.listInstallations();
    await client.rest.repos.replaceAllTopics({ ...at, names: ["weather"] });
    const made = await fetch(`${github.url}/_local/users`, {
      method: "POST",
      body: JSON.stringify({ login: "second" }),
    });
    await clientOf(github, ((await made.json()) as { token: string }).token).rest.repos.createFork(at);
    await client.rest.repos.getReleaseAsset({ ...at, asset_id: asset.id });
    await github.idle();
    expect([...github.contract.neededExceptions()].sort()).toEqual(contractExceptions.map((_, index) => index));
    expectNoViolations(github);
  });
});
