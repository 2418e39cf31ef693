// Every call of the protocol fails once, in the ways a network has; what is left must be whole, and one of everything.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listRegistry } from "../../src/commands/registry-list.ts";
import { verify } from "../../src/commands/registry-verify.ts";
import { ModelgateError } from "../../src/errors.ts";
import { type FaultRule, type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

interface ReleaseEntry {
  readonly tag_name: string;
  readonly draft: boolean;
}

const faults: readonly Partial<FaultRule>[] = [
  { when: "after", drop: true },
  { when: "before", drop: true },
  { when: "after", status: 500 },
  { when: "before", status: 502 },
  { when: "after", truncate: true },
];
/** Two kinds at each call; with this set, all five. */
const rounds = process.env["MODELGATE_ALL_FAULTS"] ? [0, 1, 2, 3, 4] : [0, 3];

describe.each(rounds)("publish and promote with a network that fails (round %i)", (round) => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
  });
  afterAll(() => registry.stop());

  it("at any one call: the publish is whole, once, at the latest when it is run again", async () => {
    let hit = true;
    let count = 0;
    for (; hit; count += 1) {
      await registry.clearFaults();
      const fault = faults[(count + round) % faults.length];
      await registry.setFaults([{ method: "*", path: "*", skip: count, times: 1, ...fault }]);
      const run = async () => {
        await registry.publish(`bytes ${count}`);
        await registry.promote(`1.${count}.0`, "staging");
      };
      await run().catch(async (error: unknown) => {
        expect(error).toBeInstanceOf(ModelgateError);
        await run();
      });
      const [rule] = (await registry.call("GET", "/_local/faults")) as readonly { readonly hits: number }[];
      hit = rule?.hits === 1;
    }
    await registry.clearFaults();
    expect(count).toBeGreaterThan(16);
    const session = await registry.session();
    const { document } = await listRegistry("rain", session);
    expect(document.models[0]?.versions.map((version) => [version.version, version.state])).toEqual(
      Array.from({ length: count }, (_, index) => [`1.${index}.0`, "available"]),
    );
    const releases = (await registry.call(
      "GET",
      `/repos/${registry.repository}/releases?per_page=100`,
    )) as ReleaseEntry[];
    expect(releases.filter((release) => release.draft)).toEqual([]);
    expect(new Set(releases.map((release) => release.tag_name)).size).toBe(count);
    expect(releases).toHaveLength(count);
    const verification = await verify(session);
    expect(verification.text).toBe(`the registry holds: ${count * 3} events, their index and all releases`);
  }, 60_000);
});
