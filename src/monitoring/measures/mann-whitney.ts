// Mann-Whitney statistic as a share.
import { testMannWhitney } from "../../statistics/mann-whitney.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

export const mannWhitney = defineDriftMeasure({
  id: "mannWhitney",
  summary: "share of pairs in which the reference is larger, ties half (U / nm)",
  onDemand: true,
  compute: (pair) => {
    const samples = pair.samples();
    if (!samples) return null;
    const pairs = samples.reference.length * samples.current.length;
    return pairs === 0 ? 0.5 : testMannWhitney(samples.reference, samples.current).statistic / pairs;
  },
});
