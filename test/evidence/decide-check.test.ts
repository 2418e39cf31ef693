// From evidence to the state of the check: everything unknown is on the side of no.
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { type Circumstances, decideCheck } from "../../src/evidence/decide-check.ts";
import { configSha256, headSha, makeEvidence, makeGate, makeModel } from "./sample.ts";

const evidenceSha256 = "e".repeat(64);
const makeConfig = (more = "") =>
  parseConfig(`version: 1\nmodels:\n  rain:\n    gates: [roc_auc drop <= 0.5pp]\n${more}`, "modelgate.yml");

const plain: Circumstances = {
  headSha,
  fromFork: false,
  authorCanWrite: true,
  baseConfig: makeConfig(),
  baseConfigSha256: configSha256,
  affectedModels: ["rain"],
  baselines: new Map([["rain", "1.0.0"]]),
  belief: { level: "attested", reasons: [], changesWorkflows: false },
  acceptances: [],
  changes: new Map(),
  evidenceSha256,
};
const selfReported = { level: "self-reported", reasons: ["one job"], changesWorkflows: false } as const;
const accept = (gate: string, more = {}) => ({
  model: "rain",
  gate,
  by: "ann",
  reason: "known",
  headSha,
  evidenceSha256,
  ...more,
});

function stateOf(outcome: "pass" | "fail" | "inconclusive", change: Partial<Circumstances> = {}, model = {}): string {
  return decideCheck(makeEvidence([makeModel(outcome, model)]), { ...plain, ...change }).state;
}

describe("decideCheck", () => {
  test("follows the verdict", () => {
    expect(stateOf("pass")).toBe("success");
    expect(stateOf("fail")).toBe("failure");
    expect(stateOf("inconclusive")).toBe("action_required");
  });

  test("lets the base config, not the evidence, say that inconclusive only warns", () => {
    const lenient = makeEvidence([makeModel("inconclusive")], { inconclusive: "warn" });
    expect(decideCheck(lenient, plain).state).toBe("action_required");
    expect(stateOf("inconclusive", { baseConfig: makeConfig("    inconclusive: warn\n") })).toBe("neutral");
  });

  test.each<[string, Partial<Circumstances>]>([
    ["another head", { headSha: "b".repeat(40) }],
    ["a base config that changed since", { baseConfigSha256: "d".repeat(64) }],
    ["a baseline that moved on", { baselines: new Map([["rain", "1.1.0"]]) }],
    ["a baseline that is gone", { baselines: new Map([["rain", null]]) }],
    ["a registry that could not be read", { baselines: new Map() }],
  ])("is not green with %s", (_, change) => {
    expect(stateOf("pass", change)).toBe("failure");
  });

  test("is not green when the evidence leaves out or denies a model that the change concerns", () => {
    expect(decideCheck(makeEvidence([]), plain).state).toBe("failure");
    const denied = makeModel("pass", { status: "not-affected", verdict: null, comparison: null });
    expect(decideCheck(makeEvidence([denied]), plain).state).toBe("failure");
    expect(stateOf("pass", {}, { status: "training-failed", verdict: null, comparison: null })).toBe("failure");
  });

  test("a first version is one only while none is published", () => {
    const first = { baseline: null, firstVersion: true };
    expect(stateOf("pass", { baselines: new Map([["rain", null]]) }, first)).toBe("success");
    expect(stateOf("pass", {}, first)).toBe("failure");
  });

  test.each<[string, Partial<Circumstances>, string]>([
    ["an author who may write", {}, "success"],
    ["an author who may not", { authorCanWrite: false }, "action_required"],
    ["a fork", { fromFork: true }, "action_required"],
    ["changed workflows", { belief: { ...selfReported, changesWorkflows: true } }, "action_required"],
    [
      "a config that asks for attested evidence",
      { baseConfig: makeConfig("    evidence: attested\n") },
      "action_required",
    ],
  ])("self-reported evidence of %s", (_, change, state) => {
    expect(stateOf("pass", { belief: selfReported, ...change })).toBe(state);
    const accepted = { belief: selfReported, ...change, acceptances: [accept("evidence")] };
    expect(stateOf("pass", accepted)).toBe("success");
  });

  test("a change that needs a word needs it when the evidence keeps silent about it, and is asked for once", () => {
    const moved = { what: "evaluation-data", summary: "The evaluation data changes.", needsAccept: true } as const;
    const changes = new Map([["rain", [moved]]]);
    expect(stateOf("pass", { changes })).toBe("action_required");
    expect(stateOf("pass", { changes, acceptances: [accept("evaluation-data")] })).toBe("success");
    const told = makeEvidence([makeModel("pass", { changes: [moved] })]);
    expect(decideCheck(told, { ...plain, changes }).obstacles).toHaveLength(1);
  });

  test("a gate that decides in the config is not passed by evidence that calls it a warning, nor for a first version", () => {
    const gates = [makeGate("pass", { severity: "warn" })];
    const model = makeModel("pass");
    const comparison = model.comparison && { ...model.comparison, gates };
    expect(stateOf("pass", {}, { comparison })).toBe("action_required");
    const first = {
      baseline: null,
      firstVersion: true,
      comparison: model.comparison && { ...model.comparison, gates: [] },
    };
    expect(stateOf("pass", { baselines: new Map([["rain", null]]) }, first)).toBe("action_required");
  });

  test("an acceptance holds for its gate, head and evidence, and nothing else", () => {
    expect(stateOf("inconclusive", { acceptances: [accept("roc_auc drop")] })).toBe("success");
    expect(stateOf("fail", { acceptances: [accept("roc_auc drop")] })).toBe("success");
    expect(stateOf("inconclusive", { acceptances: [accept("f1 drop")] })).toBe("action_required");
    expect(stateOf("inconclusive", { acceptances: [accept("roc_auc drop", { headSha: "b".repeat(40) })] })).toBe(
      "action_required",
    );
    expect(stateOf("inconclusive", { acceptances: [accept("roc_auc drop", { evidenceSha256: "f".repeat(64) })] })).toBe(
      "action_required",
    );
  });

  test("a change of the evaluation data waits for a maintainer", () => {
    const changes = [{ what: "evaluation-data" as const, summary: "12 rows removed", needsAccept: true }];
    expect(stateOf("pass", {}, { changes })).toBe("action_required");
    expect(stateOf("pass", { acceptances: [accept("evaluation-data")] }, { changes })).toBe("success");
  });

  test("a gate of the base config that the evidence is silent about is not passed", () => {
    const comparison = { ...makeModel("pass").comparison!, gates: [] };
    expect(stateOf("pass", {}, { comparison })).toBe("action_required");
  });

  test("a behaviour of the base config that the evidence is silent about is not passed", () => {
    const behaviour = "behaviours: [{ id: steady, kind: invariance, change: { wind: 1 } }]";
    const baseConfig = parseConfig(
      `version: 1\nmodels: { rain: { gates: [roc_auc drop <= 0.5pp], ${behaviour} } }\n`,
      "modelgate.yml",
    );
    expect(stateOf("pass", { baseConfig })).toBe("action_required");
    const told = makeGate("pass", { id: "behaviour(steady)", rule: "behaviour(steady) >= 95%" });
    const { comparison } = makeModel("pass");
    const gates = [...comparison!.gates, told];
    expect(stateOf("pass", { baseConfig }, { comparison: { ...comparison!, gates } })).toBe("success");
  });

  test("a failing gate of severity warn does not block", () => {
    const comparison = { ...makeModel("pass").comparison!, gates: [makeGate("fail", { severity: "warn" })] };
    const gates = "[{ rule: roc_auc drop <= 0.5pp, severity: warn }]";
    const baseConfig = parseConfig(`version: 1\nmodels: { rain: { gates: ${gates} } }\n`, "modelgate.yml");
    expect(stateOf("pass", { baseConfig }, { comparison })).toBe("success");
  });
});
