// What is left half done or put out of place, and that the printed plan repairs it.
import { describe, expect, it } from "vitest";
import { gatherVerification } from "../../src/commands/gather-verification.ts";
import { examineRegistry, repairRegistry } from "../../src/commands/registry-doctor.ts";
import type { RegistrySession } from "../../src/commands/registry-session.ts";
import { stagesPath } from "../../src/registry/names.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { verifyRegistry } from "../../src/registry/verification.ts";
import { createMemoryRegistry, createRequest, type MemoryRegistry, orderedStages } from "./memory-registry.ts";

const later = new Date("2026-03-01T02:00:00Z");

function examine(registry: MemoryRegistry) {
  const context = {
    folder: "/",
    environment: {},
    now: () => later,
    progress: () => {},
    signal: new AbortController().signal,
  };
  return examineRegistry(registry, context);
}

/** Publishes and dies at the first call of this name. */
async function publishUntil(registry: MemoryRegistry, call: string, when: "crash-before" | "crash-after") {
  registry.faults.decide = (name) => (name === call ? when : null);
  await publishVersion(registry, createRequest("two")).catch(() => {});
  registry.faults.decide = () => null;
}

async function repair(registry: MemoryRegistry) {
  await repairRegistry(await examine(registry), registry as unknown as RegistrySession, "maria");
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

  it("withdraws a version whose file was replaced by hand, once no stage holds it", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const [asset] = registry.releases.releases[0]?.assets ?? [];
    const actor = { login: "ann", permission: null, teams: [] };
    const move = { model: "rain", stage: "staging", reason: null, actor, stages: orderedStages };
    await promoteVersion(registry, { ...move, version: "1.0.0" });
    registry.releases.replaceAsset(asset?.id ?? 0, "other bytes");
    const [held] = await examine(registry);
    expect(held).toMatchObject({ kind: "replaced-asset", subject: "rain@1.0.0", repair: null });
    expect(held?.advice).toMatch(/staging holds it: modelgate rollback rain --stage staging/);
    await publishVersion(registry, createRequest("two"));
    await promoteVersion(registry, { ...move, version: "1.1.0" });
    expect(await examine(registry)).toMatchObject([{ kind: "replaced-asset", repair: { repair: "withdraw" } }]);
    await repair(registry);
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
    await repairRegistry(findings, registry as unknown as RegistrySession, "maria");
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
