// What a comparison reads from a column's profile: role, different values, the bins to compare.
import { isFreeTextSummary } from "../tables/free-text.ts";
import type { ColumnType } from "../tables/table.ts";
import { estimateDistinct } from "./distinct-sketch.ts";
import { countValues, summarizeMoments } from "./ordered-histogram.ts";
import type { ColumnProfile } from "./profile.ts";

/** Different values: exact while every value has a bin of its own, else an estimate; null where a published or an older profile does not tell. */
export function countDistinct(column: ColumnProfile): number | null {
  if (column.distinctCount !== undefined) return column.distinctCount;
  const { shift, keys, centers } = column.values;
  const exact = shift === 0 && centers === undefined ? keys.length : null;
  return exact ?? (column.distinct ? Math.min(column.present, estimateDistinct(column.distinct)) : null);
}

/** The column's type as reports name it: a categorical column of nearly all different or long texts is `text`. */
export function roleOf(column: ColumnProfile): ColumnType {
  if (column.type !== "categorical" || !column.lengths) return column.type;
  const meanLength = countValues(column.lengths) === 0 ? 0 : summarizeMoments(column.lengths).mean;
  return isFreeTextSummary(column.present, countDistinct(column) ?? 0, meanLength) ? "text" : "categorical";
}
