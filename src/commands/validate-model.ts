// Judges one candidate: its predictions beside the baseline's on the pinned rows, by the gates of the config that judges.
import type { LockedData } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { ModelgateError, relateProblem, shortenMessage } from "../errors.ts";
import type { BehaviourResult } from "../evaluation/behaviours/behaviour.ts";
import { addBehaviourGates } from "../evaluation/behaviours/behaviour-gates.ts";
import type { GateOutcome } from "../evaluation/comparison.ts";
import { traceCurves } from "../evaluation/curves.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { Explanation } from "../evaluation/explanation/explanation.ts";
import { judge } from "../evaluation/judge.ts";
import { compareSignatures, describeSignatureDifference } from "../evaluation/signature.ts";
import { CurvesDocument } from "../evidence/curves-document.ts";
import {
  type BenchmarkDocument,
  ComparisonDocument,
  EvaluationDocument,
  type ModelEvidence,
  type ProposedChange,
} from "../evidence/evidence.ts";
import type { RunRecord } from "../evidence/run-record.ts";
import type { Context } from "../host/context.ts";
import type { ModelSignature } from "../runtimes/runtime.ts";
import type { Table } from "../tables/table.ts";
import { type Candidate, readCandidate } from "./candidate-folder.ts";
import { describeJudge, noteJudge } from "./describe-judge.ts";
import { explainModels } from "./explain-models.ts";
import { readEvaluationRows } from "./pinned-data.ts";
import { type ModelFiles, predictBoth } from "./predict-both.ts";
import { testBehaviours } from "./test-behaviours.ts";
import { type PredictionsPlace, writePredictions } from "./write-predictions.ts";

/** The version a candidate is compared with, with its files on disk. */
export interface BaselineModel extends ModelFiles {
  readonly version: string;
  readonly stage: string | null;
  readonly sha256: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  /** As its run record says; null = not known. */
  readonly trainedOn: LockedData | null;
}

export interface ModelRequest {
  readonly settings: ModelSettings;
  /** Folder of this model's candidate. */
  readonly folder: string;
  /** Root of the checkout whose config, lock and data judge. */
  readonly root: string;
  /** Null: there is none; `firstVersion` says whether that is because the ledger holds no version. */
  readonly baseline: BaselineModel | null;
  readonly firstVersion: boolean;
  readonly evaluationPin: LockedData | null;
  /** A second set of rows to pass as well (retraining: the old evaluation rows). */
  readonly secondPin: LockedData | null;
  readonly changes: readonly ProposedChange[];
  readonly notes: readonly string[];
  /** Where per-row predictions are left; null = nowhere. */
  readonly predictions: PredictionsPlace | null;
  /** Compares latencies; null = not asked for or not possible. */
  readonly measure: MeasureModels | null;
  /** `tell`: evidence that the model failed, for the pull request's comment; `throw`: an error, for who typed the command. */
  readonly wrongInput: "tell" | "throw";
}

/** Compares the latency of candidate and baseline on rows of `table`. */
export type MeasureModels = (
  request: {
    readonly settings: ModelSettings;
    readonly candidate: ModelFiles;
    readonly baseline: ModelFiles | null;
    readonly table: Table;
  },
  context: Context,
) => Promise<BenchmarkDocument | null>;

/**
 * Judges. What the candidate or its data is wrong about is said in `status` and `problem`, and is never a pass; with
 * `wrongInput: "throw"` it leaves as the InputError it is.
 */
export async function validateModel(request: ModelRequest, context: Context): Promise<ModelEvidence> {
  let candidate: Candidate;
  try {
    candidate = await readCandidate(request.settings, request.folder);
  } catch (error) {
    return describeFailure(request, null, error);
  }
  if (candidate.state === "failed") {
    const { message, lines } = candidate.failure;
    return { ...blank(request, null), status: "training-failed", problem: [message, ...lines].join("\n") };
  }
  if (candidate.state === "missing") {
    const problem = `The training left no model at ${request.settings.model ?? "its folder"}.`;
    return { ...blank(request, null), status: "training-failed", problem };
  }
  try {
    return await judgeCandidate(request, candidate, context);
  } catch (error) {
    return describeFailure(request, candidate, error);
  }
}

type Trained = Extract<Candidate, { state: "trained" }>;

async function judgeCandidate(request: ModelRequest, candidate: Trained, context: Context): Promise<ModelEvidence> {
  const { settings, evaluationPin, baseline } = request;
  if (evaluationPin === null) {
    const problem = "modelgate.lock on the base branch pins no evaluation data, so there is nothing to judge by.";
    return { ...blank(request, candidate), status: "failed", problem };
  }
  const files = { path: candidate.modelPath, features: candidate.runRecord?.features ?? settings.features };
  const table = await readEvaluationRows(settings, evaluationPin, request.root, context);
  const measured = { settings, candidate: files, baseline, table };
  const benchmark = request.measure === null ? null : await request.measure(measured, context);
  const first = await judgeOn(request, evaluationPin, table, files, candidate.runRecord, benchmark, context);
  const { rows, candidate: judged, baseline: known } = first.predicted;
  const place = request.predictions;
  const second =
    request.secondPin === null
      ? null
      : await judgeOn(
          request,
          request.secondPin,
          await readEvaluationRows(settings, request.secondPin, request.root, context),
          files,
          candidate.runRecord,
          benchmark,
          context,
        );
  const verdicts = [first.comparison.verdict, ...(second ? [second.comparison.verdict] : [])];
  return {
    ...blank(request, candidate),
    status: "judged",
    verdict: findWorst(verdicts),
    comparison: ComparisonDocument.parse(first.comparison),
    secondComparison: second === null ? null : ComparisonDocument.parse(second.comparison),
    secondEvaluationSha256: request.secondPin?.sha256 ?? null,
    evaluation: EvaluationDocument.parse(first.evaluation),
    curves: CurvesDocument.nullable().parse(traceCurves(rows, judged, known)),
    predictions: place === null ? null : await writePredictions(settings, first.predicted, place),
    benchmark,
    runRecord: candidate.runRecord,
    judge: describeJudge(settings, first.predicted),
    notes: [...request.notes, ...noteJudge(describeJudge(settings, first.predicted))],
    signature: first.compatibility,
    changes: [...request.changes, ...first.signatureChanges],
  };
}

async function judgeOn(
  request: ModelRequest,
  pin: LockedData,
  table: Table,
  files: ModelFiles,
  record: RunRecord | null,
  benchmark: BenchmarkDocument | null,
  context: Context,
) {
  const { settings, baseline, root } = request;
  let behaviours: readonly BehaviourResult[] = [];
  let explanation: Explanation | null = null;
  const predicted = await predictBoth(settings, table, files, baseline, root, context, async (probing) => {
    behaviours = await testBehaviours(settings, pin.sha256, probing, context);
    // The rows that decide are explained, not the old ones beside them.
    if (pin === request.evaluationPin)
      explanation = await explainModels({ settings, seed: pin.sha256 }, probing, context);
  });
  const common = {
    rows: predicted.rows,
    candidate: predicted.candidate,
    metrics: settings.metrics,
    slices: settings.slices,
    fairness: settings.fairness,
    confidence: settings.confidence,
    seed: pin.sha256,
    reported: { baseline: baseline?.metrics ?? null, candidate: record?.metrics ?? null },
  };
  const comparison = judge({
    ...common,
    baseline: predicted.baseline,
    gates: settings.gates,
    firstVersion: request.firstVersion,
    benchmark,
  });
  const judged = addBehaviourGates(comparison, behaviours, settings.confidence);
  return {
    predicted,
    comparison: judged,
    evaluation: { ...evaluate(common, settings.name, judged), behaviours, explanation },
    compatibility:
      predicted.baselineSignature === null
        ? null
        : compareSignatures(predicted.baselineSignature, predicted.candidateSignature).compatibility,
    signatureChanges: describeSignatures(predicted.baselineSignature, predicted.candidateSignature),
  };
}

/** What became of inputs and outputs, as sentences; nothing without a baseline. Names are the candidate's own: cut, escaped where shown. */
function describeSignatures(before: ModelSignature | null, after: ModelSignature): readonly ProposedChange[] {
  if (before === null) return [];
  return describeSignatureDifference(compareSignatures(before, after)).map((summary) => ({
    what: "signature",
    summary: summary.slice(0, 1000),
    needsAccept: false,
  }));
}

function blank(request: ModelRequest, candidate: Trained | null): ModelEvidence {
  const { baseline, evaluationPin } = request;
  return {
    model: request.settings.name,
    status: "failed",
    verdict: null,
    problem: null,
    candidate: candidate && { sha256: candidate.sha256, bytes: candidate.bytes, files: [...candidate.files] },
    baseline: baseline && { version: baseline.version, stage: baseline.stage, sha256: baseline.sha256 },
    firstVersion: request.firstVersion,
    evaluationData: evaluationPin && {
      source: evaluationPin.source,
      window: evaluationPin.window,
      sha256: evaluationPin.sha256,
      rows: evaluationPin.rows,
    },
    comparison: null,
    secondComparison: null,
    evaluation: null,
    benchmark: null,
    runRecord: null,
    changes: [...request.changes],
    history: [],
    historyMetric: null,
    notes: [...request.notes],
  };
}

function describeFailure(request: ModelRequest, candidate: Trained | null, error: unknown): ModelEvidence {
  if (!(error instanceof ModelgateError) || error.family === "provider") throw error;
  if (error.family === "input" && request.wrongInput === "throw") throw error;
  const lines = error.problems.map((thrown) => {
    const problem = relateProblem(relateProblem(thrown, request.root), request.folder);
    const parts = [
      problem.expected && `expected ${problem.expected}`,
      problem.received && `received ${problem.received}`,
    ];
    const detail = parts.filter(Boolean).join(", ");
    return `${problem.file ? `${problem.file}: ` : ""}${problem.key ? `${problem.key}: ` : ""}${shortenMessage(problem)}${detail ? ` (${detail})` : ""}`;
  });
  return { ...blank(request, candidate), status: "failed", problem: lines.join("\n").slice(0, 8000) };
}

const severity = { pass: 0, inconclusive: 1, fail: 2 } as const;

function findWorst(verdicts: readonly GateOutcome[]): GateOutcome {
  return verdicts.reduce((worst, next) => (severity[next] > severity[worst] ? next : worst), "pass");
}
