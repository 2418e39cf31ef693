// Cramer-von Mises statistic.
import { testCramerVonMises } from "../../statistics/cramer-von-mises.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const cramerVonMises = defineDriftMeasure({
  id: "cramerVonMises",
  summary: "two-sample Cramer-von Mises statistic of the rows",
  onDemand: true,
  compute: (pair) => {
    const samples = pair.samples();
    return samples ? testCramerVonMises(samples.reference, samples.current, "asymptotic").statistic : null;
  },
});
