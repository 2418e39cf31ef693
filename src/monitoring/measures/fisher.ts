// Fisher's exact test of two categories.
import { testFisher } from "../../statistics/contingency.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const fisher = defineDriftMeasure({
  id: "fisherPValue",
  summary: "p-value of Fisher's exact test, two-sided; columns of exactly two categories",
  onDemand: true,
  compute: ({ ordered, cells: { reference, current } }) => {
    if (ordered || reference.length !== 2) return null;
    return testFisher(reference[0] ?? 0, reference[1] ?? 0, current[0] ?? 0, current[1] ?? 0);
  },
});
