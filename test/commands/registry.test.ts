import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { download } from "../../src/commands/registry-download.ts";
import { readHistory } from "../../src/commands/registry-history.ts";
import { listRegistry } from "../../src/commands/registry-list.ts";
import { resolve } from "../../src/commands/registry-resolve.ts";
import { verify } from "../../src/commands/registry-verify.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

const program = fileURLToPath(new URL("../../bin/modelgate.mjs", import.meta.url));

describe("a registry on GitHub, from the first publish to a rollback", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
  });
  afterAll(() => registry.stop());

  it("publishes the first version within n + 12 requests", async () => {
    let assets = 0;
    const requests = await registry.count(async () => {
      const { document } = await registry.publish("one");
      expect(document).toMatchObject({ model: "rain", version: "1.0.0", state: "published" });
      assets = document.assets.length + 1;
    });
    expect(requests.length, requests.map((entry) => `${entry.method} ${entry.path}`).join("\n")).toBeLessThanOrEqual(
      assets + 12,
    );
  });

  it("publishes the next one within n + 12 requests, and the same bytes not at all", async () => {
    const requests = await registry.count(async () => {
      expect((await registry.publish("two")).document).toMatchObject({ version: "1.1.0", state: "published" });
    });
    expect(requests.length, requests.map((entry) => `${entry.method} ${entry.path}`).join("\n")).toBeLessThanOrEqual(
      14,
    );
    expect((await registry.publish("two")).document).toMatchObject({ version: "1.1.0", state: "unchanged" });
  });

  it("promotes within 6 requests and resolves in 1", async () => {
    await registry.promote("1.0.0", "staging");
    await registry.promote("1.0.0", "production");
    await registry.promote("1.1.0", "staging");
    const requests = await registry.count(async () => {
      const { document } = await registry.promote("1.1.0", "production");
      expect(document).toMatchObject({
        from: "1.0.0",
        to: "1.1.0",
        actor: registry.github.owner,
        event: { sequence: 8 },
      });
    });
    expect(requests.length, requests.map((entry) => `${entry.method} ${entry.path}`).join("\n")).toBeLessThanOrEqual(6);
    const session = await registry.session();
    const reads = await registry.count(async () => {
      expect((await resolve("rain@production", session)).text).toBe("1.1.0");
    });
    expect(reads).toHaveLength(1);
  });

  it("rolls back with the reason, shows who served when, and verifies", async () => {
    expect((await registry.rollback(null)).document).toMatchObject({ from: "1.1.0", to: "1.0.0", reason: "it fails" });
    const session = await registry.session();
    const { document: history } = await readHistory({ model: "rain", at: null }, session);
    expect(history.events.map((event) => event.event)).toEqual([
      ...["reserve", "available", "reserve", "available"],
      ...["stage-set", "stage-set", "stage-set", "stage-set", "rollback"],
    ]);
    expect(history.stages).toEqual({ rain: { staging: "1.1.0", production: "1.0.0" } });
    const production = history.served.find(({ stage }) => stage === "production");
    expect(production).toMatchObject({ version: "1.0.0", by: "rollback", reason: "it fails", verdict: null });
    const then = history.events.at(-2)?.at ?? "";
    const { document: before, text } = await readHistory({ model: "rain", at: then }, session);
    expect(before.served.map(({ stage, version, by }) => [stage, version, by])).toContainEqual([
      "production",
      "1.1.0",
      "stage-set",
    ]);
    expect(text).toMatch(/rain production: 1\.1\.0 \(since .* by \w+; not judged/);
    const { document: state } = await listRegistry("rain", session);
    expect(state.models[0]?.versions.map((version) => [version.version, version.state])).toEqual([
      ["1.0.0", "available"],
      ["1.1.0", "available"],
    ]);
    const verification = await verify(session);
    expect(verification.text).toBe("the registry holds: 9 events, their index and all releases");
    expect(verification.exitCode).toBe(0);
  });

  it("downloads what was published, manifest included", async () => {
    const out = join(registry.folder, "out");
    await download({ reference: "rain@production", out }, await registry.session(), registry.context);
    expect(readFileSync(join(out, "model.onnx"), "utf8")).toBe("one");
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({ model: "rain", version: "1.0.0", ledger: { sequence: 1 } });
  });

  it("uploads a large file in parts and joins them, also when the connection breaks in between", async () => {
    const bytes = Array.from({ length: 3500 }, (_, index) => String.fromCharCode(97 + (index % 23))).join("");
    const { document } = await registry.publish(bytes, { partBytes: 1000 });
    expect(document.assets).toMatchObject([{ name: "model.onnx", bytes: 3500 }]);
    const releases = (await registry.call("GET", `/repos/${registry.repository}/releases`)) as {
      readonly tag_name: string;
      readonly assets: readonly { readonly name: string; readonly size: number }[];
    }[];
    const release = releases.find((each) => each.tag_name === `rain@${document.version}`);
    // Parts are uploaded side by side: GitHub lists them as they came.
    const parts = release?.assets.filter(({ name }) => name !== "manifest.json").map(({ name, size }) => [name, size]);
    expect(parts?.sort()).toEqual([
      ["model.onnx.part-001-of-004", 1000],
      ["model.onnx.part-002-of-004", 1000],
      ["model.onnx.part-003-of-004", 1000],
      ["model.onnx.part-004-of-004", 500],
    ]);
    const out = join(registry.folder, "large");
    await registry.setFaults([
      { method: "GET", path: "/repos/*/releases/assets/*", skip: 1, times: 2, when: "after", truncate: true },
    ]);
    const settings = { reference: `rain@${document.version}`, out };
    const requests = await registry.count(async () => download(settings, await registry.session(), registry.context));
    await registry.clearFaults();
    expect(readFileSync(join(out, "model.onnx"), "utf8")).toBe(bytes);
    expect(requests.filter((entry) => entry.path.includes("/releases/assets/")).length).toBeGreaterThan(5);
    const again = await registry.count(async () => download(settings, await registry.session(), registry.context));
    expect(again.filter((entry) => entry.path.includes("/releases/assets/"))).toEqual([]);
  });

  it("sends large parts while they are digested; a stopped publish goes on with what it has, and a refused one leaves nothing", async () => {
    const bytes = Array.from({ length: 3200 }, (_, index) => String.fromCharCode(97 + (index % 19))).join("");
    const drafts = async () =>
      ((await registry.call("GET", `/repos/${registry.repository}/releases`)) as { readonly draft: boolean }[]).filter(
        ({ draft }) => draft,
      );
    const uploads = async (work: () => Promise<unknown>) =>
      (await registry.count(work)).filter(({ path, status }) => /releases\/\d+\/assets/.test(path) && status === 201)
        .length;
    await registry.setFaults([
      { method: "PATCH", path: "/repos/*/releases/*", skip: 1, times: 99, when: "before", status: 500 },
    ]);
    const stopped = async () => await expect(registry.publish(bytes, { partBytes: 1000 })).rejects.toThrow();
    expect(await uploads(stopped)).toBe(5);
    await registry.clearFaults();
    let version = "";
    const goOn = async () => {
      version = (await registry.publish(bytes, { partBytes: 1000 })).document.version;
    };
    expect(await uploads(goOn)).toBe(0);
    const other = bytes.replaceAll("a", "b");
    await expect(registry.publish(other, { partBytes: 1000, version })).rejects.toThrow(/exists with other bytes/);
    expect(await drafts()).toEqual([]);
  });

  // The limit on the size of files stands for a full disk: the system takes the first 8 KiB and says no more until the next write.
  it.skipIf(process.platform === "win32")(
    "keeps nothing of a file that the disk had no room for, and says so; with room it is whole",
    async () => {
      const bytes = "x".repeat(9_000);
      const { document } = await registry.publish(bytes);
      const out = join(registry.folder, "full");
      const run = async (limit: string) => {
        const command = `trap '' XFSZ; ${limit} exec "${process.execPath}" "${program}" registry download rain@${document.version} --out "${out}" --repo ${registry.repository}`;
        const environment = { PATH: process.env["PATH"], ...registry.context.environment, MODELGATE_NO_CACHE: "1" };
        const child = spawn("bash", ["-c", command], { cwd: registry.folder, env: environment });
        let said = "";
        child.stderr.on("data", (piece: Buffer) => {
          said += piece.toString();
        });
        const status = await new Promise((done) => child.on("close", done));
        return { status, said };
      };
      expect(await run("ulimit -f 8;")).toEqual({
        status: 3,
        said: expect.stringContaining("the file cannot be written"),
      });
      expect(existsSync(out) ? readdirSync(out).filter((name) => name.startsWith("model.onnx")) : []).toEqual([]);
      expect((await run("")).status).toBe(0);
      expect(readFileSync(join(out, "model.onnx"), "utf8")).toBe(bytes);
    },
  );

  it("answers every request as GitHub's contract says", () => {
    expect(registry.github.failures).toEqual([]);
  });
});
