// Gates on numbers that come from elsewhere: a benchmark's, with its own interval, and those a training run reports, without one.
import type { GateOutcome } from "./comparison.ts";
import type { Gate } from "./gate.ts";
import { askGate } from "./gate-question.ts";
import type { GateCause, GateDraft } from "./judge-gate.ts";
import { roundingTolerance } from "./judge-gate.ts";
import type { BenchmarkNumbers, MeasuredNumber, ReportedNumbers } from "./judge-request.ts";
import type { MetricDescription } from "./metric-description.ts";
import type { ResolvedMetric } from "./resolve-metric.ts";

interface Settings {
  readonly confidence: number;
  readonly firstVersion: boolean;
}

interface Given {
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Interval of candidate / baseline; null = the number is compared as it is. */
  readonly ratioInterval: readonly [number, number] | null;
  /** Why a comparison decides nothing; null = it may. */
  readonly spoiled: string | null;
}

/** A gate on a reported number: compared as it is, never tested. */
export function draftReportedGate(
  gate: Gate,
  metric: ResolvedMetric,
  reported: ReportedNumbers | null,
  settings: Settings,
): GateDraft {
  const name = metric.reported ?? metric.name;
  const read = (numbers: Readonly<Record<string, number>> | null | undefined): number | null => {
    const value = numbers && Object.hasOwn(numbers, name) ? numbers[name] : undefined;
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const given = {
    baseline: read(reported?.baseline),
    candidate: read(reported?.candidate),
    ratioInterval: null,
    spoiled: null,
  };
  return draftGiven(gate, metric, given, metric.undefinedWhen, settings);
}

/** A gate on latency, throughput, memory or size. Without a benchmark it is inconclusive. */
export function draftBenchmarkGate(
  gate: Gate,
  description: MetricDescription,
  benchmark: BenchmarkNumbers | null,
  settings: Settings,
): GateDraft {
  const metric: ResolvedMetric = {
    ...description,
    name: description.id,
    reported: description.id,
    undefinedWhen: "no benchmark was run",
    measure: () => {
      throw new Error(`${description.id} is measured by the benchmark`);
    },
  };
  return draftGiven(gate, metric, readBenchmark(description.id, benchmark), metric.undefinedWhen, settings);
}

function readBenchmark(id: string, benchmark: BenchmarkNumbers | null): Given {
  if (benchmark === null) return { baseline: null, candidate: null, ratioInterval: null, spoiled: null };
  if (id === "latency_p50" || id === "latency_p99") {
    const { baseline, candidate, interval } = id === "latency_p50" ? benchmark.latency.p50 : benchmark.latency.p99;
    const spoiled =
      benchmark.outcome === "noisy"
        ? "the measurement was too noisy"
        : benchmark.outcome === "unpaired"
          ? "the two were not measured side by side"
          : interval === null && baseline !== null
            ? "the measurement has no interval"
            : null;
    return { baseline: finite(baseline), candidate: finite(candidate), ratioInterval: interval, spoiled };
  }
  const number: MeasuredNumber =
    id === "throughput" ? benchmark.throughput : id === "memory" ? benchmark.memory : benchmark.size;
  return { baseline: finite(number.baseline), candidate: finite(number.candidate), ratioInterval: null, spoiled: null };
}

function draftGiven(
  gate: Gate,
  metric: ResolvedMetric,
  given: Given,
  undefinedWhen: string,
  settings: Settings,
): GateDraft {
  const { baseline, candidate } = given;
  const absolute = gate.relation === "at-least" || gate.relation === "at-most";
  const question = askGate(gate, metric.direction, metric.scale, baseline);
  const make = (
    outcome: GateOutcome,
    cause: GateCause,
    interval: readonly [number, number] | null = null,
  ): GateDraft => ({
    gate,
    metric,
    question,
    cause,
    inference: null,
    confidence: settings.confidence,
    numbers: {
      id: gate.id,
      rule: gate.rule,
      resolved: question.resolved,
      outcome,
      severity: gate.severity,
      metric: metric.name,
      slice: null,
      rows: null,
      value: candidate,
      threshold: finite(question.threshold),
      baseline,
      difference: candidate === null || baseline === null ? null : candidate - baseline,
      interval,
      confidence: interval === null ? null : settings.confidence,
      pValuePass: null,
      pValueFail: null,
      passableMargin: null,
    },
  });
  if (candidate === null) return make("inconclusive", { kind: "undefined", why: undefinedWhen });
  if (absolute) return make(holds(candidate, question) ? "pass" : "fail", { kind: "estimate" });
  if (baseline === null)
    return settings.firstVersion
      ? make("pass", { kind: "first-version" })
      : make("inconclusive", { kind: "no-baseline" });
  if (gate.amount.kind === "relative" && !(baseline > 0))
    return make("inconclusive", { kind: "baseline-not-positive" });
  if (given.spoiled !== null) return make("inconclusive", { kind: "too-few", why: given.spoiled });
  if (given.ratioInterval === null)
    return make(holds(candidate - question.factor * baseline, question, candidate) ? "pass" : "fail", {
      kind: "estimate",
    });
  const [low, high] = given.ratioInterval.map((ratio) => (ratio - 1) * baseline) as [number, number];
  const limit = question.limit + question.shift;
  const passes = question.good === "above" ? low > limit : high < limit;
  const fails = question.good === "above" ? high < limit : low > limit;
  return make(passes ? "pass" : fails ? "fail" : "inconclusive", { kind: "interval" }, [low, high]);
}

/** `size`: magnitude against which rounding is forgiven. */
function holds(value: number, question: GateDraft["question"], size = value): boolean {
  const room = roundingTolerance * Math.max(Math.abs(size), Math.abs(question.limit));
  return question.good === "above" ? value >= question.limit - room : value <= question.limit + room;
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
