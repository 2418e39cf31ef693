// Decides one gate on one sample, before the correction for many gates.
import type { Inference } from "../statistics/inference.ts";
import { estimateRowsNeeded, measureDetectableDistance } from "../statistics/power.ts";
import type { GateOutcome, GateVerdict } from "./comparison.ts";
import type { Gate } from "./gate.ts";
import { askGate, type GateQuestion } from "./gate-question.ts";
import type { ResolvedMetric } from "./resolve-metric.ts";
import type { Sample, SampledMetric } from "./sample.ts";

/** Why a gate came out as it did; the sentence is made from it. */
export type GateCause =
  | { readonly kind: "undefined"; readonly why: string }
  | { readonly kind: "no-baseline" }
  | { readonly kind: "first-version" }
  | { readonly kind: "unchanged" }
  | { readonly kind: "baseline-not-positive" }
  | { readonly kind: "too-few"; readonly why: string }
  | { readonly kind: "no-variance" }
  | { readonly kind: "estimate" }
  | { readonly kind: "interval" };

/** A verdict that still waits for its adjusted p-value and its sentence. `outcome` "fail" is provisional while `pValueFail` is not null. */
export interface GateDraft {
  readonly gate: Gate;
  readonly metric: ResolvedMetric;
  readonly question: GateQuestion;
  readonly cause: GateCause;
  readonly numbers: Omit<GateVerdict, "reason" | "adjustedPValueFail" | "smallestDetectableEffect" | "rowsNeeded">;
  readonly inference: Inference | null;
  readonly confidence: number;
}

/** Equality up to rounding: limits such as 1.1 × 0.8 against 0.88 meet. */
export const roundingTolerance = 1e-12;

/** `id` is the gate's, with the slice filled in where the gate names many. */
export function draftGate(
  gate: Gate,
  id: string,
  metric: ResolvedMetric,
  sample: Sample,
  settings: { readonly confidence: number; readonly firstVersion: boolean },
): GateDraft {
  const measured = sample.measure(metric);
  const absolute = gate.relation === "at-least" || gate.relation === "at-most";
  const question = askGate(gate, metric.direction, metric.scale, measured.baseline);
  const confidence = gate.confidence ?? settings.confidence;
  const draft = (
    outcome: GateOutcome,
    cause: GateCause,
    inference: Inference | null,
    test?: TestNumbers,
  ): GateDraft => ({
    gate,
    metric,
    question,
    cause,
    inference,
    confidence,
    numbers: {
      id,
      rule: gate.rule,
      resolved: question.resolved,
      outcome,
      severity: gate.severity,
      metric: metric.name,
      slice: sample.slice,
      rows: sample.rows,
      value: measured.candidate,
      threshold: finite(question.threshold),
      baseline: measured.baseline,
      difference:
        measured.candidate === null || measured.baseline === null ? null : measured.candidate - measured.baseline,
      interval: null,
      confidence: null,
      pValuePass: null,
      pValueFail: null,
      passableMargin: null,
      ...test,
    },
  });
  if (!absolute && !sample.hasBaseline)
    return settings.firstVersion
      ? draft("pass", { kind: "first-version" }, null)
      : draft("inconclusive", { kind: "no-baseline" }, null);
  if (measured.estimate === null)
    return draft("inconclusive", { kind: "undefined", why: measured.reason ?? metric.undefinedWhen }, null);
  if (gate.minRows !== null && sample.rows < gate.minRows)
    return draft(
      "inconclusive",
      { kind: "too-few", why: `${sample.rows} rows, the gate asks for ${gate.minRows}` },
      null,
    );
  if (!absolute && sample.identical) return draftUnchanged(question, confidence, draft);
  if (!absolute && gate.amount.kind === "relative" && !(measured.baseline! > 0))
    return draft("inconclusive", { kind: "baseline-not-positive" }, null);
  if (absolute && gate.confidence === null) return draftEstimate(question, metric, measured, confidence, draft);
  return draftTest(question, measured, confidence, draft);
}

type TestNumbers = Partial<GateDraft["numbers"]>;
type Draft = (outcome: GateOutcome, cause: GateCause, inference: Inference | null, test?: TestNumbers) => GateDraft;

/** Nothing changed: no loss, whatever the margin, and no gain either. */
function draftUnchanged(question: GateQuestion, confidence: number, draft: Draft): GateDraft {
  const demandsGain =
    question.good === "above" ? question.limit > 0 || question.factor > 1 : question.limit < 0 || question.factor < 1;
  return draft(demandsGain ? "fail" : "pass", { kind: "unchanged" }, null, { interval: [0, 0], confidence });
}

function draftEstimate(
  question: GateQuestion,
  metric: ResolvedMetric,
  measured: SampledMetric,
  confidence: number,
  draft: Draft,
): GateDraft {
  const value = measured.candidate!;
  const room = roundingTolerance * Math.max(1, Math.abs(question.limit));
  const holds = question.good === "above" ? value >= question.limit - room : value <= question.limit + room;
  const inference = metric.untestable === null ? measured.estimate!.contrast(0) : null;
  const known = inference !== null && inference.standardError > 0 ? inference.interval(confidence) : null;
  const interval =
    known === null || metric.scale !== "share" ? known : ([Math.max(0, known[0]), Math.min(1, known[1])] as const);
  return draft(holds ? "pass" : "fail", { kind: "estimate" }, null, {
    interval,
    confidence: interval === null ? null : confidence,
  });
}

function draftTest(question: GateQuestion, measured: SampledMetric, confidence: number, draft: Draft): GateDraft {
  const estimate = measured.estimate!;
  const inference = estimate.contrast(question.factor);
  const [low, high] = inference.interval(confidence);
  const above = question.good === "above";
  const test = {
    interval: [low + question.shift, high + question.shift] as const,
    confidence,
    pValuePass: above ? inference.pValueAbove(question.limit) : inference.pValueBelow(question.limit),
    pValueFail: above ? inference.pValueBelow(question.limit) : inference.pValueAbove(question.limit),
    passableMargin: finite(measurePassableMargin(inference, question, confidence)),
  };
  if (![low, high].every(Number.isFinite))
    return draft("inconclusive", { kind: "undefined", why: "its interval cannot be computed" }, null);
  const passes = above ? low > question.limit : high < question.limit;
  const fails = above ? high < question.limit : low > question.limit;
  if (low === high) {
    // The same loss on every row: a sign test against "on at most half of all rows". No variation never shows that a loss is small.
    const pValueFail = fails ? 0.5 ** Math.min(measured.units, 1000) : 1;
    return draft(fails ? "fail" : "inconclusive", { kind: "no-variance" }, null, {
      ...test,
      pValuePass: 1,
      pValueFail,
    });
  }
  if (passes && estimate.tooFew !== null)
    return draft("inconclusive", { kind: "too-few", why: estimate.tooFew }, inference, test);
  return draft(passes ? "pass" : fails ? "fail" : "inconclusive", { kind: "interval" }, inference, test);
}

/** The smallest margin that equal models would pass with 80 % chance: half the interval plus z₀.₈ standard errors. */
function measurePassableMargin(inference: Inference, question: GateQuestion, confidence: number): number {
  const [low, high] = inference.interval(confidence);
  const half = question.good === "above" ? inference.estimate - low : high - inference.estimate;
  return half + measureDetectableDistance(spreadOf(inference, confidence), 0.5);
}

/** The standard error, or what the interval says of it where the sample itself shows none. */
export function spreadOf(inference: Inference, confidence: number): number {
  if (inference.standardError > 0) return inference.standardError;
  const [low, high] = inference.interval(confidence);
  return (high - low) / 2 / measureDetectableDistance(1, (1 - confidence) / 2, 0.5);
}

/** Rows it would take to decide the gate at the present effect and spread; null when no number of rows would. */
export function countRowsNeeded(draft: GateDraft): number | null {
  const { inference, question, confidence, numbers } = draft;
  if (inference === null || numbers.rows === null) return null;
  const distance = Math.abs(inference.estimate - question.limit);
  const spread = spreadOf(inference, confidence);
  if (!(spread > 0) || !(distance > spread / 50)) return null;
  return Math.max(numbers.rows, estimateRowsNeeded(numbers.rows, spread, distance, (1 - confidence) / 2));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
