// Discounted gain of the ranking relative to the best one.
import { z } from "zod";
import { defineMetric } from "../metric.ts";
import { measureQueries, type RankedQuery } from "../query-rows.ts";

/** DCG / ideal DCG per query, gain = relevance, discount 1 / log₂(rank + 1), over the first `k` rows (default all); rows of equal score share their discounts. A query without relevant rows counts 0. scikit-learn's ndcg_score, averaged over queries. */
export const ndcg = defineMetric({
  id: "ndcg",
  summary: "discounted gain of the ranking relative to the best one",
  direction: "higher",
  scale: "share",
  tasks: ["ranking"],
  undefinedWhen: "there are no queries",
  options: z.strictObject({ k: z.number().int().min(1).optional() }),
  measure: (rows, { k }) => measureQueries(rows, (query) => measureGain(query, k ?? Number.POSITIVE_INFINITY)),
});

function measureGain({ relevance, groups }: RankedQuery, k: number): number {
  const discount = (at: number): number => (at < k ? 1 / Math.log2(at + 2) : 0);
  let gain = 0;
  for (const [start, end] of groups) {
    let [relevant, discounts] = [0, 0];
    for (let at = start; at < end; at += 1) {
      relevant += relevance[at]!;
      discounts += discount(at);
    }
    gain += (relevant * discounts) / (end - start);
  }
  const ideal = [...relevance]
    .sort((left, right) => right - left)
    .reduce((sum, value, at) => sum + value * discount(at), 0);
  return ideal === 0 ? 0 : gain / ideal;
}
