// L-infinity distance.
import { largestShareDifference } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const lInfinity = defineDriftMeasure({
  id: "lInfinity",
  summary: "largest difference of a share, over the same cells as psi",
  onDemand: false,
  compute: ({ cells }) => largestShareDifference(cells.reference, cells.current),
});
