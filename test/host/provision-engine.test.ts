import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineFamilies, listEnginePackages } from "../../scripts/engine-packages.mjs";
import { ProviderError } from "../../src/errors.ts";
import { type EnginePackage, provisionEngine } from "../../src/host/provision-engine.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";

/** A package registry with one tarball, which also holds what a hostile one might. */
const tarballs = new Map<string, Buffer>();
const requests: string[] = [];
const registry = createServer((request, response) => {
  requests.push(request.url ?? "");
  const tarball = tarballs.get(request.url ?? "");
  response.writeHead(tarball ? 200 : 404);
  response.end(tarball);
});
let url = "";

async function packTarball(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts));
}

beforeAll(async () => {
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const address = registry.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const files = {
    "package/package.json": '{"name":"@m/engine","version":"1.2.3"}',
    [`package/bin/napi-v6/${process.platform}/${process.arch}/engine.node`]: "ours",
    "package/bin/napi-v6/plan9/mips/engine.node": "of another machine",
    "package/../../../outside.txt": "escaped",
  };
  tarballs.set("/@m/engine/-/engine-1.2.3.tgz", await packTarball(files));
});
afterAll(() => void registry.close());

function describePackage(changes: Partial<EnginePackage> = {}): EnginePackage {
  const bytes = tarballs.get("/@m/engine/-/engine-1.2.3.tgz") ?? Buffer.of();
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  return { path: "node_modules/@m/engine", name: "@m/engine", version: "1.2.3", integrity, ...changes };
}

async function provision(
  packages: readonly EnginePackage[],
  check: (cache: string, folder: () => Promise<string>) => Promise<void>,
) {
  await withTemporaryFolder(async (cache) => {
    const environment = { RUNNER_TOOL_CACHE: cache, npm_config_registry: `${url}/` };
    await check(cache, () => provisionEngine("tested", packages, environment));
  });
}

describe("an engine that is not in the clone", () => {
  it("is fetched once into the tool cache: what the lockfile pins, for this platform, nothing outside its folder", async () => {
    const foreign = describePackage({ path: "node_modules/@m/foreign", name: "@m/foreign", os: ["plan9"] });
    await provision([describePackage(), foreign], async (cache, start) => {
      requests.length = 0;
      const [first, second] = await Promise.all([start(), start()]);
      expect(first).toBe(second);
      const engine = join(first, "node_modules/@m/engine");
      expect(readFileSync(join(engine, `bin/napi-v6/${process.platform}/${process.arch}/engine.node`), "utf8")).toBe(
        "ours",
      );
      expect(existsSync(join(engine, "bin/napi-v6/plan9"))).toBe(false);
      expect(existsSync(join(first, "node_modules/@m/foreign"))).toBe(false);
      expect(readdirSync(cache)).toEqual(["modelgate-engines"]);
      expect(readdirSync(join(cache, "modelgate-engines"))).toHaveLength(1);
      const before = requests.length;
      expect(await start()).toBe(first);
      expect(requests).toHaveLength(before);
    });
  });

  it("is refused when the registry sends other bytes, and leaves nothing behind", async () => {
    const integrity = `sha512-${createHash("sha512").update("other bytes").digest("base64")}`;
    await provision([describePackage({ integrity })], async (cache, start) => {
      await expect(start()).rejects.toThrow("other bytes for @m/engine@1.2.3 than the lockfile pins");
      expect(readdirSync(join(cache, "modelgate-engines"))).toEqual([]);
    });
  });

  it("is missed clearly when the registry does not have it", async () => {
    await provision([describePackage({ version: "9.9.9" })], async (_, start) => {
      await expect(start()).rejects.toThrow(ProviderError);
      await expect(start()).rejects.toMatchObject({ problems: [{ received: "HTTP 404" }] });
    });
  });
});

describe("the list of what engines need", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

  it("is complete for every family, each with its integrity", () => {
    for (const roots of Object.values(engineFamilies)) {
      const list = listEnginePackages(lock, roots);
      expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(roots));
      expect(list.every(({ integrity }) => integrity.startsWith("sha512-"))).toBe(true);
    }
    const names = listEnginePackages(lock, engineFamilies.duckdb).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["@duckdb/node-bindings", "@duckdb/node-bindings-linux-x64", "detect-libc"]),
    );
  });

  it("follows the nested packages of the lockfile", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", integrity: "sha512-a", dependencies: { b: "^2.0.0" } },
      "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b2", dependencies: { c: "*" } },
      "node_modules/b": { version: "1.0.0", integrity: "sha512-b1" },
      "node_modules/c": { version: "3.0.0", integrity: "sha512-c", optionalDependencies: { missing: "*" } },
    };
    const paths = listEnginePackages({ packages }, ["a"]).map(({ path }) => path);
    expect(paths).toEqual(["node_modules/a", "node_modules/a/node_modules/b", "node_modules/c"]);
    expect(() => listEnginePackages({ packages }, ["d"])).toThrow("no d");
  });
});
