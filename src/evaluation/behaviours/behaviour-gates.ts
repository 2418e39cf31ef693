// A behaviour is a gate: it has an outcome, a reason and numbers, and the verdict counts it with the others.
import type { Comparison, GateOutcome, GateVerdict } from "../comparison.ts";
import { formatExact } from "../format-number.ts";
import { type BehaviourResult, nameBehaviourGate, renderBehaviourRule } from "./behaviour.ts";

/** The result in the form of a gate on the share of rows that pass. */
export function createBehaviourGate(result: BehaviourResult, confidence: number): GateVerdict {
  const { candidate, baseline, minPass } = result;
  return {
    id: nameBehaviourGate(result.id),
    rule: renderBehaviourRule(result),
    resolved: `at least ${formatExact(minPass * 100)} % of the rows`,
    outcome: result.outcome,
    severity: result.severity,
    reason: result.reason,
    metric: nameBehaviourGate(result.id),
    slice: null,
    rows: result.rows,
    value: candidate?.rate ?? null,
    threshold: minPass,
    baseline: baseline?.rate ?? null,
    difference: result.difference?.value ?? null,
    interval: candidate?.interval ?? null,
    confidence: candidate === null || candidate.interval === null ? null : confidence,
    pValuePass: null,
    pValueFail: null,
    adjustedPValueFail: null,
    smallestDetectableEffect: null,
    passableMargin: null,
    rowsNeeded: null,
  };
}

const badness = { pass: 0, inconclusive: 1, fail: 2 } as const;

/** The comparison with the behaviours behind its gates; those that only warn do not move the verdict. */
export function addBehaviourGates(
  comparison: Comparison,
  results: readonly BehaviourResult[],
  confidence: number,
): Comparison {
  const verdict = results
    .filter(({ severity }) => severity === "fail")
    .reduce<GateOutcome>(
      (worst, { outcome }) => (badness[outcome] > badness[worst] ? outcome : worst),
      comparison.verdict,
    );
  const gates = results.map((result) => createBehaviourGate(result, confidence));
  return { ...comparison, verdict, gates: [...comparison.gates, ...gates] };
}
