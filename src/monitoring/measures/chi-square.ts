// Chi-square statistic.
import { testHomogeneity } from "../../statistics/contingency.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const chiSquare = defineDriftMeasure({
  id: "chiSquare",
  summary: "chi-square statistic of homogeneity, over the same cells as psi",
  onDemand: true,
  compute: ({ cells }) => testHomogeneity(cells.reference, cells.current).statistic,
});
