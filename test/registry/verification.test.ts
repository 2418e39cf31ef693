// What somebody with push rights, or rights on releases, can do to a registry, and what `verify` says about it.
import { beforeEach, describe, expect, it } from "vitest";
import { gatherVerification } from "../../src/commands/gather-verification.ts";
import type { LedgerEvent } from "../../src/registry/event.ts";
import { type LedgerCommit, readEventMessage, renderEventMessage } from "../../src/registry/ledger.ts";
import { renderLedgerFile } from "../../src/registry/model-index.ts";
import { eventPath, stagesPath } from "../../src/registry/names.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { verifyRegistry } from "../../src/registry/verification.ts";
import { createMemoryRegistry, createRequest, type MemoryRegistry, orderedStages } from "./memory-registry.ts";

const maria = { login: "maria", permission: null, teams: [] };

/** Events 1 to 6: reserve, available, staging, reserve, available, staging. */
async function createUsedRegistry(): Promise<MemoryRegistry> {
  const registry = createMemoryRegistry();
  for (const [bytes, version] of [
    ["one", "1.0.0"],
    ["two", "1.1.0"],
  ] as const) {
    await publishVersion(registry, createRequest(bytes));
    const request = { model: "rain", version, stage: "staging", reason: null, actor: maria, stages: orderedStages };
    await promoteVersion(registry, request);
  }
  return registry;
}

async function check(registry: MemoryRegistry) {
  return verifyRegistry(await gatherVerification(registry));
}

function listCommits(registry: MemoryRegistry): readonly LedgerCommit[] {
  const list: LedgerCommit[] = [];
  for (let at = registry.ledger.head; at !== null; ) {
    const commit = registry.ledger.commits.get(at);
    if (commit === undefined) break;
    list.unshift(commit);
    at = commit.parent;
  }
  return list;
}

/** Writes the history anew as a rebase does: each commit with the files it changed, on the rewritten one before. */
function rewrite(
  registry: MemoryRegistry,
  commits: readonly LedgerCommit[],
  edit: (event: LedgerEvent) => LedgerEvent,
) {
  const { ledger } = registry;
  let parent: string | null = null;
  for (const commit of commits) {
    const event = edit(readEventMessage(commit.message) as LedgerEvent);
    const tree = [...(ledger.trees.get(commit.commit) ?? new Map<string, string>())];
    const before = commit.parent === null ? new Map() : (ledger.trees.get(commit.parent) ?? new Map());
    const changed = tree.flatMap(([path, content]) => (before.get(path) === content ? [] : [{ path, content }]));
    const files = changed.map((file) =>
      file.path.startsWith("events/") ? { path: eventPath(event.sequence), content: renderLedgerFile(event) } : file,
    );
    parent = ledger.write(parent, renderEventMessage(event), files).commit;
  }
}

describe("verifying the registry", () => {
  let registry: MemoryRegistry;
  beforeEach(async () => {
    registry = await createUsedRegistry();
  });

  it("holds when nobody meddled", async () => {
    expect(await check(registry)).toMatchObject({ holds: true, events: 6, firstBad: null, problems: [] });
  });

  it("names an event whose file was edited by a later commit", async () => {
    const event = readEventMessage(listCommits(registry)[2]?.message ?? "") as LedgerEvent;
    const content = renderLedgerFile({ ...event, actor: "eve" });
    registry.ledger.write(registry.ledger.head, "nothing to see", [{ path: eventPath(3), content }]);
    expect((await check(registry)).firstBad).toMatchObject({
      sequence: 3,
      problem: expect.stringMatching(/file was changed/),
    });
  });

  it("names an event that was edited by writing history anew", async () => {
    rewrite(registry, listCommits(registry), (event) => (event.sequence === 3 ? { ...event, actor: "eve" } : event));
    expect((await check(registry)).firstBad).toMatchObject({ sequence: 3, problem: expect.stringMatching(/edited/) });
  });

  it("names the place where an event was removed", async () => {
    rewrite(
      registry,
      listCommits(registry).filter((_, position) => position !== 2),
      (event) => event,
    );
    expect((await check(registry)).firstBad).toMatchObject({
      sequence: 3,
      problem: expect.stringMatching(/stands in the place/),
    });
  });

  it("names the place where two events changed places", async () => {
    const [one, two, three, four, ...rest] = listCommits(registry);
    rewrite(registry, [one, two, four, three, ...rest] as LedgerCommit[], (event) => event);
    expect((await check(registry)).firstBad?.sequence).toBe(3);
  });

  it("names the place where an event was put in twice", async () => {
    const [one, two, ...rest] = listCommits(registry);
    rewrite(registry, [one, two, two, ...rest] as LedgerCommit[], (event) => event);
    expect((await check(registry)).firstBad?.sequence).toBe(3);
  });

  it("finds by a manifest that the end was cut off", async () => {
    registry.ledger.head = listCommits(registry)[2]?.commit ?? null;
    expect((await check(registry)).firstBad).toMatchObject({
      sequence: 4,
      problem: expect.stringMatching(/it was cut/),
    });
  });

  it("finds by a manifest that everything was written anew, chain and index in order", async () => {
    const forged = createMemoryRegistry();
    await publishVersion(forged, createRequest("one", { actor: "eve" }));
    registry.ledger.commits.clear();
    for (const [sha, commit] of forged.ledger.commits) registry.ledger.commits.set(sha, commit);
    for (const [sha, tree] of forged.ledger.trees) registry.ledger.trees.set(sha, tree);
    registry.ledger.head = forged.ledger.head;
    const { firstBad } = await check(registry);
    expect(firstBad).toMatchObject({ sequence: 1, problem: expect.stringMatching(/rewritten/) });
  });

  it("finds a ledger that was deleted", async () => {
    registry.ledger.head = null;
    expect((await check(registry)).firstBad).toMatchObject({
      sequence: 1,
      problem: expect.stringMatching(/it was cut/),
    });
  });

  it("finds an index that is not what the events come to", async () => {
    const { ledger } = registry;
    const head = listCommits(registry).at(-1) as LedgerCommit;
    const text = ledger.trees
      .get(head.commit)
      ?.get(stagesPath("rain"))
      ?.replaceAll('"staging":"1.1.0"', '"staging":"1.0.0"');
    const tree = ledger.trees.get(head.commit) as Map<string, string>;
    tree.set(stagesPath("rain"), text ?? "");
    expect(await check(registry)).toMatchObject({
      holds: false,
      problems: [{ problem: "the index file models/rain/stages.json is not what the events come to" }],
    });
  });

  it("names who wrote an event for somebody else", async () => {
    const head = listCommits(registry)[2] as LedgerCommit;
    registry.ledger.commits.set(head.commit, { ...head, author: "eve" });
    expect((await check(registry)).firstBad).toMatchObject({
      sequence: 3,
      problem: "it says maria did this, and eve wrote the commit",
    });
    registry.ledger.commits.set(head.commit, { ...head, author: "github-actions[bot]" });
    expect((await check(registry)).holds).toBe(true);
  });

  it.each([
    ["model.onnx", "model.onnx was replaced"],
    ["manifest.json", "manifest.json is missing or was replaced"],
  ])("finds a %s that was replaced by hand", async (name, problem) => {
    const asset = registry.releases.releases[1]?.assets.find((other) => other.name === name);
    registry.releases.replaceAsset(asset?.id ?? 0, "other bytes");
    expect((await check(registry)).firstBad).toMatchObject({ sequence: 5, problem: `rain@1.1.0: ${problem}` });
  });

  it("finds a release that was deleted by hand", async () => {
    registry.releases.releases = registry.releases.releases.slice(1);
    expect((await check(registry)).firstBad).toMatchObject({ sequence: 2, problem: "rain@1.0.0: its release is gone" });
  });
});
