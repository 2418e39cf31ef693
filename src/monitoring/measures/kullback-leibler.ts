// Kullback-Leibler divergence.
import { kullbackLeiblerDivergence } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const kullbackLeibler = defineDriftMeasure({
  id: "kullbackLeibler",
  summary: "divergence of the reference from the current, natural logarithm, over the same cells as psi",
  onDemand: false,
  compute: ({ cells }) => kullbackLeiblerDivergence(cells.reference, cells.current).value,
});
