// Evidence of one model with one gate, to be changed by each test where it matters.
import type { Evidence, ModelEvidence } from "../../src/evidence/evidence.ts";

type Outcome = "pass" | "fail" | "inconclusive";
type Gate = NonNullable<ModelEvidence["comparison"]>["gates"][number];

export const headSha = "a".repeat(40);
export const configSha256 = "c".repeat(64);

export function makeGate(outcome: Outcome, more: Partial<Gate> = {}): Gate {
  return {
    id: "roc_auc drop",
    rule: "roc_auc drop <= 0.5pp",
    resolved: "0.5 points",
    outcome,
    severity: "fail",
    reason: "because of the numbers",
    metric: "roc_auc",
    slice: null,
    rows: 365,
    value: 0.8,
    threshold: 0.005,
    baseline: 0.81,
    difference: -0.01,
    interval: [-0.02, 0.001],
    confidence: 0.95,
    pValuePass: null,
    pValueFail: null,
    adjustedPValueFail: null,
    smallestDetectableEffect: null,
    passableMargin: null,
    rowsNeeded: null,
    ...more,
  };
}

export function makeModel(outcome: Outcome, more: Partial<ModelEvidence> = {}): ModelEvidence {
  return {
    model: "rain",
    status: "judged",
    verdict: outcome,
    problem: null,
    candidate: null,
    baseline: { version: "1.0.0", stage: "production", sha256: null },
    firstVersion: false,
    evaluationData: null,
    comparison: {
      kind: "comparison",
      schemaVersion: 1,
      rows: 365,
      verdict: outcome,
      unchanged: false,
      metrics: [],
      gates: [makeGate(outcome)],
      remarks: [],
    },
    secondComparison: null,
    evaluation: null,
    benchmark: null,
    runRecord: null,
    changes: [],
    history: [],
    historyMetric: null,
    notes: [],
    ...more,
  };
}

export function makeEvidence(models: readonly ModelEvidence[], more: Partial<Evidence> = {}): Evidence {
  return {
    kind: "evidence",
    schemaVersion: 1,
    createdAt: "2026-01-01T00:00:00Z",
    headSha,
    baseSha: null,
    baseConfigSha256: configSha256,
    workflowRun: { id: 1, attempt: 1 },
    isolation: "separate-jobs",
    ranProposedCode: false,
    inconclusive: "block",
    models: [...models],
    ...more,
  };
}
