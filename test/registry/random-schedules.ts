// Many publishers and promoters at once, in any order, each of whom may die at any call: whatever happened, running the same
// things again leaves every publish whole or absent, every version once, and a ledger that verifies.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { gatherVerification } from "../../src/commands/gather-verification.ts";
import { InputError, ProviderError, RefusedError } from "../../src/errors.ts";
import { readEventMessage } from "../../src/registry/ledger.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { defaultPartBytes, planUploads } from "../../src/registry/publish-files.ts";
import type { PublishPorts } from "../../src/registry/publish-step.ts";
import { rollbackStage } from "../../src/registry/rollback.ts";
import { beginUpload } from "../../src/registry/upload-ahead.ts";
import { verifyRegistry } from "../../src/registry/verification.ts";
import { Crash, type Fault, type Faults } from "./faults.ts";
import { createRequest, orderedStages } from "./memory-registry.ts";

/** An empty registry that several actors share; whatever they call goes through its faults. */
export interface SharedRegistry {
  readonly faults: Faults;
  /** A process of its own: it knows nothing that another one read. */
  readonly open: () => PublishPorts;
  /** Lets others go first, as long as `steps` says. */
  readonly pause: (steps: number) => Promise<void>;
}

type Deed =
  | {
      readonly deed: "publish";
      readonly bytes: string;
      readonly evaluation: string;
      readonly version: string | null;
      /** The model is on its way before anything is decided. */
      readonly ahead: boolean;
    }
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
      ahead: fc.boolean(),
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
/** How long an actor waits before each call: enough to bring any two into either order. */
const pauses = fc.infiniteStream(fc.nat(12));

async function perform(ports: PublishPorts, deed: Deed): Promise<void> {
  const actor = { login: "maria", permission: null, teams: [] };
  const common = { model: "rain", reason: null, actor, stages: orderedStages };
  if (deed.deed === "promote") await promoteVersion(ports, { ...common, ...deed });
  else if (deed.deed === "rollback") await rollbackStage(ports, { ...common, stage: "production", to: null });
  else {
    const request = createRequest(deed.bytes, { version: deed.version });
    const [model, ...documents] = request.files;
    const other = createRequest(`${deed.evaluation} of ${deed.bytes}`).files.slice(1);
    const files = model ? [model, ...(deed.evaluation === "first" ? documents : other)] : [];
    const sources = planUploads(files.slice(0, 1), defaultPartBytes).flatMap(({ uploads }) => uploads);
    const ahead = deed.ahead ? await beginUpload(ports, "rain", sources) : null;
    try {
      await publishVersion(ports, { ...request, files, ahead });
      await ahead?.discard();
    } catch (error) {
      // A process that died discards nothing.
      if (!(error instanceof Crash)) await ahead?.discard();
      throw error;
    }
  }
}

/** True when the deed was done or refused by a rule; false when the process died or gave up. */
async function tryDeed(ports: PublishPorts, deed: Deed): Promise<boolean> {
  try {
    await perform(ports, deed);
    return true;
  } catch (error) {
    if (error instanceof RefusedError) return true;
    // Nobody has published yet what this one would promote.
    if (error instanceof InputError && /there is no such version/.test(error.message)) return true;
    if (error instanceof Crash || error instanceof ProviderError) return false;
    throw error;
  }
}

/** Runs `runs` random schedules, each on a registry of its own; fails with the seed and the shortest schedule that goes wrong. */
export async function runRandomSchedules(
  start: () => Promise<SharedRegistry>,
  runs: number,
  seed?: number,
): Promise<void> {
  const property = fc.asyncProperty(
    fc.array(deeds, { minLength: 2, maxLength: 7 }),
    fc.infiniteStream(faults),
    pauses,
    async (list, faultStream, pauseStream) => {
      const registry = await start();
      registry.faults.decide = () => faultStream.next().value ?? null;
      registry.faults.pause = () => registry.pause(pauseStream.next().value ?? 0);
      const done = await Promise.all(list.map((deed) => tryDeed(registry.open(), deed)));
      registry.faults.decide = () => null;
      for (const [index, deed] of list.entries())
        if (!done[index] && !(await tryDeed(registry.open(), deed))) throw new Error("a deed fails without a fault");
      await checkWhole(registry.open());
    },
  );
  await fc.assert(property, { numRuns: runs, verbose: 1, ...(seed === undefined ? {} : { seed }) });
}

/** Throws unless every reserved version is published once and whole, and ledger and releases verify. */
async function checkWhole(ports: PublishPorts): Promise<void> {
  const input = await gatherVerification(ports);
  const { problems } = verifyRegistry(input);
  if (problems.length > 0) throw new Error(`the registry does not hold: ${JSON.stringify(problems)}`);
  const published = (await ports.releases.listReleases()).filter((release) => !release.draft);
  const tags = published.map((release) => release.tag).sort();
  const reserved = input.commits
    .flatMap(({ message }) => {
      const event = readEventMessage(message);
      return event?.event === "reserve" ? [`${event.model}@${event.version}`] : [];
    })
    .sort();
  if (new Set(reserved).size !== reserved.length) throw new Error(`a version was reserved twice: ${reserved}`);
  if (!isDeepStrictEqual(tags, reserved)) throw new Error(`reserved ${reserved}, published ${tags}`);
}
