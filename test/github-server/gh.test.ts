// GitHub's own command line, as Debian has it, unmodified. It insists on port 80 and a host name, so it reaches us as a proxy.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LocalGitHub } from "../github/server.ts";
import { clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

const installed = spawnSync("gh", ["--version"]).status === 0;
if (!installed)
  process.stderr.write(
    "\nSKIPPED: `gh` is not installed, so the local GitHub was not tried with it (apt-get install gh)\n\n",
  );

function gh(
  github: LocalGitHub,
  folder: string,
  ...words: string[]
): Promise<{ status: number | null; out: string; problems: string }> {
  return new Promise((resolve) => {
    const child = spawn("gh", words, {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        HTTP_PROXY: github.url,
        GH_HOST: "github.localhost",
        GH_TOKEN: github.token,
        GH_ENTERPRISE_TOKEN: github.token,
        GH_REPO: "github.localhost/octocat/rain",
        GH_NO_UPDATE_NOTIFIER: "1",
        NO_COLOR: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, problems] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (problems += part.toString()));
    child.on("close", (status) => resolve({ status, out, problems }));
  });
}

describe.skipIf(!installed)("gh", () => {
  test("reads the API, and views and downloads a release", async () => {
    const github = await startTestGitHub();
    const client = clientOf(github);
    await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
    const at = { owner: github.owner, repo: "rain" };
    const { data: release } = await client.rest.repos.createRelease({
      ...at,
      tag_name: "rain@1.0.0",
      name: "Rain 1.0.0",
      draft: true,
      body: "wind only",
    });
    const upload = { ...at, baseUrl: `${github.url}/api/uploads`, release_id: release.id };
    await client.rest.repos.uploadReleaseAsset({ ...upload, name: "model.onnx", data: "the bytes" });
    await client.rest.repos.updateRelease({ ...at, release_id: release.id, draft: false });
    for (const title of ["a", "b", "c"]) await client.rest.issues.create({ ...at, title });
    const folder = mkdtempSync(join(tmpdir(), "gh-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

    const titles = await gh(
      github,
      folder,
      "api",
      "repos/octocat/rain/issues?per_page=2",
      "--paginate",
      "--jq",
      ".[].title",
    );
    expect(titles).toEqual({ status: 0, out: "c\nb\na\n", problems: "" });
    const made = await gh(github, folder, "api", "repos/octocat/rain/issues", "-f", "title=from gh", "--jq", ".number");
    expect(made).toEqual({ status: 0, out: "4\n", problems: "" });
    const viewed = await gh(
      github,
      folder,
      "release",
      "view",
      "rain@1.0.0",
      "--json",
      "tagName,body,assets",
      "--jq",
      "[.tagName, .body, .assets[0].name]",
    );
    expect(viewed).toEqual({ status: 0, out: '["rain@1.0.0","wind only","model.onnx"]\n', problems: "" });
    const downloaded = await gh(github, folder, "release", "download", "rain@1.0.0", "--pattern", "*.onnx");
    expect(downloaded).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, "model.onnx"), "utf8")).toBe("the bytes");
    const listed = await gh(github, folder, "release", "list");
    expect(listed).toMatchObject({ status: 0, out: expect.stringContaining("Rain 1.0.0\tLatest\train@1.0.0") });
    const missing = await gh(github, folder, "release", "view", "rain@9.9.9");
    expect(missing).toMatchObject({ status: 1, problems: "release not found\n" });
    await github.idle();
    expectNoViolations(github);
  });
});
