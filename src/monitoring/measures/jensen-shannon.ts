// Jensen-Shannon distance.
import { jensenShannonDistance } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const jensenShannon = defineDriftMeasure({
  id: "jensenShannon",
  summary: "Jensen-Shannon distance to base 2, over the same cells as psi",
  onDemand: false,
  compute: ({ cells }) => jensenShannonDistance(cells.reference, cells.current),
});
