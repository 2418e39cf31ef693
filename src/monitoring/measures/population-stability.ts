// Population stability index.
import { populationStabilityIndex } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const psi = defineDriftMeasure({
  id: "psi",
  summary: "population stability index over ten bins of equal reference mass, or the categories",
  onDemand: false,
  compute: ({ cells }) => populationStabilityIndex(cells.reference, cells.current).value,
});
