import { describe, expect, it } from "vitest";
import { verify } from "../../src/commands/registry-verify.ts";
import { RefusedError } from "../../src/errors.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { rollbackStage } from "../../src/registry/rollback.ts";
import { Crash, type Fault } from "./faults.ts";
import { createMemoryRegistry, createRequest, orderedStages } from "./memory-registry.ts";

const maria = { login: "maria", permission: null, teams: [] };

describe("publishing", () => {
  it("makes 1.0.0 the first, with everything in one published release", async () => {
    const registry = createMemoryRegistry();
    const { state, record } = await publishVersion(registry, createRequest("one"));
    expect(state).toBe("published");
    expect(record).toMatchObject({ version: "1.0.0", state: "available", change: "first" });
    expect(registry.releases.releases).toHaveLength(1);
    expect(registry.releases.releases[0]).toMatchObject({ tag: "rain@1.0.0", draft: false });
    expect(registry.releases.releases[0]?.assets.map((asset) => asset.name).sort()).toEqual([
      "evaluation.json",
      "manifest.json",
      "model.onnx",
    ]);
  });

  it("is a no-op for the same bytes, also with another evaluation beside them", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const before = registry.faults.calls.length;
    const again = await publishVersion(registry, createRequest("one", { reason: "again" }));
    expect(again).toMatchObject({ state: "unchanged", record: { version: "1.0.0" } });
    expect(registry.faults.calls.slice(before)).toEqual(["readTogether", "readFile", "readRelease"]);
  });

  it("refuses other bytes under the same version, and the same bytes under a second one", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    await expect(publishVersion(registry, createRequest("two", { version: "1.0.0" }))).rejects.toThrow(
      /exists with other bytes/,
    );
    await expect(publishVersion(registry, createRequest("one", { version: "1.1.0" }))).rejects.toThrow(
      /are already version 1.0.0/,
    );
    expect(registry.releases.releases).toHaveLength(1);
  });

  it("lets a release hold the bytes of its candidate", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one", { version: "1.0.0-rc.1" }));
    const final = await publishVersion(registry, createRequest("one", { version: "1.0.0" }));
    expect(final).toMatchObject({ state: "published", record: { version: "1.0.0" } });
  });

  it("gives a signature that breaks callers a major version once, and no number that hides it", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const breaking = (bytes: string, version: string | null = null) =>
      publishVersion(registry, createRequest(bytes, { breaksFrom: "1.0.0", version }));
    await expect(breaking("two", "1.1.0")).rejects.toThrow(/the signature of rain breaks its callers, and 1.1.0/);
    expect((await breaking("two")).record).toMatchObject({ version: "2.0.0", change: "major" });
    expect((await breaking("three")).record).toMatchObject({ version: "2.1.0", change: "minor" });
    expect((await breaking("four", "2.1.1")).record.version).toBe("2.1.1");
  });

  it("numbers candidates, and makes the release of the one that is published as a release", async () => {
    const registry = createMemoryRegistry();
    const publish = async (bytes: string, candidate: boolean) => {
      const { record, state } = await publishVersion(registry, createRequest(bytes, { candidate }));
      return `${record.version} ${state}`;
    };
    await publish("zero", false);
    expect(await publish("one", true)).toBe("1.1.0-rc.1 published");
    expect(await publish("one", true)).toBe("1.1.0-rc.1 unchanged");
    expect(await publish("two", true)).toBe("1.1.0-rc.2 published");
    expect(await publish("two", false)).toBe("1.1.0 published");
    expect(await publish("two", false)).toBe("1.1.0 unchanged");
    expect(await publish("two", true)).toBe("1.1.0 unchanged");
    // The other candidate of a version that is out becomes the next one.
    expect(await publish("one", false)).toBe("1.2.0 published");
    expect(await publish("three", true)).toBe("1.3.0-rc.1 published");
    expect((await verify(registry)).document.problems).toEqual([]);
  });

  it("uses few calls when nobody else is there", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const before = registry.faults.calls.length;
    await publishVersion(registry, createRequest("two"));
    expect(registry.faults.calls.slice(before)).toEqual([
      "readTogether",
      "append",
      "createDraft",
      "upload",
      "upload",
      "upload",
      "publish",
      "append",
    ]);
  });
});

describe("a model with more versions than its index lists", () => {
  it("costs the same, still knows old bytes, and still promotes old versions", async () => {
    const registry = createMemoryRegistry();
    const stages = orderedStages;
    const costOfPromoting = async (version: string) => {
      const before = registry.faults.calls.length;
      await promoteVersion(registry, { model: "rain", version, stage: "staging", reason: null, actor: maria, stages });
      return registry.faults.calls.length - before;
    };
    for (let index = 0; index < 10; index += 1) await publishVersion(registry, createRequest(`bytes ${index}`));
    const early = await costOfPromoting("1.9.0");
    for (let index = 10; index < 120; index += 1) await publishVersion(registry, createRequest(`bytes ${index}`));
    expect(await costOfPromoting("1.119.0")).toBe(early);
    expect(await costOfPromoting("1.0.0")).toBe(early);
    expect(await publishVersion(registry, createRequest("bytes 3"))).toMatchObject({
      state: "unchanged",
      record: { version: "1.3.0" },
    });
    const tree = registry.ledger.trees.get(registry.ledger.head ?? "");
    expect(tree?.get("models/rain/stages.json")?.length).toBeLessThan(50_000);
  });
});

describe("a publish that stops", () => {
  const faults: readonly Fault[] = ["lost-before", "lost-after", "half", "crash-before", "crash-after"];
  it.each(faults)("at any call (%s) is whole after it is run again", async (fault) => {
    for (let stop = 0; ; stop += 1) {
      const registry = createMemoryRegistry();
      registry.faults.decide = (_call, number) => (number === stop ? fault : null);
      let crashed = false;
      const run = () => publishVersion(registry, createRequest("one"));
      const first = await run().catch((error: unknown) => {
        if (!(error instanceof Crash) && !(error instanceof Error && error.name === "LostAnswerError")) throw error;
        crashed = true;
        return run();
      });
      expect(first.record).toMatchObject({ version: "1.0.0", state: "available" });
      expect(registry.releases.releases.map((release) => [release.tag, release.draft])).toEqual([
        ["rain@1.0.0", false],
      ]);
      expect(registry.releases.releases[0]?.assets).toHaveLength(3);
      expect(registry.ledger.commits.size, `stopped at ${stop}`).toBe(2);
      if (!crashed && registry.faults.calls.length <= stop) break;
    }
  });
});

describe("stages", () => {
  it("move along promotes-from, back to the last good version, and forward again", async () => {
    const registry = createMemoryRegistry();
    for (const bytes of ["one", "two", "three"]) {
      await publishVersion(registry, createRequest(bytes));
      const version = `1.${["one", "two", "three"].indexOf(bytes)}.0`;
      for (const stage of ["staging", "production"])
        await promoteVersion(registry, {
          model: "rain",
          version,
          stage,
          reason: null,
          actor: maria,
          stages: orderedStages,
        });
    }
    const back = { model: "rain", stage: "production", to: null, reason: "drift", actor: maria, stages: orderedStages };
    expect(await rollbackStage(registry, back)).toMatchObject({ from: "1.2.0", to: "1.1.0" });
    expect(await rollbackStage(registry, back)).toMatchObject({ from: "1.1.0", to: "1.0.0" });
    await expect(rollbackStage(registry, back)).rejects.toThrow(RefusedError);
    const forward = {
      model: "rain",
      version: "1.2.0",
      stage: "production",
      reason: null,
      actor: maria,
      stages: orderedStages,
    };
    expect((await promoteVersion(registry, forward)).view.index.stages["production"]).toBe("1.2.0");
  });

  it("take a rollback for done whose answer was lost, and not for a second one", async () => {
    const registry = createMemoryRegistry();
    for (const [bytes, version] of [
      ["one", "1.0.0"],
      ["two", "1.1.0"],
    ] as const) {
      await publishVersion(registry, createRequest(bytes));
      const request = { model: "rain", version, stage: "staging", reason: null, actor: maria, stages: orderedStages };
      await promoteVersion(registry, request);
    }
    registry.faults.decide = (call) => (call === "append" ? "lost-after" : null);
    const back = { model: "rain", stage: "staging", to: null, reason: null, actor: maria, stages: orderedStages };
    expect(await rollbackStage(registry, back)).toMatchObject({ from: "1.1.0", to: "1.0.0", event: { sequence: 7 } });
  });

  it("refuses what was never in the stage before, and bytes that do not verify", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const request = {
      model: "rain",
      version: "1.0.0",
      stage: "production",
      reason: null,
      actor: maria,
      stages: orderedStages,
    };
    await expect(promoteVersion(registry, request)).rejects.toThrow(/never in staging/);
    await promoteVersion(registry, { ...request, stage: "staging" });
    await publishVersion(registry, createRequest("two"));
    await promoteVersion(registry, { ...request, version: "1.1.0", stage: "staging" });
    const model = registry.releases.releases[0]?.assets.find((asset) => asset.name === "model.onnx");
    registry.releases.replaceAsset(model?.id ?? 0, "poisoned");
    const back = { model: "rain", stage: "staging", to: null, reason: null, actor: maria, stages: orderedStages };
    await expect(rollbackStage(registry, back)).rejects.toThrow(/not those that were published/);
  });
});
