// Energy distance.
import { energyDistance } from "../../statistics/wasserstein.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const energy = defineDriftMeasure({
  id: "energy",
  summary: "energy distance of the rows; finite values",
  onDemand: true,
  compute: (pair) => {
    const samples = pair.samples();
    if (!samples) return null;
    return energyDistance(samples.reference.filter(Number.isFinite), samples.current.filter(Number.isFinite));
  },
});
