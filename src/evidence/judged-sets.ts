// Which sets of evaluation rows a model's evidence says were looked at.
import type { ModelEvidence } from "./evidence.ts";

export interface JudgedSet {
  readonly model: string;
  /** Of the evaluation rows. */
  readonly sha256: string;
  readonly verdict: "pass" | "fail" | "inconclusive" | null;
}

/** The evaluation rows, and on a retraining pull request the old ones beside them, each with its own verdict; none where nothing was judged. */
export function listJudgedSets(model: ModelEvidence): readonly JudgedSet[] {
  const { status, evaluationData, comparison, secondComparison, secondEvaluationSha256 } = model;
  if (status !== "judged" || evaluationData === null) return [];
  const first = { model: model.model, sha256: evaluationData.sha256, verdict: comparison?.verdict ?? model.verdict };
  if (!secondEvaluationSha256 || secondComparison === null) return [first];
  return [first, { model: model.model, sha256: secondEvaluationSha256, verdict: secondComparison.verdict }];
}
