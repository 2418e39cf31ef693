// Share of the relevant rows that are among the first k.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { countRelevant, measureQueries } from "../query-rows.ts";

/** Relevant rows among the first `k` (default 10) / relevant rows, mean over queries that have one. */
export const recallAtK = defineMetric({
  id: "recall_at_k",
  summary: "share of the relevant rows that are among the first k",
  direction: "higher",
  scale: "share",
  tasks: ["ranking"],
  undefinedWhen: "no query has a relevant row",
  options: z.strictObject({ k: z.number().int().min(1).default(10) }),
  measure: (rows, { k }) =>
    measureQueries(rows, (query) => countRelevant(query, k) / countRelevant(query, Number.POSITIVE_INFINITY)),
});
