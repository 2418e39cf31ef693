// Cramer V.
import { cramerV as measureCramerV } from "../../statistics/contingency.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const cramerV = defineDriftMeasure({
  id: "cramerV",
  summary: "Cramer V of the two-row table, over the same cells as psi",
  onDemand: true,
  compute: ({ cells }) => measureCramerV(cells.reference, cells.current),
});
