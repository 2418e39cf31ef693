// A maintainer's word on the way onto the default branch: the same head, baseline and rows, and nothing worse than what was accepted.
import { describe, expect, test } from "vitest";
import { carryAcceptances, holdsWithAcceptances } from "../../src/evidence/carry-acceptance.ts";
import { headSha, makeModel } from "./sample.ts";

const rows = "a".repeat(64);
const evaluationData = { source: "e.csv", window: null, sha256: rows, rows: 90 };
const details = {
  gate: "roc_auc drop",
  headSha,
  baselineVersion: "1.0.0",
  evaluationSha256: rows,
  outcome: "inconclusive",
};
const carry = (outcome: "pass" | "fail" | "inconclusive", more = {}, heads = [headSha]) => {
  const accepted = [{ actor: "ann", reason: "fine", details: { ...details, ...more } }];
  return carryAcceptances(makeModel(outcome, { evaluationData }), accepted, heads);
};

describe("carryAcceptances", () => {
  test("marks the gate that was accepted for a head the commit merged", () => {
    const model = carry("inconclusive");
    expect(model.comparison?.gates[0]?.accepted).toEqual({ by: "ann", reason: "fine" });
    expect(holdsWithAcceptances(model)).toBe(true);
    expect(carry("pass").comparison?.gates[0]?.accepted).toBeUndefined();
  });

  test.each<[string, "fail" | "inconclusive", object, string[]?]>([
    ["another head", "inconclusive", {}, ["b".repeat(40)]],
    ["no head at all", "inconclusive", {}, []],
    ["another baseline", "inconclusive", { baselineVersion: "1.1.0" }],
    ["other rows", "inconclusive", { evaluationSha256: "b".repeat(64) }],
    ["another gate", "inconclusive", { gate: "f1 drop" }],
    ["a worse outcome than was accepted", "fail", {}],
    ["an event that does not say what was accepted", "inconclusive", { outcome: null }],
    ["an event of another shape", "inconclusive", { headSha: 7 }],
  ])("marks nothing for %s", (_, outcome, more, heads) => {
    const model = carry(outcome, more, heads);
    expect(model.comparison?.gates[0]?.accepted).toBeUndefined();
    expect(holdsWithAcceptances(model)).toBe(false);
  });
});
