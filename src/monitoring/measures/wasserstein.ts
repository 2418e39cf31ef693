// Wasserstein-1 distance.
import { binnedWasserstein } from "../binned-wasserstein.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const wasserstein = defineDriftMeasure({
  id: "wasserstein",
  summary: "Wasserstein-1 distance in the unit of the column; finite values",
  onDemand: false,
  compute: (pair) => binnedWasserstein(pair)?.distance ?? null,
});
