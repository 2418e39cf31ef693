// The manifest flow against a GitHub that hands out an App for one code.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import manifest from "../../app/manifest.json" with { type: "json" };
import { createSetupServer } from "../../app/setup/setup-server.ts";

const state = "5".repeat(64);
const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n";
const created = {
  id: 7,
  name: "Modelgate",
  html_url: "https://ghe.example/apps/modelgate",
  pem: key,
  webhook_secret: "s3cret",
};

async function start(status = 201, body: unknown = created) {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-setup-"));
  const asked: string[] = [];
  const done: string[] = [];
  const server = createSetupServer({
    manifest,
    webUrl: "https://ghe.example",
    apiUrl: "https://ghe.example/api/v3",
    organization: "acme & sons",
    webhookUrl: "https://hooks.example/api/github/webhooks",
    gheHost: "ghe.example",
    gheProtocol: "https",
    folder,
    state,
    fetcher: async (input) => {
      asked.push(String(input));
      return new Response(JSON.stringify(body), { status });
    },
    onDone: (app) => done.push(app.name),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, folder, asked, done };
}

describe("app:setup", () => {
  test("offers a form that hands GitHub the manifest, with the state in its address", async () => {
    const { url } = await start();
    const answer = await fetch(url);
    const html = await answer.text();
    expect(html).toContain(
      `action="https://ghe.example/organizations/acme%20%26%20sons/settings/apps/new?state=${state}"`,
    );
    expect(html).toContain("&quot;pull_requests&quot;:&quot;write&quot;");
    expect(html).not.toContain("administration");
    expect(answer.headers.get("content-security-policy")).toContain("form-action https://ghe.example");
  });

  test("keeps the credentials in files that only their owner reads, and takes a code once", async () => {
    const { url, folder, asked, done } = await start();
    const answer = await fetch(`${url}/callback?state=${state}&code=abc123`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain("s3cret");
    expect(asked).toEqual(["https://ghe.example/api/v3/app-manifests/abc123/conversions"]);
    expect(done).toEqual(["Modelgate"]);
    const environment = readFileSync(join(folder, ".env"), "utf8");
    expect(environment).toBe(
      "APP_ID=7\nPRIVATE_KEY_PATH=modelgate-app.private-key.pem\nWEBHOOK_SECRET=s3cret\nGHE_HOST=ghe.example\nGHE_PROTOCOL=https\n",
    );
    for (const name of [".env", "modelgate-app.private-key.pem"]) {
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    }
    expect((await fetch(`${url}/callback?state=${state}&code=abc123`)).status).toBe(409);
  });

  test.each([
    ["another state", `/callback?state=${"6".repeat(64)}&code=abc`, {}, 400],
    ["no state", "/callback?code=abc", {}, 400],
    ["no code", `/callback?state=${state}`, {}, 400],
    ["another name for this machine", "/", { host: "evil.example" }, 421],
  ])("does nothing with %s", async (_, path, headers, status) => {
    const { url, folder, asked } = await start();
    const answer = await request(url, path, headers);
    expect(answer).toBe(status);
    expect(asked).toEqual([]);
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  test("writes nothing over credentials that exist, and nothing when GitHub refuses", async () => {
    const standing = await start();
    writeFileSync(join(standing.folder, ".env"), "APP_ID=1\n");
    expect((await fetch(`${standing.url}/callback?state=${state}&code=abc`)).status).toBe(502);
    expect(standing.asked).toEqual([]);
    const refused = await start(404, {});
    expect((await fetch(`${refused.url}/callback?state=${state}&code=abc`)).status).toBe(502);
    expect(existsSync(join(refused.folder, ".env"))).toBe(false);
  });
});

/** `fetch` does not let a caller choose the Host header. */
async function request(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const { request: ask } = await import("node:http");
  return await new Promise((resolve, reject) => {
    ask(`${url}${path}`, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
