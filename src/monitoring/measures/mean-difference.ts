// Difference of means in standard deviations of the reference.
import { defineDriftMeasure } from "../drift-measure.ts";
import { summarizeMoments } from "../ordered-histogram.ts";

export const meanDifference = defineDriftMeasure({
  id: "meanDifference",
  summary: "difference of the means, in standard deviations of the reference; finite values",
  onDemand: true,
  compute: ({ ordered, histograms }) => {
    if (!ordered) return null;
    const reference = summarizeMoments(histograms.reference);
    const difference = (summarizeMoments(histograms.current).mean - reference.mean) / reference.deviation;
    return Number.isFinite(difference) ? difference : 0;
  },
});
