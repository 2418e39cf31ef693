// Wasserstein-1 distance in standard deviations of the reference.
import { binnedWasserstein } from "../binned-wasserstein.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const wassersteinNormed = defineDriftMeasure({
  id: "wassersteinNormed",
  summary: "Wasserstein-1 distance divided by the standard deviation of the reference",
  onDemand: false,
  compute: (pair) => binnedWasserstein(pair)?.normed ?? null,
});
