// An explanation and behaviours as evidence carries them, for the tests of what people read.
import type { BehaviourDocument, ExplanationDocument } from "../../src/evidence/explanation-document.ts";

export const explanation: ExplanationDocument = {
  reason: null,
  metric: "roc_auc",
  output: "probability of `1`",
  rows: 334,
  shuffles: 5,
  predictions: 10_410,
  confidence: 0.95,
  importances: [
    {
      column: "temp_max",
      metric: "roc_auc",
      baseline: { value: 0.3935, interval: [0.3124, 0.464] },
      candidate: { value: 0.1959, interval: [0.1308, 0.2552] },
      difference: { value: -0.1976, interval: [-0.2397, -0.1495] },
      adjustedPValue: 7.8e-17,
      used: { baseline: true, candidate: true },
    },
    {
      column: "wind",
      metric: "roc_auc",
      baseline: { value: 0.0369, interval: [0.0014, 0.0756] },
      candidate: { value: 0.0857, interval: [0.0386, 0.1317] },
      difference: { value: 0.0488, interval: [0.0147, 0.0829] },
      adjustedPValue: 0.0052,
      used: { baseline: true, candidate: true },
    },
    {
      column: "temp_min",
      metric: "roc_auc",
      baseline: { value: 0.1427, interval: [0.0921, 0.1952] },
      candidate: { value: 0, interval: [0, 0] },
      difference: { value: -0.1427, interval: [-0.1854, -0.1001] },
      adjustedPValue: 3.5e-10,
      used: { baseline: true, candidate: false },
    },
  ],
  shapley: {
    rows: 50,
    background: 10,
    base: { baseline: 0.468, candidate: 0.4404 },
    largestError: { baseline: 5.1e-15, candidate: 2.1e-15 },
    addsUp: true,
    columns: [
      { column: "temp_max", baseline: 0.3309, candidate: 0.1878 },
      { column: "wind", baseline: 0.0628, candidate: 0.0927 },
      { column: "temp_min", baseline: 0.2174, candidate: 0 },
    ],
    examples: [
      {
        row: 17,
        prediction: 0.31,
        baselinePrediction: 0.82,
        parts: [
          { column: "temp_max", value: -0.2 },
          { column: "wind", value: 0.07 },
        ],
      },
    ],
  },
  dependence: [
    {
      column: "wind",
      points: [1.4, 2.5, 3.3, 6.2].map((value, at) => ({
        value,
        baseline: [0.274, 0.338, 0.388, 0.572][at]!,
        candidate: [0.259, 0.339, 0.404, 0.647][at]!,
      })),
    },
    {
      column: "temp_max",
      points: [5.6, 11.7, 18.3, 30].map((value, at) => ({
        value,
        baseline: [0.91, 0.62, 0.31, 0.02][at]!,
        candidate: [0.68, 0.55, 0.38, 0.14][at]!,
      })),
    },
  ],
  changes: [
    "`temp_max` matters less: shuffling it cost 0.393 roc_auc, now 0.196 (−0.240 … −0.150).",
    "`temp_min` is no longer looked at: shuffling it cost 0.143 roc_auc, and now moves no prediction.",
    "`wind` matters more: shuffling it cost 0.037 roc_auc, now 0.086 (+0.015 … +0.083).",
  ],
  remarks: [],
};

export const behaviours: BehaviourDocument[] = [
  {
    id: "warmer-days-are-drier",
    kind: "directional",
    severity: "fail",
    minPass: 0.95,
    outcome: "pass",
    reason: "`warmer-days-are-drier` holds on all 334 rows.",
    rows: 334,
    skipped: 0,
    candidate: { passed: 334, rate: 1, interval: [0.9886, 1] },
    baseline: { passed: 334, rate: 1, interval: [0.9886, 1] },
    difference: { value: 0, interval: [-0.011, 0.011] },
    failing: [],
  },
  {
    id: "plain-days",
    kind: "minimum-functionality",
    severity: "fail",
    minPass: 0.95,
    outcome: "fail",
    reason: "`plain-days` fails on 1 of 2 cases (the baseline on 0): 50 % pass, 95 % must.",
    rows: 2,
    skipped: 0,
    candidate: { passed: 1, rate: 0.5, interval: null },
    baseline: { passed: 2, rate: 1, interval: null },
    difference: { value: -0.5, interval: null },
    failing: [
      { name: "case 2", given: { wind: 6, temp_max: 8.5, season: "winter" }, what: "the decision is 0, not 1" },
    ],
  },
];
