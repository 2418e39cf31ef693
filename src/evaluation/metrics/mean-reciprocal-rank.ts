// Mean over queries of 1 / rank of the first relevant row.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { measureQueries } from "../query-rows.ts";

/** Mean over queries with a relevant row of 1 / rank of the first one; of equal scores the rank is the end of their run. */
export const meanReciprocalRank = defineMetric({
  id: "mean_reciprocal_rank",
  summary: "mean over queries of 1 / rank of the first relevant row",
  direction: "higher",
  scale: "share",
  tasks: ["ranking"],
  undefinedWhen: "no query has a relevant row",
  options: z.strictObject({}),
  measure: (rows) =>
    measureQueries(rows, ({ relevance, groups }) => {
      const first = groups.find(([start, end]) => relevance.slice(start, end).some((value) => value > 0));
      return first === undefined ? Number.NaN : 1 / first[1];
    }),
});
