// Share of the first k rows that are relevant.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { countRelevant, measureQueries } from "../query-rows.ts";

/** Relevant rows among the first `k` (default 10) / k, mean over queries; a query with fewer rows still divides by k. */
export const precisionAtK = defineMetric({
  id: "precision_at_k",
  summary: "share of the first k rows that are relevant",
  direction: "higher",
  scale: "share",
  tasks: ["ranking"],
  undefinedWhen: "there are no queries",
  options: z.strictObject({ k: z.number().int().min(1).default(10) }),
  measure: (rows, { k }) => measureQueries(rows, (query) => countRelevant(query, k) / k),
});
