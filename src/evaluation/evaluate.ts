// Measures one model alone: metrics with intervals, over all rows and per slice.
import { sliceSamples } from "./compare-metrics.ts";
import type { Comparison, Evaluation, MetricEstimate } from "./comparison.ts";
import { describeFairness } from "./fairness.ts";
import type { EvaluateRequest } from "./judge-request.ts";
import { type ResolvedMetric, resolveChoices } from "./resolve-metric.ts";
import { createSample, type Sample } from "./sample.ts";
import { tabulateConfusion } from "./tabulate-confusion.ts";

/**
 * Never throws for data: a value that cannot be computed is null with the reason. `model` is the name to carry, if any; `judged` what its gates said,
 * default that there are none.
 */
export function evaluate(
  request: EvaluateRequest,
  model: string | null = null,
  judged: Pick<Comparison, "verdict" | "gates"> = { verdict: "pass", gates: [] },
): Evaluation {
  const alone = { ...request, baseline: null };
  const { samples, remarks } = sliceSamples(alone);
  const metrics = resolveChoices(request.metrics, request.rows.task);
  const whole = createSample(alone, null, null);
  const all = [whole, ...samples];
  const estimates = all.flatMap((sample) =>
    metrics
      .filter(({ reported }) => reported === null || sample.slice === null)
      .map((metric) => estimateMetric(sample, metric, request)),
  );
  return {
    kind: "evaluation",
    schemaVersion: 1,
    model,
    task: request.rows.task,
    rows: request.rows.rows,
    verdict: judged.verdict,
    metrics: estimates,
    gates: judged.gates,
    slices: samples.map(({ slice, rows }) => ({
      slice: slice!,
      rows,
      metrics: Object.fromEntries(estimates.filter((one) => one.slice === slice).map((one) => [one.metric, one.value])),
    })),
    fairness: describeFairness(alone, whole),
    confusion: tabulateConfusion(request.rows, request.candidate, null),
    remarks,
  };
}

function estimateMetric(sample: Sample, metric: ResolvedMetric, request: EvaluateRequest): MetricEstimate {
  const measured = measureMetric(sample, metric, request);
  return { ...measured, candidate: measured.value };
}

function measureMetric(
  sample: Sample,
  metric: ResolvedMetric,
  request: EvaluateRequest,
): Omit<MetricEstimate, "candidate"> {
  const base = {
    metric: metric.name,
    slice: sample.slice,
    direction: metric.direction,
    rows: sample.rows,
    confidence: request.confidence,
    interval: null,
  };
  if (metric.reported !== null) {
    const numbers = request.reported?.candidate;
    const value = numbers && Object.hasOwn(numbers, metric.reported) ? numbers[metric.reported]! : Number.NaN;
    const known = Number.isFinite(value);
    const reason = known ? "reported by the training, not measured on rows" : metric.undefinedWhen;
    return { ...base, value: known ? value : null, reason };
  }
  const { candidate, estimate, reason } = sample.measure(metric);
  if (estimate === null) return { ...base, value: candidate, reason };
  if (metric.untestable !== null) return { ...base, value: candidate, reason: metric.untestable };
  const inference = estimate.contrast(0);
  const [low, high] = inference.interval(request.confidence);
  if (!(low < high)) return { ...base, value: candidate, reason: "it does not vary between rows or resamples" };
  const bounded = metric.scale === "share" ? ([Math.max(0, low), Math.min(1, high)] as const) : ([low, high] as const);
  return { ...base, value: candidate, interval: bounded, reason: estimate.tooFew };
}
