// Ranking metrics: one value per query (rows of one group), averaged over queries.
import { UndefinedMetric } from "./metric.ts";
import type { MetricRows } from "./metric-rows.ts";
import type { MeansStatistic } from "./statistic.ts";

/** Rows of one query, by falling score; `groups` are runs of equal scores as [start, end) in that order. */
export interface RankedQuery {
  readonly relevance: readonly number[];
  readonly groups: readonly (readonly [number, number])[];
}

/**
 * Mean over queries of `measure`, NaN for queries it says nothing about, which are left out. Throws UndefinedMetric when rows are not grouped into
 * queries or a relevance is negative. Queries stay whole under resampling, since they are the groups.
 */
export function measureQueries(rows: MetricRows, measure: (query: RankedQuery) => number): MeansStatistic {
  if (rows.clusters === null)
    throw new UndefinedMetric("rows are not grouped into queries; name the query's column as group");
  if (rows.labels.some((relevance) => relevance < 0)) throw new UndefinedMetric("a relevance is negative");
  const queries = new Map<number, number[]>();
  for (let row = 0; row < rows.rows; row += 1) {
    const query = queries.get(rows.clusters[row]!);
    if (query) query.push(row);
    else queries.set(rows.clusters[row]!, [row]);
  }
  // Each query's value stands on its first row, so that it is drawn with the query.
  const value = new Float64Array(rows.rows);
  const counted = new Float64Array(rows.rows);
  for (const members of queries.values()) {
    const result = measure(rankQuery(rows, members));
    if (Number.isNaN(result)) continue;
    value[members[0]!] = result;
    counted[members[0]!] = 1;
  }
  return { kind: "means", parts: [value, counted], combine: (means) => means[0]! / means[1]! };
}

function rankQuery({ labels, values }: MetricRows, members: readonly number[]): RankedQuery {
  const order = [...members].sort((left, right) => values[right]! - values[left]!);
  const groups: (readonly [number, number])[] = [];
  let start = 0;
  for (let at = 1; at <= order.length; at += 1)
    if (at === order.length || values[order[at]!] !== values[order[start]!]) {
      groups.push([start, at]);
      start = at;
    }
  return { relevance: order.map((row) => labels[row]!), groups };
}

/** Relevant rows (relevance > 0) among the first `k`; a run of equal scores across the border counts in proportion. */
export function countRelevant({ relevance, groups }: RankedQuery, k: number): number {
  let found = 0;
  for (const [start, end] of groups) {
    if (start >= k) break;
    let relevant = 0;
    for (let at = start; at < end; at += 1) if (relevance[at]! > 0) relevant += 1;
    found += (relevant * (Math.min(end, k) - start)) / (end - start);
  }
  return found;
}
