// Total variation distance.
import { totalVariationDistance } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const totalVariation = defineDriftMeasure({
  id: "totalVariation",
  summary: "half the sum of differences of shares, over the same cells as psi; its null mean is not subtracted",
  onDemand: false,
  compute: ({ cells }) => totalVariationDistance(cells.reference, cells.current),
});
