// Many at once over HTTP: versions stay unique, nothing is lost, nothing is there twice.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listRegistry } from "../../src/commands/registry-list.ts";
import { verify } from "../../src/commands/registry-verify.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

const publishers = Number(process.env["MODELGATE_PUBLISHERS"] ?? 6);

describe("many publishers and promoters at once", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
  });
  afterAll(() => registry.stop());

  it("publishes every content once, also when two publish the same", async () => {
    const contents = Array.from({ length: publishers }, (_, index) => `bytes ${Math.floor(index * 0.8)}`);
    const published = await Promise.all(contents.map((bytes) => registry.publish(bytes)));
    const byContent = new Map<string, Set<string>>();
    published.forEach(({ document }, index) => {
      const content = contents[index] ?? "";
      byContent.set(content, (byContent.get(content) ?? new Set()).add(document.version));
    });
    expect([...byContent.values()].every((versions) => versions.size === 1)).toBe(true);
    const distinct = new Set(contents).size;
    expect(new Set([...byContent.values()].flatMap((versions) => [...versions])).size).toBe(distinct);
    const releases = (await registry.call("GET", `/repos/${registry.repository}/releases?per_page=100`)) as {
      readonly draft: boolean;
    }[];
    expect(releases.map((release) => release.draft)).toEqual(Array.from({ length: distinct }, () => false));
    expect((await verify(await registry.session())).text).toMatch(/^the registry holds/);
  }, 60_000);

  it("moves a stage once per promotion, in some order", async () => {
    const { document } = await listRegistry("rain", await registry.session());
    const versions = document.models[0]?.versions.map((version) => version.version) ?? [];
    const changes = await Promise.all(versions.map((version) => registry.promote(version, "staging")));
    const sequences = changes.map((change) => change.document.event?.sequence ?? 0).sort((a, b) => a - b);
    expect(new Set(sequences).size).toBe(versions.length);
    expect((sequences.at(-1) ?? 0) - (sequences[0] ?? 0)).toBe(versions.length - 1);
    expect((await verify(await registry.session())).exitCode).toBe(0);
  }, 60_000);
});
