// Kolmogorov-Smirnov distance.
import { kolmogorovSmirnovDistance } from "../../statistics/kolmogorov-smirnov.ts";
import { binnedDistance } from "../column-pair.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const ks = defineDriftMeasure({
  id: "ks",
  summary: "largest distance of the distribution functions; numbers, times and lengths of text",
  onDemand: false,
  compute: (pair) => {
    if (!pair.ordered) return null;
    const samples = pair.samples();
    return samples ? kolmogorovSmirnovDistance(samples.reference, samples.current) : binnedDistance(pair).distance;
  },
});
