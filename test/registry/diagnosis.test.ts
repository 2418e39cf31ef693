// What is left half done or put out of place, and that the printed plan repairs it.
import { describe, expect, it } from "vitest";
import { gatherVerification } from "../../src/commands/gather-verification.ts";
import { examineRegistry, repairRegistry } from "../../src/commands/registry-doctor.ts";
import type { RegistrySession } from "../../src/commands/registry-session.ts";
import { readLedgerView } from "../../src/registry/ledger-view.ts";
import { stagesPath } from "../../src/registry/names.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { beginUpload } from "../../src/registry/upload-ahead.ts";
import { verifyRegistry } from "../../src/registry/verification.ts";
import { createMemoryRegistry, createRequest, type MemoryRegistry, orderedStages } from "./memory-registry.ts";

const later = new Date("2026-03-01T02:00:00Z");

const context = {
  folder: "/",
  // Who repairs: a workflow run, which is not asked for its token's owner.
  environment: { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "maria" },
  now: () => later,
  progress: () => {},
  signal: new AbortController().signal,
};
const findStages = () => orderedStages;

function examine(registry: MemoryRegistry) {
  return examineRegistry(registry, context);
}

/** As a session whose code lies in the registry's own repository. */
function openSession(registry: MemoryRegistry): RegistrySession {
  const repository = { owner: "octo", name: "rain" };
  return { ...registry, repository, registry: repository } as unknown as RegistrySession;
}

/** Publishes and dies at the first call of this name. */
async function publishUntil(registry: MemoryRegistry, call: string, when: "crash-before" | "crash-after") {
  registry.faults.decide = (name) => (name === call ? when : null);
  await publishVersion(registry, createRequest("two")).catch(() => {});
  registry.faults.decide = () => null;
}

async function repair(registry: MemoryRegistry) {
  await repairRegistry(await examine(registry), openSession(registry), "maria", findStages, context);
  expect(await examine(registry)).toEqual([]);
  expect(verifyRegistry(await gatherVerification(registry)).problems).toEqual([]);
}

describe("the doctor", () => {
  it("finds nothing in a registry that is in order", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    expect(await examine(registry)).toEqual([]);
  });

  it("withdraws a publish that stopped at its uploads, and deletes its draft", async () => {
    const registry = createMemoryRegistry();
    await publishUntil(registry, "upload", "crash-before");
    expect(await examine(registry)).toMatchObject([{ kind: "half-done-publish", subject: "rain@1.0.0" }]);
    await repair(registry);
    expect(registry.releases.releases).toEqual([]);
    expect(await publishVersion(registry, createRequest("two"))).toMatchObject({ record: { version: "1.1.0" } });
  });

  it("records what was published when only the last event is missing", async () => {
    const registry = createMemoryRegistry();
    await publishUntil(registry, "publish", "crash-after");
    expect(await examine(registry)).toMatchObject([{ explanation: expect.stringMatching(/out and whole/) }]);
    await repair(registry);
    expect(await publishVersion(registry, createRequest("two"))).toMatchObject({ state: "unchanged" });
  });

  it("leaves a publish alone that began a moment ago", async () => {
    const registry = createMemoryRegistry();
    registry.clock.now = later;
    await publishUntil(registry, "createDraft", "crash-before");
    expect(await examine(registry)).toEqual([]);
  });

  it("withdraws a version whose release was deleted by hand", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    registry.releases.releases = [];
    expect(await examine(registry)).toMatchObject([{ kind: "missing-release", subject: "rain@1.0.0" }]);
    await repair(registry);
  });

  it("deletes the draft of a rival whose publish was finished by another", async () => {
    const registry = createMemoryRegistry();
    const { record } = await publishVersion(registry, createRequest("one"));
    const [{ body } = { body: "" }] = registry.releases.releases;
    const draft = { tag: "rain@1.0.0", title: "", body, prerelease: false, targetCommit: null };
    await registry.releases.createDraft(draft);
    expect(await examine(registry)).toMatchObject([{ kind: "orphan-draft", subject: "rain@1.0.0" }]);
    await repair(registry);
    expect(registry.releases.releases.map(({ id }) => id)).toEqual([record.release?.id]);
  });

  it("deletes what was sent ahead by a publish that died before its version was known", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    await beginUpload(registry, "rain", []);
    expect(await examine(registry)).toMatchObject([{ kind: "orphan-draft", subject: "rain@0.0.0-uploading" }]);
    await repair(registry);
    expect(registry.releases.releases.map(({ tag }) => tag)).toEqual(["rain@1.0.0"]);
  });

  describe("a file that was replaced by hand", () => {
    const actor = { login: "ann", permission: null, teams: [] };
    const move = (registry: MemoryRegistry, version: string, stage: string) =>
      promoteVersion(registry, { model: "rain", stage, version, reason: null, actor, stages: orderedStages });
    const replace = (registry: MemoryRegistry, tag: string) => {
      const release = registry.releases.releases.find((each) => each.tag === tag);
      registry.releases.replaceAsset(release?.assets[0]?.id ?? 0, "other bytes");
    };

    it("of a version in no stage: the version is withdrawn", async () => {
      const registry = createMemoryRegistry();
      await publishVersion(registry, createRequest("one"));
      replace(registry, "rain@1.0.0");
      const [found] = await examine(registry);
      expect(found).toMatchObject({ kind: "replaced-asset", repair: { repair: "withdraw" } });
      expect(found?.advice).toMatch(
        /^where you have the file with this digest: modelgate doctor --repair --file PATH;/,
      );
      await repair(registry);
    });

    it("of a version that stages hold: they go back to the last one that verifies, and it is withdrawn", async () => {
      const registry = createMemoryRegistry();
      for (const [bytes, version] of [
        ["one", "1.0.0"],
        ["two", "1.1.0"],
        ["three", "1.2.0"],
      ] as const) {
        await publishVersion(registry, createRequest(bytes));
        for (const stage of ["staging", "production"]) await move(registry, version, stage);
      }
      replace(registry, "rain@1.1.0");
      replace(registry, "rain@1.2.0");
      const found = await examine(registry);
      expect(found).toMatchObject([
        { subject: "rain@1.1.0", repair: { repair: "withdraw" } },
        {
          subject: "rain@1.2.0",
          repair: {
            repair: "roll-back",
            moves: [
              { stage: "staging", to: "1.0.0" },
              { stage: "production", to: "1.0.0" },
            ],
          },
        },
      ]);
      await repair(registry);
      const { index } = await readLedgerView(registry.ledger, "rain", null);
      expect(index.stages).toEqual({ staging: "1.0.0", production: "1.0.0" });
      expect(index.recent.map(({ version, state }) => `${version} ${state}`)).toEqual([
        "1.2.0 withdrawn",
        "1.1.0 withdrawn",
        "1.0.0 available",
      ]);
    });

    it("of a version that a stage holds and nothing to go back to: a person promotes another, or puts it back", async () => {
      const registry = createMemoryRegistry();
      await publishVersion(registry, createRequest("one"));
      await move(registry, "1.0.0", "staging");
      replace(registry, "rain@1.0.0");
      const [held] = await examine(registry);
      expect(held).toMatchObject({ kind: "replaced-asset", subject: "rain@1.0.0", repair: null });
      expect(held?.advice).toMatch(
        /staging holds it and has held no other good version whose files are all there: promote one/,
      );
      await publishVersion(registry, createRequest("two"));
      await move(registry, "1.1.0", "staging");
      await repair(registry);
    });
  });

  it("deletes tags of versions that ended, and explains those that nobody knows", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    registry.releases.releases = [];
    await repair(registry);
    expect(await registry.releases.listTags()).toEqual([]);
    registry.releases.tags.add("rain@1.0.0");
    registry.releases.tags.add("rain@9.9.9");
    expect(await examine(registry)).toMatchObject([
      { kind: "orphan-tag", subject: "rain@1.0.0", repair: { repair: "delete-tag" } },
      { kind: "orphan-tag", subject: "rain@9.9.9", repair: null },
    ]);
  });

  it("explains a release that somebody made by hand, and does not touch it", async () => {
    const registry = createMemoryRegistry();
    const made = { tag: "rain@7.0.0", title: "", body: "", prerelease: false, targetCommit: null };
    await registry.releases.publish(await registry.releases.createDraft(made));
    const findings = await examine(registry);
    expect(findings).toMatchObject([{ kind: "foreign-release", subject: "rain@7.0.0", repair: null }]);
    await repairRegistry(findings, openSession(registry), "maria", findStages, context);
    expect(registry.releases.releases).toHaveLength(1);
  });

  it("writes an index anew that is behind the ledger", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const tree = registry.ledger.trees.get(registry.ledger.head ?? "") as Map<string, string>;
    tree.delete(stagesPath("rain"));
    tree.set("models/rain/versions/1.0.0.json", "{}");
    expect(await examine(registry)).toMatchObject([{ kind: "index-behind-ledger" }]);
    await repair(registry);
  });
});
