// Evidence of one model with one gate, to be changed by each test where it matters; the documents are those of the report's examples.
import type { Evidence, ModelEvidence } from "../../src/evidence/evidence.ts";
import { comparison, evidence, type Gate, gate, model } from "../report/example-evidence.ts";

type Outcome = "pass" | "fail" | "inconclusive";

export const headSha = "a".repeat(40);
export const configSha256 = "c".repeat(64);

export function makeGate(outcome: Outcome, more: Partial<Gate> = {}): Gate {
  return gate({
    id: "roc_auc drop",
    rule: "roc_auc drop <= 0.5pp",
    resolved: "0.5 points",
    outcome,
    reason: "because of the numbers",
    metric: "roc_auc",
    value: 0.8,
    threshold: 0.005,
    baseline: 0.81,
    difference: -0.01,
    interval: [-0.02, 0.001],
    ...more,
  });
}

/** Neither candidate nor evaluation data are told. */
export function makeModel(outcome: Outcome, more: Partial<ModelEvidence> = {}): ModelEvidence {
  return model({
    model: "rain",
    verdict: outcome,
    candidate: null,
    baseline: { version: "1.0.0", stage: "production", sha256: null },
    evaluationData: null,
    comparison: comparison({ verdict: outcome, gates: [makeGate(outcome)], remarks: [] }),
    ...more,
  });
}

export function makeEvidence(models: readonly ModelEvidence[], more: Partial<Evidence> = {}): Evidence {
  return evidence(models, {
    createdAt: "2026-01-01T00:00:00Z",
    headSha,
    baseSha: null,
    baseConfigSha256: configSha256,
    workflowRun: { id: 1, attempt: 1 },
    ...more,
  });
}
