// Evidence and contexts that the tests of the report build on: one pull request's three models, and the pieces to vary.
import { parseConfig } from "../../src/config/parse.ts";
import { type Circumstances, decideCheck } from "../../src/evidence/decide-check.ts";
import type { Evidence, ModelEvidence } from "../../src/evidence/evidence.ts";
import type { ReportContext } from "../../src/report/report-context.ts";

type Comparison = NonNullable<ModelEvidence["comparison"]>;
export type Gate = Comparison["gates"][number];
export type Metric = Comparison["metrics"][number];

export const headSha = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

export function gate(part: Partial<Gate> & Pick<Gate, "id" | "rule" | "outcome" | "metric">): Gate {
  return {
    resolved: part.rule,
    severity: "fail",
    reason: "",
    slice: null,
    rows: 365,
    value: null,
    threshold: null,
    baseline: null,
    difference: null,
    interval: null,
    confidence: 0.95,
    pValuePass: null,
    pValueFail: null,
    adjustedPValueFail: null,
    smallestDetectableEffect: null,
    passableMargin: null,
    rowsNeeded: null,
    ...part,
  };
}

export function metric(part: Partial<Metric> & Pick<Metric, "metric">): Metric {
  return {
    slice: null,
    direction: "higher",
    rows: 365,
    baseline: null,
    candidate: null,
    difference: null,
    interval: null,
    confidence: 0.95,
    test: "paired-bootstrap",
    statistic: null,
    pValue: null,
    reason: null,
    ...part,
  };
}

export function comparison(part: Partial<Comparison>): Comparison {
  return {
    kind: "comparison",
    schemaVersion: 1,
    rows: 365,
    verdict: "pass",
    unchanged: false,
    metrics: [],
    gates: [],
    ...part,
  };
}

export function model(part: Partial<ModelEvidence> & Pick<ModelEvidence, "model">): ModelEvidence {
  return {
    status: "judged",
    verdict: part.comparison?.verdict ?? null,
    problem: null,
    candidate: {
      sha256: "c0".repeat(32),
      bytes: 1204,
      files: [{ path: "model.onnx", sha256: "c1".repeat(32), bytes: 1204 }],
    },
    baseline: { version: "1.1.0", stage: "production", sha256: "b0".repeat(32) },
    firstVersion: false,
    evaluationData: {
      source: "data/seattle-weather.csv",
      window: { from: "2015-01-01", to: "2015-12-31" },
      sha256: `9c1f${"0".repeat(58)}e2`,
      rows: 365,
    },
    comparison: null,
    secondComparison: null,
    evaluation: null,
    benchmark: null,
    runRecord: null,
    changes: [],
    history: [],
    historyMetric: null,
    notes: [],
    ...part,
  };
}

export function notAffected(name: string): ModelEvidence {
  return model({
    model: name,
    status: "not-affected",
    candidate: null,
    baseline: null,
    evaluationData: null,
  });
}

export function evidence(models: readonly ModelEvidence[], part: Partial<Evidence> = {}): Evidence {
  return {
    kind: "evidence",
    schemaVersion: 1,
    createdAt: "2026-03-01T12:00:00Z",
    headSha,
    baseSha: "b".repeat(40),
    baseConfigSha256: "d".repeat(64),
    workflowRun: { id: 7012, attempt: 1 },
    isolation: "separate-jobs",
    ranProposedCode: false,
    inconclusive: "block",
    models: [...models],
    ...part,
  };
}

/** What the reader knows, with the decision that follows; `circumstances` vary what is decided by. */
export function context(
  of: Evidence | null,
  part: Partial<ReportContext> = {},
  circumstances: Partial<Circumstances> & { readonly settings?: string } = {},
): ReportContext {
  const affected = (of?.models ?? []).filter(({ status }) => status !== "not-affected").map((one) => one.model);
  const names = (of?.models ?? [model({ model: "rain" })]).map((one) => one.model);
  const given: Circumstances = {
    changes: new Map(),
    headSha,
    fromFork: false,
    authorCanWrite: true,
    baseConfig: parseConfig(
      `models:\n${names.map((name) => `  ${name}: { ${circumstances.settings ?? ""} }`).join("\n")}\n`,
      "modelgate.yml",
    ),
    baseConfigSha256: "d".repeat(64),
    affectedModels: affected,
    baselines: new Map((of?.models ?? []).map((one) => [one.model, one.baseline?.version ?? null])),
    belief: { level: "attested", reasons: [], changesWorkflows: false },
    acceptances: (part.acceptances ?? []).map((one) => ({ ...one, headSha, evidenceSha256: "e".repeat(64) })),
    evidenceSha256: "e".repeat(64),
    ...circumstances,
  };
  return {
    decision: of === null ? { state: "success", obstacles: [] } : decideCheck(of, given),
    state: null,
    trust: { level: given.belief.level, reasons: given.belief.reasons, accepted: true },
    headSha,
    baseBranch: "main",
    runUrl: "https://github.com/acme/rain/actions/runs/7012",
    docsUrl: "https://github.com/modelgate/modelgate/blob/main/docs/guide/pull-requests.md",
    acceptances: [],
    models: new Map([
      ["rain", { baselineUrl: "https://github.com/acme/rain/releases/tag/rain%401.1.0", evaluationUses: 4 }],
      ["flights", { baselineUrl: "https://github.com/acme/rain/releases/tag/flights%403.0.2", evaluationUses: 1 }],
    ]),
    affected: given.affectedModels,
    changes: [],
    ...part,
  };
}

const worseGates = [
  gate({
    id: "roc_auc drop",
    rule: "roc_auc drop <= 0.5pp",
    resolved: "0.5 points",
    outcome: "fail",
    metric: "roc_auc",
    reason:
      "roc_auc falls by 22.8 points; 0.5 points were allowed, and even the best end of the interval (−17.3) is beyond that.",
    value: 0.6451,
    baseline: 0.8732,
    difference: -0.2281,
    interval: [-0.2831, -0.1731],
    threshold: 0.005,
    pValuePass: 1,
    pValueFail: 1e-15,
    adjustedPValueFail: 4e-15,
    smallestDetectableEffect: 0.041,
    passableMargin: 0.039,
  }),
  gate({
    id: "log_loss rise",
    rule: "log_loss rise <= 0.05",
    resolved: "0.05",
    outcome: "fail",
    metric: "log_loss",
    reason: "log_loss rises by 0.169; 0.05 was allowed.",
    value: 0.6112,
    baseline: 0.4423,
    difference: 0.1689,
    interval: [0.1212, 0.2171],
    threshold: 0.05,
    pValuePass: 1,
    pValueFail: 0.0002,
    adjustedPValueFail: 0.0006,
    smallestDetectableEffect: 0.08,
    passableMargin: 0.07,
  }),
  gate({
    id: "recall[season=winter] drop",
    rule: "recall[season=winter] drop <= 3pp",
    resolved: "3 points",
    outcome: "inconclusive",
    metric: "recall",
    slice: "season=winter",
    rows: 90,
    reason: "the interval of recall in season=winter (−11 … +5 points) holds the margin of 3 points.",
    value: 0.78,
    baseline: 0.81,
    difference: -0.03,
    interval: [-0.11, 0.05],
    threshold: 0.03,
    rowsNeeded: 1873,
    passableMargin: 0.12,
  }),
  gate({
    id: "latency_p50 rise",
    rule: "latency_p50 rise <= 10%",
    resolved: "10 % of 10.9 µs = 1.09 µs",
    outcome: "pass",
    metric: "latency_p50",
    reason: "latency p50 is ×0.99 of the baseline.",
    value: 10.8e-6,
    baseline: 10.9e-6,
    difference: -0.1e-6,
    rows: null,
  }),
];

/** The pull request that makes `rain` worse. */
export const worseRain = model({
  model: "rain",
  verdict: "fail",
  comparison: comparison({
    verdict: "fail",
    gates: worseGates,
    metrics: [
      metric({
        metric: "roc_auc",
        baseline: 0.8732,
        candidate: 0.6451,
        difference: -0.2281,
        interval: [-0.2831, -0.1731],
        test: "delong",
        statistic: -8.1,
        pValue: 1e-15,
      }),
      metric({
        metric: "log_loss",
        direction: "lower",
        baseline: 0.4423,
        candidate: 0.6112,
        difference: 0.1689,
        interval: [0.1212, 0.2171],
        pValue: 0.0002,
      }),
      metric({
        metric: "recall",
        slice: "season=winter",
        rows: 90,
        baseline: 0.81,
        candidate: 0.78,
        difference: -0.03,
        interval: [-0.11, 0.05],
        test: "mcnemar",
        pValue: 0.46,
      }),
    ],
  }),
  benchmark: {
    kind: "benchmark",
    schemaVersion: 1,
    outcome: "unchanged",
    reason: "the interval of the ratio holds 1.",
    engine: { name: "onnxruntime", version: "1.30.0", threads: 1, cpu: "AMD EPYC 7763" },
    pairs: 400,
    latency: {
      p50: { baseline: 10.9e-6, candidate: 10.8e-6, ratio: 0.991, interval: [0.97, 1.01] },
      p99: { baseline: 31e-6, candidate: 33e-6, ratio: 1.06, interval: [0.91, 1.22] },
    },
    throughput: { baseline: 91_200, candidate: 92_500 },
    memory: { baseline: 58e6, candidate: 58e6 },
    size: { baseline: 1204, candidate: 1102 },
    selfTest: { ratio: 1.003, passed: true },
  },
  history: [
    { version: "1.0.0", value: 0.645 },
    { version: "1.1.0", value: 0.8732 },
  ],
  historyMetric: "roc_auc",
  changes: [
    {
      what: "signature",
      summary: "`temp_max`, `temp_min` are no longer inputs (breaking signature).",
      needsAccept: false,
    },
  ],
  notes: ["Most hurt: days with temp_max above 20 °C (n = 118): accuracy 0.91 → 0.64."],
});

export const goodFlights = model({
  model: "flights",
  baseline: { version: "3.0.2", stage: "production", sha256: "b0".repeat(32) },
  comparison: comparison({
    rows: 48_201,
    gates: ["accuracy", "f1", "recall", "precision", "roc_auc"].map((name) =>
      gate({
        id: `${name} drop`,
        rule: `${name} drop <= 1pp`,
        outcome: "pass",
        metric: name,
        rows: 48_201,
        value: 0.9135,
        baseline: 0.9131,
        difference: 0.0004,
        interval: [-0.0011, 0.0019],
        reason: `${name} falls by no more than 0.1 points.`,
      }),
    ),
  }),
});

/** A better `rain`: every gate passes and roc_auc rises by its whole interval. */
export const betterRain = model({
  model: "rain",
  baseline: { version: "1.0.0", stage: "production", sha256: "b0".repeat(32) },
  comparison: comparison({
    gates: [
      gate({
        id: "roc_auc drop",
        rule: "roc_auc drop <= 0.5pp",
        outcome: "pass",
        metric: "roc_auc",
        reason: "roc_auc rises by 22.8 points.",
        value: 0.8732,
        baseline: 0.6451,
        difference: 0.2281,
        interval: [0.1731, 0.2831],
        threshold: 0.005,
      }),
      gate({
        id: "roc_auc >=",
        rule: "roc_auc >= 0.80",
        outcome: "pass",
        metric: "roc_auc",
        reason: "roc_auc is 0.873, at least 0.8.",
        value: 0.8732,
        baseline: 0.6451,
        threshold: 0.8,
        confidence: null,
      }),
    ],
    metrics: [
      metric({
        metric: "roc_auc",
        baseline: 0.6451,
        candidate: 0.8732,
        difference: 0.2281,
        interval: [0.1731, 0.2831],
        test: "delong",
        pValue: 1e-15,
      }),
    ],
  }),
  history: [{ version: "1.0.0", value: 0.6451 }],
  historyMetric: "roc_auc",
});

/** A change of `rain` that its rows cannot judge. */
export const undecidedRain = model({
  model: "rain",
  comparison: comparison({
    verdict: "inconclusive",
    gates: [
      gate({
        id: "roc_auc drop",
        rule: "roc_auc drop <= 0.5pp",
        outcome: "inconclusive",
        metric: "roc_auc",
        reason: "roc_auc changes by −0.2 points (−1.9 … +1.5); the interval holds the allowed drop of 0.5 points.",
        value: 0.8712,
        baseline: 0.8732,
        difference: -0.002,
        interval: [-0.019, 0.015],
        threshold: 0.005,
        rowsNeeded: 18_730,
        passableMargin: 0.024,
        smallestDetectableEffect: 0.029,
      }),
    ],
  }),
});
