// Hellinger distance.
import { hellingerDistance } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const hellinger = defineDriftMeasure({
  id: "hellinger",
  summary: "Hellinger distance, over the same cells as psi",
  onDemand: false,
  compute: ({ cells }) => hellingerDistance(cells.reference, cells.current),
});
