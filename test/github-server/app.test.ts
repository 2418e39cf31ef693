// The App: its JWT, installation tokens with their permissions, signed webhooks, redelivery.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { appClientOf, clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

interface Received {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A receiver of webhooks that answers with `status()`. */
async function startReceiver(status: () => number): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString("utf8") });
      response.writeHead(status()).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

describe("the App", () => {
  test("gets signed webhooks with its installation, and a failed one again when it asks", async () => {
    const github = await startTestGitHub();
    let status = 500;
    const { url, received } = await startReceiver(() => status);
    const app = appClientOf(github);
    await app.request("PATCH /app/hook/config", { data: { url } });
    const client = clientOf(github);
    await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    await client.rest.issues.create({ owner: github.owner, repo: "rain", title: "It rains" });
    await github.idle();
    const events = received.map(({ headers, body }) =>
      `${headers["x-github-event"]} ${(JSON.parse(body) as { action?: string }).action ?? ""}`.trim(),
    );
    expect(new Set(events)).toEqual(new Set(["create", "push", "check_suite requested", "issues opened"]));
    for (const { headers, body } of received) {
      const expected = `sha256=${createHmac("sha256", github.app.webhookSecret).update(body).digest("hex")}`;
      expect(headers["x-hub-signature-256"]).toBe(expected);
      expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
      expect((JSON.parse(body) as { installation: { id: number } }).installation.id).toBeGreaterThan(0);
    }

    const { data: deliveries } = await app.rest.apps.listWebhookDeliveries();
    const failed = deliveries.find((delivery) => delivery.event === "issues")!;
    expect(failed).toMatchObject({ status_code: 500, redelivery: false });
    status = 200;
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed.id });
    await github.idle();
    const { data: after } = await app.rest.apps.listWebhookDeliveries();
    expect(after[0]).toMatchObject({ guid: failed.guid, redelivery: true, status_code: 200, status: "OK" });
    await app.rest.apps.getWebhookDelivery({ delivery_id: after[0]!.id });
    expectNoViolations(github);
  });

  test("acts as its bot with exactly the permissions of its token", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    await owner.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    await owner.rest.repos.createForAuthenticatedUser({ name: "snow", private: true });
    const at = { owner: github.owner, repo: "rain" };
    const app = appClientOf(github);
    expect((await app.rest.apps.getAuthenticated()).data?.slug).toBe("modelgate");
    const { data: installation } = await app.rest.apps.getRepoInstallation(at);
    const token = async (permissions: Record<string, string>) =>
      (
        await app.rest.apps.createInstallationAccessToken({
          installation_id: installation.id,
          repositories: ["rain"],
          permissions,
        })
      ).data.token;
    const writer = clientOf(github, await token({ issues: "write", contents: "write" }));
    const { data: issue } = await writer.rest.issues.create({ ...at, title: "from the bot" });
    expect(issue.user?.login).toBe("modelgate[bot]");
    expect(issue.performed_via_github_app?.slug).toBe("modelgate");

    const reader = clientOf(github, await token({ issues: "read" }));
    const refused = reader.rest.issues.create({ ...at, title: "no" });
    await expect(refused).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("Resource not accessible by integration"),
      response: { headers: { "x-accepted-github-permissions": "issues=write" } },
    });
    await expect(writer.rest.repos.get({ owner: github.owner, repo: "snow" })).rejects.toMatchObject({ status: 404 });
    await expect(token({ administration: "write" })).rejects.toMatchObject({ status: 422 });
    await expect(clientOf(github, "ghs_unknown").rest.repos.get(at)).rejects.toMatchObject({ status: 401 });
    expect(
      (await writer.rest.apps.listReposAccessibleToInstallation()).data.repositories.map((one) => one.name),
    ).toEqual(["rain"]);

    const { data: head } = await owner.rest.git.getRef({ ...at, ref: "heads/main" });
    const { data: tree } = await writer.rest.git.getCommit({ ...at, commit_sha: head.object.sha });
    const common = { ...at, message: "by the bot", tree: tree.tree.sha, parents: [head.object.sha] };
    const { data: own } = await writer.rest.git.createCommit(common);
    expect(own.verification).toMatchObject({ verified: true, reason: "valid" });
    const { data: forged } = await writer.rest.git.createCommit({
      ...common,
      author: { name: own.author.name, email: own.author.email },
    });
    expect(forged.verification).toMatchObject({ verified: false, reason: "unsigned" });
    expectNoViolations(github);
  });

  test("may not bring workflow files without the permission for it", async () => {
    const github = await startTestGitHub();
    const owner = clientOf(github);
    const { data: repository } = await owner.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    const job = clientOf(
      github,
      github.platform.issueJobToken(github.platform.store.repositories.get(repository.id)!, { contents: "write" }),
    );
    const file = {
      owner: github.owner,
      repo: "rain",
      message: "m",
      content: Buffer.from("on: push").toString("base64"),
    };
    await expect(
      job.rest.repos.createOrUpdateFileContents({ ...file, path: ".github/workflows/x.yml" }),
    ).rejects.toMatchObject({ status: 409 });
    await job.rest.repos.createOrUpdateFileContents({ ...file, path: "x.yml" });
    await github.idle();
    expectNoViolations(github);
  });
});
