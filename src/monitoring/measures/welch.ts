// Welch's t statistic.
import { testWelch } from "../../statistics/welch.ts";
import { defineDriftMeasure } from "../drift-measure.ts";
import { countValues, type OrderedHistogram, summarizeMoments } from "../ordered-histogram.ts";

export const welch = defineDriftMeasure({
  id: "welchT",
  summary:
    "Welch's t of the means, current less reference; finite values, from a profile with every value at its bin's mean",
  onDemand: true,
  compute: ({ ordered, histograms }) => {
    if (!ordered) return null;
    const { statistic } = testWelch(describe(histograms.reference), describe(histograms.current), 0.95);
    return Number.isFinite(statistic) ? statistic : null;
  },
});

function describe(histogram: OrderedHistogram) {
  const { mean, deviation } = summarizeMoments(histogram);
  const count = countValues(histogram);
  return { count, mean, variance: (deviation * deviation * count) / Math.max(1, count - 1) };
}
