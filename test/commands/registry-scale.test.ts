// What reading and promoting cost in a registry of thousands of events.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promote } from "../../src/commands/promote.ts";
import { listRegistry } from "../../src/commands/registry-list.ts";
import { defaultStages } from "../../src/config/resolve-stages.ts";
import { seedRegistry } from "../registry/seed-registry.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

describe("a registry of 1,100 versions", () => {
  let registry: LocalRegistry;
  let cache: string;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    cache = mkdtempSync(join(tmpdir(), "modelgate-cache-"));
    // Those that a test promotes.
    const promoted = [2, 3, 403, 404, 500, 1099];
    const releases = (minor: number) => promoted.includes(minor);
    const wish = { repository: registry.repository, promoteEvery: 500, trees: "last", releases } as const;
    const models = [
      { model: "snow", versions: 3 },
      { model: "rain", versions: 1100 },
    ];
    seedRegistry(registry.github, { ...wish, models, now: () => new Date() });
  }, 60_000);
  afterAll(async () => {
    await registry.stop();
    rmSync(cache, { recursive: true, force: true });
  });

  it("shows the newest of a model without reading the ledger, and all when asked", async () => {
    const session = await registry.session();
    const newest = await listRegistry("rain", session);
    const requests = await registry.count(() => listRegistry("rain", session));
    expect(requests.length).toBeLessThanOrEqual(14);
    const [rain] = newest.document.models;
    expect(rain).toMatchObject({ versionCount: 1100, complete: false, stages: { staging: "1.1099.0" } });
    expect(rain?.versions.at(-1)).toMatchObject({ version: "1.1099.0", assets: [{ name: "model.onnx" }] });
    expect(newest.text).toContain("… 1090 older: modelgate registry show rain --all");
    const all = await listRegistry("rain", session, { all: true });
    expect(all.document.models[0]).toMatchObject({ complete: true, versions: { length: 1100 } });
  });

  it("lists the models by their index", async () => {
    const session = await registry.session();
    const requests = await registry.count(async () => {
      const { text, document } = await listRegistry(null, session);
      expect(text).toBe("rain  1100 versions  staging 1.1099.0\nsnow  3 versions  staging 1.2.0");
      expect(document.models[0]?.versions[0]?.assets).toBeNull();
    });
    expect(requests.length).toBe(5);
  });

  it("promotes any version in 6 requests, its release looked at, 5 once the token's owner is known", async () => {
    const context = { ...registry.context, environment: { ...registry.context.environment, XDG_CACHE_HOME: cache } };
    const common = { model: "rain", reason: null, actor: null, stages: defaultStages, holdout: null };
    const move = async (version: string) =>
      registry.count(async () =>
        promote({ ...common, version, stage: "production" }, await registry.session(), context),
      );
    expect(
      (await move("1.3.0")).map(
        ({ method, path }) => `${method} ${decodeURIComponent(path).split("/").slice(4).join("/")}`,
      ),
    ).toEqual([
      "GET ",
      "POST ",
      expect.stringMatching(/^GET releases\/\d+$/),
      "POST git/trees",
      "POST git/commits",
      "PATCH git/refs/heads/modelgate/ledger",
    ]);
    expect((await move("1.2.0")).length).toBe(5);
    expect((await move("1.1099.0")).length).toBe(5);
  });

  it.each([403, 404, 500])("does without GraphQL where it answers %i, at one request more per file", async (status) => {
    await registry.setFaults([{ method: "POST", path: "/graphql", when: "before", times: 100, status }]);
    const requests = await registry.count(() => registry.promote(`1.${status}.0`, "production"));
    await registry.clearFaults();
    const others = requests.filter(({ path }) => path !== "/graphql");
    expect(others.length).toBe(8);
    expect((await registry.promote(`1.${status}.0`, "production")).document.state).toBe("unchanged");
  });
});
