import { describe, expect, it } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import { approveVersion, promoteVersion } from "../../src/registry/promote.ts";
import { type Actor, checkActor, needsLookup, type StageRule } from "../../src/registry/promotion.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { createMemoryRegistry, createRequest } from "./memory-registry.ts";

function describeStage(more: Partial<StageRule["who"]> = {}, approvals = 0): StageRule {
  const who = { permission: "write", users: [], teams: [], ...more } as const;
  return { name: "production", promotesFrom: null, who, approvals };
}

function person(login: string, permission: Actor["permission"] = "write", teams: readonly string[] = []): Actor {
  return { login, permission, teams };
}

describe("who may set a stage", () => {
  it.each<[string, Partial<StageRule["who"]>, Actor, boolean]>([
    ["anybody who can write, without a rule", {}, person("ann", null), true],
    ["a maintainer where a maintainer is asked for", { permission: "maintain" }, person("ann", "maintain"), true],
    ["an admin where a maintainer is asked for", { permission: "maintain" }, person("ann", "admin"), true],
    ["nobody with less", { permission: "maintain" }, person("ann", "write"), false],
    ["nobody whose permission is not known", { permission: "maintain" }, person("ann", null), false],
    ["a named person, in any case", { users: ["Ann"] }, person("ann", "write"), true],
    ["nobody else where people are named, however mighty", { users: ["ann"] }, person("bob", "admin"), false],
    [
      "a named person or a maintainer where both are said",
      { users: ["ann"], permission: "maintain" },
      person("bob", "admin"),
      true,
    ],
    ["a member of a named team", { teams: ["ml"] }, person("ann", "write", ["ml"]), true],
    ["nobody of another team", { teams: ["ml"] }, person("ann", "write", ["web"]), false],
  ])("%s", (_name, who, actor, allowed) => {
    expect(checkActor(describeStage(who), actor).length === 0).toBe(allowed);
  });

  it("is looked up only when a rule asks for more than write access", () => {
    expect(
      [{}, { permission: "read" as const }, { permission: "maintain" as const }, { users: ["ann"] }].map((who) =>
        needsLookup(describeStage(who)),
      ),
    ).toEqual([false, false, true, true]);
  });
});

describe("promoting", () => {
  const stages = [describeStage({}, 1)];
  const request = { model: "rain", version: "1.0.0", stage: "production", reason: null, stages };

  it("waits for people beside the one who asks, each counted once", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one"));
    const promote = () => promoteVersion(registry, { ...request, actor: person("ann") });
    await expect(promote()).rejects.toThrow(/0 of 1 approvals/);
    await approveVersion(registry, { ...request, actor: person("ann") });
    await expect(promote()).rejects.toThrow(/0 of 1 approvals/);
    expect((await approveVersion(registry, { ...request, actor: person("bob") })).event).not.toBeNull();
    expect((await approveVersion(registry, { ...request, actor: person("BOB") })).event).toBeNull();
    expect((await promote()).view.index.stages).toEqual({ production: "1.0.0" });
  });

  it.each([
    ["fail", "staging", false],
    ["inconclusive", "staging", true],
    ["inconclusive", "production", false],
    ["pass", "production", true],
    [null, "production", true],
  ] as const)("with the verdict %s to %s: %s", async (verdict, stage, allowed) => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one", { verdict }));
    const free = [{ ...describeStage(), name: "staging" }, describeStage()];
    const work = promoteVersion(registry, { ...request, stage, stages: free, actor: person("ann") });
    if (allowed) expect((await work).event).not.toBeNull();
    else await expect(work).rejects.toThrow(RefusedError);
  });

  it("says all that is wrong at once", async () => {
    const registry = createMemoryRegistry();
    await publishVersion(registry, createRequest("one", { verdict: "fail" }));
    const strict = [{ ...describeStage({ permission: "admin" }, 2), promotesFrom: "staging" }];
    const error: unknown = await promoteVersion(registry, { ...request, stages: strict, actor: person("ann") }).catch(
      (e: unknown) => e,
    );
    expect((error as RefusedError).problems.map((problem) => problem.message)).toEqual([
      "ann may not set the stage production",
      "rain@1.0.0 was never in staging, from which production takes its versions",
      "rain@1.0.0 has the verdict fail",
      "rain@1.0.0 has 0 of 2 approvals for production",
    ]);
  });
});
