// Mean over queries of the average precision.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { measureQueries, type RankedQuery } from "../query-rows.ts";

/** Mean over queries with a relevant row (relevance > 0) of Σ precision at each relevant row / relevant rows; of equal scores the rows count together, as if at the end of their run. */
export const meanAveragePrecision = defineMetric({
  id: "mean_average_precision",
  summary: "mean over queries of the average precision",
  direction: "higher",
  scale: "share",
  tasks: ["ranking"],
  undefinedWhen: "no query has a relevant row",
  options: z.strictObject({}),
  measure: (rows) => measureQueries(rows, measurePrecision),
});

function measurePrecision({ relevance, groups }: RankedQuery): number {
  let [found, sum] = [0, 0];
  for (const [start, end] of groups) {
    const relevant = relevance.slice(start, end).filter((value) => value > 0).length;
    found += relevant;
    sum += (relevant * found) / end;
  }
  return sum / found;
}
