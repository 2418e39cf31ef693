// Anderson-Darling statistic.
import { testAndersonDarling } from "../../statistics/anderson-darling.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const andersonDarling = defineDriftMeasure({
  id: "andersonDarling",
  summary: "standardised two-sample Anderson-Darling statistic of the rows",
  onDemand: true,
  compute: (pair) => {
    const samples = pair.samples();
    return samples ? testAndersonDarling(samples.reference, samples.current).statistic : null;
  },
});
