// The ledger learns that a set of rows judged a change: once, whoever says so, and never at the price of a verdict.
import { describe, expect, it } from "vitest";
import { recordEvaluationUses } from "../../src/commands/record-evaluation-uses.ts";
import { findUse } from "../../src/registry/evaluation-use.ts";
import { readModelIndex } from "../../src/registry/ledger-view.ts";
import { createModelIndex } from "../../src/registry/model-index.ts";
import { createMemoryRegistry } from "../registry/memory-registry.ts";

const rows = "a".repeat(64);
const head = (n: number) => n.toString(16).padStart(40, "0");

describe("recordEvaluationUses", () => {
  const settings = {
    judged: [{ model: "rain", sha256: rows, verdict: "pass" as const }],
    headSha: head(1),
    sameChange: [],
    pullNumber: 7,
    actor: "modelgate[bot]",
  };

  it("writes one event for a change, also when several processes count it at once", async () => {
    const registry = createMemoryRegistry();
    await Promise.all([1, 2, 3, 4].map(() => recordEvaluationUses(settings, registry)));
    await recordEvaluationUses({ ...settings, headSha: head(9), sameChange: [head(1)] }, registry);
    await Promise.all([2, 3].map((n) => recordEvaluationUses({ ...settings, headSha: head(n) }, registry)));
    const index = await readModelIndex(registry.ledger, "rain");
    expect(index.evaluationUses).toMatchObject([{ sha256: rows, uses: 3 }]);
    expect(index.sequence).toBe(3);
    expect(findUse(index, rows, head(1))).toEqual({ subject: head(1), verdict: "pass" });
    expect(findUse(createModelIndex("rain"), rows, head(1))).toBeNull();
  });

  it("warns and goes on when the ledger cannot be written", async () => {
    const registry = createMemoryRegistry();
    const told: string[] = [];
    const down = () => Promise.reject(new Error("GitHub is down"));
    const ledger = { ...registry.ledger, readHead: down, readTogether: down };
    await recordEvaluationUses(settings, { ...registry, ledger, progress: (line: string) => told.push(line) } as never);
    expect(told.join()).toMatch(/warning: .*rain was used could not be counted: GitHub is down/);
  });
});
