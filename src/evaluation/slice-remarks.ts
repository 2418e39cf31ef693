// Who is hurt most, in a sentence.

import { findMetric } from "./catalog.ts";
import type { MetricComparison } from "./comparison.ts";
import { formatValue } from "./format-number.ts";

/** The slice whose loss is surest (largest loss in units of its interval, among those whose interval excludes 0); null when nobody is. */
export function describeMostHurtSlice(comparisons: readonly MetricComparison[]): string | null {
  let worst: { readonly comparison: MetricComparison; readonly size: number } | null = null;
  for (const comparison of comparisons) {
    const { difference, interval, direction, slice } = comparison;
    if (slice === null || difference === null || interval === null) continue;
    const loss = direction === "higher" ? -difference : difference;
    const excludesZero = direction === "higher" ? interval[1] < 0 : interval[0] > 0;
    const size = loss / Math.max(1e-300, interval[1] - interval[0]);
    if (excludesZero && (worst === null || size > worst.size)) worst = { comparison, size };
  }
  if (worst === null) return null;
  const { metric, slice, rows, baseline, candidate } = worst.comparison;
  const scale = findMetric(metric.replace(/\(.*$/s, ""))?.scale ?? "free";
  return `Most hurt: ${slice} (n = ${rows.toLocaleString("en-US")}): ${metric} ${formatValue(baseline, scale)} → ${formatValue(candidate, scale)}.`;
}
