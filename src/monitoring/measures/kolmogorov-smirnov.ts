// Kolmogorov-Smirnov distance.
import { binnedDistance } from "../column-pair.ts";
import { defineDriftMeasure } from "../drift-measure.ts";
import { measureSamples } from "../sample-distances.ts";

export const ks = defineDriftMeasure({
  id: "ks",
  summary: "largest distance of the distribution functions; numbers, times and lengths of text",
  onDemand: false,
  compute: (pair) => {
    if (!pair.ordered) return null;
    const samples = pair.samples();
    return samples ? measureSamples(samples).kolmogorovSmirnov : binnedDistance(pair).distance;
  },
});
