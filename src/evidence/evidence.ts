// The evidence of a workflow run: one bounded JSON document from which everything shown to people is rendered.
// Whoever reads it from an artifact treats it as hostile: parse with `parseEvidence`, never cast.
import { z } from "zod";
import { CurvesDocument } from "./curves-document.ts";
import { BehaviourDocument, ExplanationDocument } from "./explanation-document.ts";
import { FairnessDocument } from "./fairness-document.ts";

const text = (limit: number) => z.string().max(limit);
const ModelName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const Finite = z.number().finite();
const Interval = z.tuple([Finite, Finite]).nullable();
const Outcome = z.enum(["pass", "fail", "inconclusive"]);

const MetricEstimate = z.object({
  metric: text(200),
  slice: text(500).nullable(),
  direction: z.enum(["higher", "lower"]),
  rows: z.number().int().nonnegative(),
  value: Finite.nullable(),
  candidate: Finite.nullable().optional(),
  interval: Interval,
  confidence: Finite,
  reason: text(1000).nullable(),
});

const MetricComparison = z.object({
  metric: text(200),
  slice: text(500).nullable(),
  direction: z.enum(["higher", "lower"]),
  rows: z.number().int().nonnegative(),
  baseline: Finite.nullable(),
  candidate: Finite.nullable(),
  difference: Finite.nullable(),
  interval: Interval,
  confidence: Finite,
  test: text(60),
  statistic: Finite.nullable(),
  pValue: Finite.nullable(),
  reason: text(1000).nullable(),
});

const GateVerdict = z.object({
  id: text(300),
  rule: text(500),
  resolved: text(500),
  outcome: Outcome,
  severity: z.enum(["fail", "warn"]),
  reason: text(2000),
  metric: text(200),
  slice: text(500).nullable(),
  rows: z.number().int().nonnegative().nullable(),
  value: Finite.nullable(),
  threshold: Finite.nullable(),
  baseline: Finite.nullable(),
  difference: Finite.nullable(),
  interval: Interval,
  confidence: Finite.nullable(),
  pValuePass: Finite.nullable(),
  pValueFail: Finite.nullable(),
  adjustedPValueFail: Finite.nullable(),
  smallestDetectableEffect: Finite.nullable(),
  passableMargin: Finite.nullable(),
  rowsNeeded: Finite.nullable(),
  accepted: z.object({ by: text(100), reason: text(2000) }).optional(),
});

const Counts = z.array(z.array(Finite.nonnegative()).max(50)).max(50);
const ConfusionDocument = z.object({
  classes: z.array(text(1000)).max(50),
  candidate: Counts,
  baseline: Counts.nullable(),
});

/** Kind `comparison`; mirrors `evaluation/comparison.ts`. */
export const ComparisonDocument = z.object({
  kind: z.literal("comparison"),
  schemaVersion: z.literal(1),
  rows: z.number().int().nonnegative(),
  verdict: Outcome,
  unchanged: z.boolean(),
  metrics: z.array(MetricComparison).max(5000),
  gates: z.array(GateVerdict).max(5000),
  fairness: z.array(FairnessDocument).max(50).optional(),
  confusion: ConfusionDocument.nullable().optional(),
  remarks: z.array(text(2000)).max(100).optional(),
});

/** Kind `evaluation`; mirrors `evaluation/comparison.ts`. */
export const EvaluationDocument = z.object({
  kind: z.literal("evaluation"),
  schemaVersion: z.literal(1),
  model: text(64).nullable(),
  task: z.enum(["binary", "multiclass", "regression", "ranking", "forecast", "score"]),
  rows: z.number().int().nonnegative(),
  // What documents of earlier releases lack is optional here and below.
  verdict: Outcome.optional(),
  metrics: z.array(MetricEstimate).max(5000),
  gates: z.array(GateVerdict).max(5000).optional(),
  slices: z
    .array(
      z.object({
        slice: text(500),
        rows: z.number().int().nonnegative(),
        metrics: z.record(text(200), Finite.nullable()),
      }),
    )
    .max(5000)
    .optional(),
  fairness: z.array(FairnessDocument).max(50).optional(),
  confusion: ConfusionDocument.nullable().optional(),
  behaviours: z.array(BehaviourDocument).max(100).optional(),
  explanation: ExplanationDocument.nullable().optional(),
  remarks: z.array(text(2000)).max(100).optional(),
});

const LatencyQuantile = z.object({
  baseline: Finite.nullable(),
  candidate: Finite,
  ratio: Finite.nullable(),
  interval: Interval,
});

/** Kind `benchmark`: seconds, bytes, rows per second. */
export const BenchmarkDocument = z.object({
  kind: z.literal("benchmark"),
  schemaVersion: z.literal(1),
  outcome: z.enum(["regression", "improvement", "unchanged", "noisy", "unpaired"]),
  reason: text(1000),
  engine: z.object({ name: text(60), version: text(60), threads: z.number().int(), cpu: text(200) }),
  pairs: z.number().int().nonnegative(),
  latency: z.object({ p50: LatencyQuantile, p99: LatencyQuantile }),
  throughput: z.object({ baseline: Finite.nullable(), candidate: Finite }),
  memory: z.object({ baseline: Finite.nullable(), candidate: Finite }),
  size: z.object({ baseline: Finite.nullable(), candidate: Finite }),
  selfTest: z.object({ ratio: Finite, passed: z.boolean() }),
});
export type BenchmarkDocument = z.infer<typeof BenchmarkDocument>;

const DataReference = z.object({
  source: text(1000),
  window: z.object({ from: text(40).optional(), to: text(40).optional() }).nullable(),
  sha256: Digest,
  rows: z.number().int().nonnegative(),
});

/** What a pull request changes beside the model, found by comparing base and head: said to reviewers, never obeyed. */
const ProposedChange = z.object({
  what: z.enum(["config", "gates", "evaluation-data", "training-window", "workflows", "signature", "lock"]),
  /** One sentence for people, plain text. */
  summary: text(1000),
  /** Needs a maintainer's `/accept MODEL evaluation-data …` before the verdict can be green. */
  needsAccept: z.boolean(),
});
export type ProposedChange = z.infer<typeof ProposedChange>;

/** How one model fared. */
export const ModelEvidence = z.object({
  model: ModelName,
  /** `judged`: a comparison or first evaluation exists. Others carry their reason in `problem`. */
  status: z.enum(["judged", "not-affected", "training-failed", "failed"]),
  verdict: Outcome.nullable(),
  /** Why there is no verdict, plain text; for `training-failed` with the last lines of output. */
  problem: text(8000).nullable(),
  candidate: z
    .object({
      sha256: Digest,
      bytes: z.number().int().nonnegative(),
      files: z.array(z.object({ path: text(500), sha256: Digest, bytes: z.number().int().nonnegative() })).max(1000),
    })
    .nullable(),
  baseline: z.object({ version: text(100), stage: text(64).nullable(), sha256: Digest.nullable() }).nullable(),
  /** Null verdictless first version: the ledger was read and holds no version. */
  firstVersion: z.boolean(),
  /** The evaluation data that judged, from the base's lock. */
  evaluationData: DataReference.nullable(),
  comparison: ComparisonDocument.nullable(),
  /** The same gates on the old evaluation set (retraining pull requests). */
  secondComparison: ComparisonDocument.nullable(),
  /** Digest of those old rows; null or left out = there are none. */
  secondEvaluationSha256: Digest.nullable().optional(),
  evaluation: EvaluationDocument.nullable(),
  /** What the pictures are drawn from. */
  curves: CurvesDocument.nullable().optional(),
  /** Per-row predictions left beside this document, by their path in the folder or artifact of predictions. */
  predictions: z
    .object({
      /** Row keys are salted and labels left out. */
      private: z.boolean(),
      rows: z.number().int().nonnegative(),
      files: z
        .array(
          z.object({
            of: z.enum(["candidate", "baseline"]),
            path: text(200),
            sha256: Digest,
            bytes: z.number().int().nonnegative(),
          }),
        )
        .max(2),
    })
    .nullable()
    .optional(),
  benchmark: BenchmarkDocument.nullable(),
  runRecord: z.unknown().nullable(),
  /** Who scored the answers, and what the rows cost each model in all; null = not said. */
  judge: z
    .object({
      version: text(500),
      cost: z.object({ candidate: Finite.nullable(), baseline: Finite.nullable() }).nullable(),
    })
    .nullable()
    .optional(),
  /** What a caller of the baseline can rely on; null = there is none to compare with. */
  signature: z.enum(["same", "compatible", "breaking"]).nullable().optional(),
  changes: z.array(ProposedChange).max(100),
  /** roc_auc (or the first metric) of past versions, oldest first, for the picture. */
  history: z.array(z.object({ version: text(100), value: Finite })).max(50),
  historyMetric: text(200).nullable(),
  /** Plain-text remarks for the report: most hurt slice, warnings of the data. */
  notes: z.array(text(2000)).max(100),
});
export type ModelEvidence = z.infer<typeof ModelEvidence>;

/** Kind `evidence`. */
export const Evidence = z.object({
  kind: z.literal("evidence"),
  schemaVersion: z.literal(1),
  createdAt: text(40),
  /** The commit that was judged (a pull request's head, not its test merge). */
  headSha: Sha,
  baseSha: Sha.nullable(),
  /** sha256 of the base's config file as it judged. */
  baseConfigSha256: Digest.nullable(),
  workflowRun: z.object({ id: z.number().int(), attempt: z.number().int() }).nullable(),
  /** How the evidence came to be, as the producer says; the reader decides what it believes. */
  isolation: z.enum(["separate-jobs", "one-job", "local"]),
  /** A program of the pull request produced the predictions (`predict:` or a predictions file). */
  ranProposedCode: z.boolean(),
  inconclusive: z.enum(["block", "warn"]),
  models: z.array(ModelEvidence).max(500),
});
export type Evidence = z.infer<typeof Evidence>;

/** File name of the evidence inside its artifact, and the artifact's name. */
export const evidenceFileName = "evidence.json";
export const evidenceArtifactName = "modelgate-evidence";
