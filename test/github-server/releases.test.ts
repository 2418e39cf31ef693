// Releases: drafts, assets with digests, publishing, latest, immutability, and what goes wrong.
import { createHash } from "node:crypto";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { clientOf, expectNoViolations, startTestGitHub } from "../github/testing.ts";

async function startWithRepository() {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const at = { owner: github.owner, repo: "rain" };
  return { github, client, at, uploads: { ...at, baseUrl: `${github.url}/api/uploads` } };
}

const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
const sha256 = createHash("sha256").update(bytes).digest("hex");
const withoutType = bytes as unknown as string;

describe("a release", () => {
  test("is a draft that only writers see, gets assets, and makes its tag when it is published", async () => {
    const { github, client, at, uploads } = await startWithRepository();
    const { data: draft } = await client.rest.repos.createRelease({
      ...at,
      tag_name: "rain@1.0.0",
      draft: true,
      make_latest: "false",
    });
    const upload = { ...uploads, release_id: draft.id, headers: { "content-type": "application/octet-stream" } };
    const { data: asset } = await client.rest.repos.uploadReleaseAsset({
      ...upload,
      name: "model.onnx",
      data: withoutType,
    });
    expect(asset).toMatchObject({
      name: "model.onnx",
      size: bytes.length,
      digest: `sha256:${sha256}`,
      state: "uploaded",
    });
    const { data: renamed } = await client.rest.repos.uploadReleaseAsset({
      ...upload,
      name: ".my model (1).txt.",
      data: "x",
    });
    expect(renamed.name).toBe("my.model.1.txt");
    await expect(
      client.rest.repos.uploadReleaseAsset({ ...upload, name: "model.onnx", data: "y" }),
    ).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: [{ resource: "ReleaseAsset", code: "already_exists", field: "name" }] } },
    });

    const reader = clientOf(
      github,
      github.platform.issueJobToken(github.platform.store.repositories.all()[0]!, { contents: "read" }),
    );
    expect((await reader.rest.repos.listReleases(at)).data).toEqual([]);
    await expect(client.rest.repos.getReleaseByTag({ ...at, tag: "rain@1.0.0" })).rejects.toMatchObject({
      status: 404,
    });
    await expect(client.rest.git.getRef({ ...at, ref: "tags/rain@1.0.0" })).rejects.toMatchObject({ status: 404 });

    await client.rest.repos.updateRelease({ ...at, release_id: draft.id, draft: false });
    const { data: tag } = await client.rest.git.getRef({ ...at, ref: "tags/rain@1.0.0" });
    expect(tag.object.type).toBe("commit");
    const { data: published } = await reader.rest.repos.getReleaseByTag({ ...at, tag: "rain@1.0.0" });
    expect(published.assets.map((one) => one.name)).toEqual(["model.onnx", "my.model.1.txt"]);
    await expect(client.rest.repos.getLatestRelease(at)).rejects.toMatchObject({ status: 404 });
    await client.rest.repos.createRelease({ ...at, tag_name: "v1.0.0" });
    expect((await client.rest.repos.getLatestRelease(at)).data.tag_name).toBe("v1.0.0");
    await expect(client.rest.repos.createRelease({ ...at, tag_name: "v1.0.0" })).rejects.toMatchObject({ status: 422 });
    await github.idle();
    expectNoViolations(github);
  });

  test("gives its bytes back, whole and in part, over the API and by address", async () => {
    const { github, client, at, uploads } = await startWithRepository();
    const { data: release } = await client.rest.repos.createRelease({ ...at, tag_name: "v1" });
    const { data: asset } = await client.rest.repos.uploadReleaseAsset({
      ...uploads,
      release_id: release.id,
      name: "m.bin",
      data: withoutType,
    });
    const whole = await fetch(asset.browser_download_url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await fetch(asset.url, { headers: { accept: "application/octet-stream", range: "bytes=69990-" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe("bytes 69990-69999/70000");
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(69_990))).toBe(true);
    expectNoViolations(github);
  });

  test("that is immutable takes nothing more", async () => {
    const { github, client, at, uploads } = await startWithRepository();
    await client.request("PUT /repos/{owner}/{repo}/immutable-releases", at);
    const { data: release } = await client.rest.repos.createRelease({ ...at, tag_name: "v1", draft: true });
    const { data: asset } = await client.rest.repos.uploadReleaseAsset({
      ...uploads,
      release_id: release.id,
      name: "a.txt",
      data: "a",
    });
    const { data: published } = await client.rest.repos.updateRelease({ ...at, release_id: release.id, draft: false });
    expect(published.immutable).toBe(true);
    const refused = { status: 422 };
    await expect(
      client.rest.repos.uploadReleaseAsset({ ...uploads, release_id: release.id, name: "b.txt", data: "b" }),
    ).rejects.toMatchObject(refused);
    await expect(client.rest.repos.deleteReleaseAsset({ ...at, asset_id: asset.id })).rejects.toMatchObject(refused);
    await client.rest.repos.updateRelease({ ...at, release_id: release.id, body: "notes may change" });
    expectNoViolations(github);
  });

  test("keeps a starter without bytes when an upload breaks off", async () => {
    const { github, client, at, uploads } = await startWithRepository();
    const { data: release } = await client.rest.repos.createRelease({ ...at, tag_name: "v1", draft: true });
    await new Promise<void>((resolve) => {
      const url = new URL(release.upload_url.replace(/\{.*/, "?name=m.bin"));
      const upload = request(url, {
        method: "POST",
        headers: { authorization: `token ${github.token}`, "content-length": 1_000_000 },
      });
      upload.on("error", () => resolve());
      upload.write(bytes, () => setTimeout(() => upload.destroy(), 50));
    });
    await expect
      .poll(async () => (await client.rest.repos.listReleaseAssets({ ...at, release_id: release.id })).data)
      .toMatchObject([{ name: "m.bin", state: "starter", size: 0, digest: null }]);
    const again = { ...uploads, release_id: release.id, name: "m.bin", data: withoutType };
    await expect(client.rest.repos.uploadReleaseAsset(again)).rejects.toMatchObject({ status: 422 });
    const [starter] = (await client.rest.repos.listReleaseAssets({ ...at, release_id: release.id })).data;
    await client.rest.repos.deleteReleaseAsset({ ...at, asset_id: starter?.id ?? 0 });
    expect((await client.rest.repos.uploadReleaseAsset(again)).data.state).toBe("uploaded");
    expectNoViolations(github);
  });

  test("takes no asset of 2 GiB or more", async () => {
    const { github, client, at } = await startWithRepository();
    const { data: release } = await client.rest.repos.createRelease({ ...at, tag_name: "v1", draft: true });
    const address = new URL(release.upload_url.replace(/\{.*/, "?name=huge.bin"));
    const headers = { authorization: `token ${github.token}`, "content-length": 2 ** 31 };
    const status = await new Promise((resolve, reject) => {
      const upload = request(address, { method: "POST", headers }, (answer) => {
        resolve(answer.statusCode);
        upload.destroy();
      });
      upload.on("error", reject);
      upload.flushHeaders();
    });
    expect(status).toBe(422);
    expect((await client.rest.repos.listReleaseAssets({ ...at, release_id: release.id })).data).toEqual([]);
    expectNoViolations(github);
  });

  test("is refused by a ruleset that forbids its tag, and the draft stays", async () => {
    const { github, client, at } = await startWithRepository();
    await client.rest.repos.createRepoRuleset({
      ...at,
      name: "no tags",
      target: "tag",
      enforcement: "active",
      conditions: { ref_name: { include: ["refs/tags/rain@*"], exclude: [] } },
      rules: [{ type: "creation" }],
    });
    const { data: draft } = await client.rest.repos.createRelease({ ...at, tag_name: "rain@1.0.0", draft: true });
    await expect(client.rest.repos.updateRelease({ ...at, release_id: draft.id, draft: false })).rejects.toMatchObject({
      status: 422,
    });
    expect((await client.rest.repos.getRelease({ ...at, release_id: draft.id })).data.draft).toBe(true);
    expectNoViolations(github);
  });
});
