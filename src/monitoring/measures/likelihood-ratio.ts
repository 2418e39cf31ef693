// G statistic.
import { testLikelihoodRatio } from "../../statistics/contingency.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const likelihoodRatio = defineDriftMeasure({
  id: "likelihoodRatio",
  summary: "likelihood-ratio (G) statistic of homogeneity, over the same cells as psi",
  onDemand: true,
  compute: ({ cells }) => testLikelihoodRatio(cells.reference, cells.current).statistic,
});
