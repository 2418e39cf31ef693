import { describe, expect, it } from "vitest";
import { readRegistryState } from "../../src/commands/registry-reading.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { planRetention, type RetentionRules } from "../../src/registry/retention.ts";
import { createMemoryRegistry, createRequest } from "./memory-registry.ts";

const rules: RetentionRules = { keepLast: 1, keepDays: null, keepBest: null, budgetBytes: null };

/** Versions 1.0.0 to 1.5.0, a day apart; `production` held 1.0.0, then 1.1.0, now 1.2.0. */
async function createModel() {
  const registry = createMemoryRegistry();
  for (let index = 0; index < 6; index += 1) {
    registry.clock.now = new Date(Date.UTC(2026, 2, 1 + index));
    await publishVersion(
      registry,
      createRequest(`bytes ${index}`, { metrics: { roc_auc: [0.7, 0.9, 0.8, 0.6, 0.95, 0.5][index] ?? 0 } }),
    );
  }
  const who = { permission: "write", users: [], teams: [] } as const;
  const stages = [{ name: "production", promotesFrom: null, who, approvals: 0 }];
  const actor = { login: "ann", permission: null, teams: [] };
  for (const version of ["1.0.0", "1.1.0", "1.2.0"])
    await promoteVersion(registry, { model: "rain", version, stage: "production", reason: null, actor, stages });
  const model = (await readRegistryState(registry.ledger)).get("rain");
  if (model === undefined) throw new Error("no model");
  return (more: Partial<RetentionRules>) =>
    planRetention(model, { ...rules, ...more }, new Date("2026-03-06T12:00:00Z"))
      .filter((entry) => entry.keep)
      .map((entry) => `${entry.version} ${entry.reason}`);
}

describe("retention", () => {
  it("never lets go of what a stage holds, would roll back to, or of the newest", async () => {
    const keep = await createModel();
    expect(keep({})).toEqual([
      "1.1.0 production would roll back to it",
      "1.2.0 production holds it",
      "1.5.0 one of the last 1",
    ]);
  });

  it("keeps what is young, and the best by a metric in either direction", async () => {
    const keep = await createModel();
    expect(keep({ keepDays: 2 })).toContain("1.4.0 younger than 2 days");
    expect(keep({ keepBest: { metric: "roc_auc", direction: "higher", count: 1 } })).toContain(
      "1.4.0 one of the 1 best by roc_auc",
    );
    expect(keep({ keepBest: { metric: "roc_auc", direction: "lower", count: 2 } })).toContain(
      "1.3.0 one of the 2 best by roc_auc",
    );
  });

  it("lets go of the oldest first, only until the rest fits into the budget", async () => {
    const keep = await createModel();
    const everything = keep({ budgetBytes: 1_000_000 });
    expect(everything).toHaveLength(6);
    const size = 6 * ("bytes 0".length + '{"of":"bytes 0"}'.length);
    expect(keep({ budgetBytes: size - 1 }).map((line) => line.slice(0, 5))).toEqual([
      "1.1.0",
      "1.2.0",
      "1.3.0",
      "1.4.0",
      "1.5.0",
    ]);
  });
});
