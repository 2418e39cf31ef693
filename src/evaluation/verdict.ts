// From drafted gates to final ones: one error budget over the verdict (Holm), sentences, and the verdict itself.
import { adjustHolm } from "../statistics/multiple-testing.ts";
import { measureDetectableDistance } from "../statistics/power.ts";
import type { GateOutcome, GateVerdict } from "./comparison.ts";
import { explainGate } from "./gate-reason.ts";
import { countRowsNeeded, type GateDraft, spreadOf } from "./judge-gate.ts";

/**
 * Fails of tested gates are kept only if their Holm-adjusted p-value over all tested gates of the verdict is at most (1 − confidence) / 2, the share of one
 * side of the interval; else they become inconclusive. Passes need no correction, since a verdict passes only if every gate does.
 */
export function settleGates(drafts: readonly GateDraft[]): readonly GateVerdict[] {
  const tested = drafts.filter(({ numbers }) => numbers.pValueFail !== null);
  const adjusted = adjustHolm(tested.map(({ numbers }) => numbers.pValueFail!));
  const adjustedOf = new Map(tested.map((draft, index) => [draft, adjusted[index]!]));
  return drafts.map((draft) => settleGate(draft, adjustedOf.get(draft) ?? null, tested.length));
}

function settleGate(draft: GateDraft, adjustedPValueFail: number | null, tests: number): GateVerdict {
  const { numbers, inference, question, confidence } = draft;
  const alpha = (1 - confidence) / 2;
  const outcome: GateOutcome =
    numbers.outcome === "fail" && adjustedPValueFail !== null && !(adjustedPValueFail <= alpha)
      ? "inconclusive"
      : numbers.outcome;
  const rowsNeeded = outcome === "inconclusive" ? countRowsNeeded(draft) : null;
  const distance =
    inference === null ? null : measureDetectableDistance(spreadOf(inference, confidence), alpha / Math.max(1, tests));
  // What lies beyond the limit by the detectable distance; for margins the loss itself.
  const absolute = question.factor === 0;
  const allowed = absolute || draft.gate.relation === "gain" ? 0 : question.threshold;
  const smallest = distance === null ? null : allowed + distance;
  return {
    ...numbers,
    outcome,
    reason: explainGate(draft, outcome, rowsNeeded),
    adjustedPValueFail,
    smallestDetectableEffect: smallest !== null && Number.isFinite(smallest) ? smallest : null,
    rowsNeeded,
  };
}

/**
 * Fail if any gate fails, pass if all pass, else inconclusive; `pass` without gates. Gates of severity `warn` do not count, nor do gates that may stay
 * inconclusive. `gates` are the settled `drafts`, in the same order.
 */
export function joinGates(drafts: readonly GateDraft[], gates: readonly GateVerdict[]): GateOutcome {
  const counted = gates.filter(
    ({ severity, outcome }, index) =>
      severity === "fail" && !(outcome === "inconclusive" && drafts[index]!.gate.inconclusive === "warn"),
  );
  if (counted.some(({ outcome }) => outcome === "fail")) return "fail";
  return counted.every(({ outcome }) => outcome === "pass") ? "pass" : "inconclusive";
}
