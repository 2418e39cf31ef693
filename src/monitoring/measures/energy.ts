// Energy distance.
import { energyDistance } from "../../statistics/wasserstein.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const energy = defineDriftMeasure({
  id: "energy",
  summary: "energy distance of the rows",
  onDemand: true,
  compute: (pair) => {
    const samples = pair.samples();
    return samples ? energyDistance(samples.reference, samples.current) : null;
  },
});
