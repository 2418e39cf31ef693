// Judges a candidate against a baseline on the same rows: metrics, gates, verdict. The same request gives the same answer.

import { compareMetrics } from "./compare-metrics.ts";
import type { Comparison, GateVerdict } from "./comparison.ts";
import { draftGates } from "./draft-gates.ts";
import { describeFairness } from "./fairness.ts";
import type { JudgeRequest } from "./judge-request.ts";
import { resolveChoices } from "./resolve-metric.ts";
import { createSample } from "./sample.ts";
import { tabulateConfusion } from "./tabulate-confusion.ts";
import { joinGates, settleGates } from "./verdict.ts";

/** Never throws for data: whatever cannot be computed is null with a reason, and the gates on it are inconclusive. */
export function judge(request: JudgeRequest): Comparison {
  const whole = createSample(request, null, null);
  const metrics = compareMetrics(request, whole, resolveChoices(request.metrics, request.rows.task));
  const { drafts, remarks } = draftGates(request, whole);
  const gates: readonly GateVerdict[] = settleGates(drafts);
  return {
    kind: "comparison",
    schemaVersion: 1,
    rows: request.rows.rows,
    verdict: joinGates(drafts, gates),
    unchanged: whole.identical,
    metrics: metrics.comparisons,
    gates,
    fairness: describeFairness(request, whole),
    confusion: tabulateConfusion(request.rows, request.candidate, request.baseline),
    remarks: [...metrics.remarks, ...remarks],
  };
}
