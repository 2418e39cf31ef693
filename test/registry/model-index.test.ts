import { describe, expect, it } from "vitest";
import { resolve } from "../../src/commands/registry-resolve.ts";
import { verify } from "../../src/commands/registry-verify.ts";
import { renderLedgerFile } from "../../src/registry/model-index.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { foldEvents, readEvents } from "../../src/registry/registry-state.ts";
import { reserveVersion } from "../../src/registry/reserve.ts";
import { rollbackStage } from "../../src/registry/rollback.ts";
import { createMemoryRegistry, createRequest, type MemoryRegistry } from "./memory-registry.ts";

const who = { permission: "write", users: [], teams: [] } as const;
const stages = [{ name: "production", promotesFrom: null, who, approvals: 0 }];
const actor = { login: "maria", permission: null, teams: [] };
const common = { model: "rain", stage: "production", reason: null, actor, stages };

async function createModel(versions: number): Promise<MemoryRegistry> {
  const registry = createMemoryRegistry();
  for (let number = 0; number < versions; number += 1) await publishVersion(registry, createRequest(`bytes ${number}`));
  await promoteVersion(registry, { ...common, version: "1.0.0" });
  return registry;
}

async function readStages({ ledger }: MemoryRegistry): Promise<string> {
  return (await ledger.readFile("models/rain/stages.json")) ?? "";
}

describe("the index of a model", () => {
  it("is within 10 % as long with 200 versions as with 10, and tells of the oldest that a stage holds", async () => {
    const [few, many] = [await createModel(10), await createModel(200)];
    const [short, long] = [await readStages(few), await readStages(many)];
    expect(JSON.parse(long).recent.at(-1).version).toBe("1.0.0");
    const oneMore = JSON.stringify(JSON.parse(long).recent.at(-1)).length;
    expect((long.length - oneMore) / short.length).toBeLessThan(1.05);
    expect(long.length / short.length).toBeLessThan(1.1);
    const record = JSON.parse((await many.ledger.readFile("models/rain/versions/1.0.0.json")) ?? "");
    const { document } = await resolve("rain@production", many);
    expect(document).toMatchObject({ version: "1.0.0", manifestSha256: record.manifestSha256 });
    expect((await verify(many)).document.problems).toEqual([]);
  });

  it("keeps an old version listed after going back to it, and drops the one that was left", async () => {
    const registry = await createModel(20);
    await promoteVersion(registry, { ...common, version: "1.1.0" });
    const listed = async () =>
      JSON.parse(await readStages(registry)).recent.map((one: { version: string }) => one.version);
    expect(await listed()).toContain("1.1.0");
    await rollbackStage(registry, { ...common, to: null });
    expect((await listed()).slice(10)).toEqual(["1.0.0"]);
    expect((await verify(registry)).document.problems).toEqual([]);
  });

  it("of an older Modelgate, which listed 100 versions, holds as well, and is shortened by the next event", async () => {
    const registry = await createModel(30);
    const head = await registry.ledger.readHead();
    if (head === null) throw new Error("no ledger");
    const events = readEvents(await registry.ledger.readCommits(head)).map(({ event }) => event);
    const older = foldEvents(events, 100).get("rain")?.index;
    expect(older?.recent).toHaveLength(30);
    const tree = registry.ledger.trees.get(head.commit);
    if (tree === undefined || older === undefined) throw new Error("no index");
    registry.ledger.trees.set(head.commit, new Map([...tree, ["models/rain/stages.json", renderLedgerFile(older)]]));
    expect((await verify(registry)).document.problems).toEqual([]);
    await publishVersion(registry, createRequest("one more"));
    expect(JSON.parse(await readStages(registry)).recent).toHaveLength(11);
    expect((await verify(registry)).document.problems).toEqual([]);
  });

  it("still gives every candidate its own number when it no longer lists the earlier ones", async () => {
    const registry = await createModel(1);
    const candidate = { ...createRequest("candidate 1"), candidate: true };
    expect((await reserveVersion(registry, candidate)).record.version).toBe("1.1.0-rc.1");
    for (let number = 1; number <= 12; number += 1)
      await publishVersion(registry, createRequest(`fix ${number}`, { version: `1.0.${number}` }));
    const next = { ...createRequest("candidate 2"), candidate: true };
    expect((await reserveVersion(registry, next)).record.version).toBe("1.1.0-rc.2");
    expect((await verify(registry)).document.problems).toEqual([]);
  });
});
