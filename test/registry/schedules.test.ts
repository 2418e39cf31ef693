// Many publishers and promoters at once, in any order, each of whom may die at any call: whatever happened, running the same
// things again leaves every publish whole or absent, every version once, and a ledger that verifies.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherVerification } from "../../src/commands/registry-verify.ts";
import { RefusedError } from "../../src/errors.ts";
import { LostAnswerError } from "../../src/registry/lost-answer.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { rollbackStage } from "../../src/registry/rollback.ts";
import { verifyRegistry } from "../../src/registry/verification.ts";
import { Crash, type Fault } from "./faults.ts";
import { createMemoryRegistry, createRequest, type MemoryRegistry, orderedStages } from "./memory-registry.ts";

type Deed =
  | { readonly deed: "publish"; readonly bytes: string; readonly evaluation: string; readonly version: string | null }
  | { readonly deed: "promote"; readonly version: string; readonly stage: string }
  | { readonly deed: "rollback" };

const contents = ["one", "two", "three"];
const versions = ["1.0.0", "1.1.0", "1.2.0"];
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      deed: fc.constant("publish" as const),
      bytes: fc.constantFrom(...contents),
      evaluation: fc.constantFrom("first", "second"),
      version: fc.constantFrom(null, null, null, ...versions),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      deed: fc.constant("promote" as const),
      version: fc.constantFrom(...versions),
      stage: fc.constantFrom("staging", "production"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant("rollback" as const) }) },
);
const faults: fc.Arbitrary<Fault | null> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fault>("lost-before", "lost-after", "half", "crash-before", "crash-after"),
  },
);

async function perform(registry: MemoryRegistry, deed: Deed): Promise<void> {
  const actor = { login: "maria", permission: null, teams: [] };
  const common = { model: "rain", reason: null, actor, stages: orderedStages };
  if (deed.deed === "promote") await promoteVersion(registry, { ...common, ...deed });
  else if (deed.deed === "rollback") await rollbackStage(registry, { ...common, stage: "production", to: null });
  else {
    const request = createRequest(deed.bytes, { version: deed.version });
    const [model, ...documents] = request.files;
    const text = `${deed.evaluation} of ${deed.bytes}`;
    const other = createRequest(text).files.slice(1);
    await publishVersion(registry, {
      ...request,
      files: model ? [model, ...(deed.evaluation === "first" ? documents : other)] : [],
    });
  }
}

/** True when the deed was done or refused by a rule; false when the process died or gave up. */
async function tryDeed(registry: MemoryRegistry, deed: Deed): Promise<boolean> {
  try {
    await perform(registry, deed);
    return true;
  } catch (error) {
    if (error instanceof RefusedError) return true;
    if (error instanceof Crash || error instanceof LostAnswerError) return false;
    throw error;
  }
}

/** Microtasks to let pass before a call: enough to bring any two actors into either order. */
const pauses = fc.infiniteStream(fc.nat(12));

describe("random schedules with crashes", () => {
  it("leave a registry that is whole once everything was run again", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(deeds, { minLength: 2, maxLength: 7 }),
        fc.infiniteStream(faults),
        pauses,
        async (list, faultStream, pauseStream) => {
          const registry = createMemoryRegistry();
          registry.faults.decide = () => faultStream.next().value ?? null;
          registry.faults.pause = async () => {
            for (let left = pauseStream.next().value ?? 0; left > 0; left -= 1) await Promise.resolve();
          };
          const done = await Promise.all(list.map((deed) => tryDeed(registry, deed)));
          registry.faults.decide = () => null;
          for (const [index, deed] of list.entries())
            if (!done[index]) expect(await tryDeed(registry, deed)).toBe(true);
          await checkWhole(registry);
        },
      ),
      { numRuns: Number(process.env["MODELGATE_SCHEDULES"] ?? 200), verbose: 1 },
    );
  });
});

async function checkWhole(registry: MemoryRegistry): Promise<void> {
  const verification = verifyRegistry(await gatherVerification(registry));
  expect(verification.problems).toEqual([]);
  const { releases } = registry.releases;
  const published = releases.filter((release) => !release.draft);
  expect(new Set(published.map((release) => release.tag)).size).toBe(published.length);
  const events = registry.ledger.commits;
  const reserved = [...events.values()].flatMap((commit) => commit.message.match(/^#\d+ reserve (\S+)/)?.[1] ?? []);
  expect(new Set(reserved).size).toBe(reserved.length);
  expect(published.map((release) => release.tag).sort()).toEqual([...reserved].sort());
}
