import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listRegistry } from "../../src/commands/registry-list.ts";
import { verify } from "../../src/commands/registry-verify.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";
import { seedRegistry } from "./seed-registry.ts";

describe("a seeded registry", () => {
  let seeded: LocalRegistry;
  let published: LocalRegistry;
  beforeAll(async () => {
    [seeded, published] = await Promise.all([startLocalRegistry(), startLocalRegistry()]);
  });
  afterAll(() => Promise.all([seeded.stop(), published.stop()]));

  it("is what publishing one by one comes to, verifies, and goes on from there", async () => {
    const wish = { repository: seeded.repository, promoteEvery: 2, trees: "all", releases: () => true } as const;
    seedRegistry(seeded.github, { ...wish, models: [{ model: "rain", versions: 3 }], now: () => new Date() });
    for (const number of [1, 2, 3]) {
      await published.publish(`bytes ${number} of rain`);
      if (number > 1) await published.promote(`1.${number - 1}.0`, "staging");
    }
    const [one, other] = await Promise.all([seeded, published].map(readComparable));
    expect(one).toEqual(other);
    expect((await verify(await seeded.session())).text).toMatch(/^the registry holds: 9 events/);
    expect((await seeded.publish("bytes 2 of rain")).document).toMatchObject({ state: "unchanged", version: "1.1.0" });
    expect((await seeded.publish("new bytes")).document).toMatchObject({ state: "published", version: "1.3.0" });
    expect((await verify(await seeded.session())).text).toMatch(/^the registry holds: 11 events/);
  }, 60_000);
});

/** The state without times and without who. */
async function readComparable(registry: LocalRegistry): Promise<unknown> {
  const { document } = await listRegistry("rain", await registry.session());
  return document.models.map(({ name, stages, versions }) => ({
    name,
    stages,
    versions: versions.map(({ version, state, assets }) => ({ version, state, assets })),
  }));
}
