// A Probot App end to end: signed webhook in, comment and check out, as its bot.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createNodeMiddleware, Probot, ProbotOctokit } from "probot";
import { expect, onTestFinished, test } from "vitest";
import type { LocalGitHub } from "../github/server.ts";
import { appClientOf, clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

async function startProbot(github: LocalGitHub): Promise<void> {
  const probot = new Probot({
    appId: github.app.id,
    privateKey: readFileSync(github.app.privateKeyFile, "utf8"),
    secret: github.app.webhookSecret,
    baseUrl: `${github.url}/api/v3`,
    logLevel: "fatal",
    Octokit: ProbotOctokit.defaults((given: object) => ({
      ...given,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  });
  const middleware = await createNodeMiddleware(
    (app: Probot) => {
      app.on("pull_request.opened", async (context) => {
        const { pull_request } = context.payload;
        await context.octokit.rest.issues.createComment(context.issue({ body: `seen ${pull_request.head.sha}` }));
        await context.octokit.rest.checks.create(
          context.repo({
            name: "modelgate",
            head_sha: pull_request.head.sha,
            status: "completed",
            conclusion: "success",
          }),
        );
      });
    },
    { probot, webhooksPath: "/" },
  );
  const server = createServer((request, response) => {
    void middleware(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await appClientOf(github).request("PATCH /app/hook/config", { data: { url } });
}

test("Probot comments on a pull request and checks its head", async () => {
  const github = await startTestGitHub();
  await startProbot(github);
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
  const { data: pull } = await owner.rest.pulls.create({ ...at, title: "a", head: "topic", base: "main" });
  await github.idle();
  const { data: comments } = await owner.rest.issues.listComments({ ...at, issue_number: 1 });
  expect(comments.map((comment) => [comment.user?.login, comment.user?.type, comment.body])).toEqual([
    ["modelgate[bot]", "Bot", `seen ${pull.head.sha}`],
  ]);
  const { data: checks } = await owner.rest.checks.listForRef({ ...at, ref: pull.head.sha });
  expect(checks.check_runs.map((run) => [run.name, run.conclusion, run.app?.slug])).toEqual([
    ["modelgate", "success", "modelgate"],
  ]);
  expect(github.platform.store.deliveries.all().every((delivery) => delivery.statusCode === 200)).toBe(true);
  expectNoViolations(github);
});
