// The table of metrics: both models on all rows and on the slices, each with interval and p-value.
import type { MetricComparison } from "./comparison.ts";
import type { EvaluateRequest, JudgeRequest } from "./judge-request.ts";
import type { ResolvedMetric } from "./resolve-metric.ts";
import { createSample, type Sample } from "./sample.ts";
import { describeMostHurtSlice } from "./slice-remarks.ts";
import { expandChoice, UnknownSliceColumn } from "./slices.ts";

/** Metrics shown per slice, and slices shown per column: enough to see who is hurt. */
const metricsPerSlice = 2;
const slicesPerChoice = 50;
const usualMinRows = 30;

/** All metrics on all rows, the first two on every slice of at least `minRows` rows; remarks for people. */
export function compareMetrics(
  request: JudgeRequest,
  whole: Sample,
  metrics: readonly ResolvedMetric[],
): { readonly comparisons: readonly MetricComparison[]; readonly remarks: readonly string[] } {
  const { samples, remarks } = sliceSamples(request);
  const measured = metrics.filter(({ reported }) => reported === null);
  const onSlices = samples.flatMap((sample) =>
    measured.slice(0, metricsPerSlice).map((metric) => compareMetric(sample, metric, request.confidence)),
  );
  const comparisons = metrics.map((metric) =>
    metric.reported === null ? compareMetric(whole, metric, request.confidence) : compareReported(request, metric),
  );
  const hurt = describeMostHurtSlice(onSlices);
  return { comparisons: [...comparisons, ...onSlices], remarks: hurt === null ? remarks : [hurt, ...remarks] };
}

/** Samples of the slices the config names that have enough rows; remarks about those that do not exist. */
export function sliceSamples(request: EvaluateRequest & { readonly baseline: JudgeRequest["baseline"] }): {
  readonly samples: readonly Sample[];
  readonly remarks: readonly string[];
} {
  const minRows = request.minRows ?? usualMinRows;
  const remarks: string[] = [];
  const samples = request.slices.flatMap((choice) => {
    try {
      const all = expandChoice(request.rows.columns, request.rows.rows, choice);
      const large = all.filter(({ indices }) => indices.length >= minRows);
      if (large.length > slicesPerChoice)
        remarks.push(`${choice.name} has ${large.length} slices; the ${slicesPerChoice} largest are shown.`);
      return large.slice(0, slicesPerChoice).map(({ id, indices }) => createSample(request, id, indices));
    } catch (error) {
      if (!(error instanceof UnknownSliceColumn)) throw error;
      remarks.push(`The slice ${choice.name} cannot be made: ${error.message}.`);
      return [];
    }
  });
  return { samples, remarks };
}

function compareMetric(sample: Sample, metric: ResolvedMetric, confidence: number): MetricComparison {
  const { baseline, candidate, estimate, reason } = sample.measure(metric);
  const base = {
    metric: metric.name,
    slice: sample.slice,
    direction: metric.direction,
    rows: sample.rows,
    baseline,
    candidate,
    confidence,
  };
  const nothing = { interval: null, statistic: null, pValue: null, test: "not-tested" };
  if (estimate === null || candidate === null) return { ...base, ...nothing, difference: null, reason };
  if (baseline === null || !sample.hasBaseline)
    return { ...base, ...nothing, difference: null, reason: "there is no baseline" };
  const difference = candidate - baseline;
  if (sample.identical)
    return { ...base, difference: 0, interval: [0, 0], test: "identical", statistic: 0, pValue: 1, reason: null };
  if (metric.untestable !== null) return { ...base, ...nothing, difference, reason: metric.untestable };
  const inference = estimate.contrast(1);
  const interval = inference.interval(confidence);
  const { test, statistic, pValue } = estimate.zeroTest();
  if (!interval.every(Number.isFinite))
    return { ...base, ...nothing, difference, reason: "its interval cannot be computed" };
  if (interval[0] === interval[1])
    return { ...base, ...nothing, test, difference, reason: "it does not vary between rows or resamples" };
  return { ...base, difference, interval, test, statistic, pValue, reason: estimate.tooFew };
}

function compareReported({ reported, confidence, rows }: JudgeRequest, metric: ResolvedMetric): MetricComparison {
  const read = (numbers: Readonly<Record<string, number>> | null | undefined): number | null => {
    const value = numbers && Object.hasOwn(numbers, metric.reported!) ? numbers[metric.reported!] : undefined;
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const [baseline, candidate] = [read(reported?.baseline), read(reported?.candidate)];
  return {
    metric: metric.name,
    slice: null,
    direction: metric.direction,
    rows: rows.rows,
    baseline,
    candidate,
    difference: baseline === null || candidate === null ? null : candidate - baseline,
    interval: null,
    confidence,
    test: "not-tested",
    statistic: null,
    pValue: null,
    reason: candidate === null ? metric.undefinedWhen : "reported by the training, not measured on rows",
  };
}
