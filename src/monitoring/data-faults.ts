// Faults of the data itself: columns that are gone, types that changed, values the reference says cannot be, other units.

import type { Finding } from "./findings.ts";
import { alignHistograms, countValues, edgeOf, type OrderedHistogram } from "./ordered-histogram.ts";
import type { ColumnProfile, Profile } from "./profile.ts";
import { guessUnitChange } from "./unit-change.ts";

/** Values may lie this many reference ranges outside the reference before they count as impossible. */
const allowedRanges = 0.5;
/** Share of impossible values that is a fault, and the fewest of them. */
const faultShare = 0.05;
const fewestFaults = 5;
/** A column that was nearly always there and is mostly gone. */
const goneShare = 0.5;

/** Critical findings only; an empty list says that nothing impossible was seen, not that nothing drifted. */
export function findDataFaults(reference: Profile, current: Profile): readonly Finding[] {
  if (current.rows === 0) return [];
  const others = new Map(current.columns.map((column) => [column.name, column]));
  return reference.columns.flatMap((column): Finding[] => {
    const other = others.get(column.name);
    if (!other) return [describe(column.name, `${column.name} is no longer in the data`, null, null)];
    if (column.present === 0) return [];
    const missing = other.missing / Math.max(1, other.present + other.missing);
    const before = column.missing / (column.present + column.missing);
    if (missing >= goneShare && before < faultShare) {
      const summary = `${column.name} is missing in ${percent(missing)} of the rows; it was in ${percent(before)}`;
      return [describe(column.name, summary, missing, goneShare)];
    }
    if (other.present > 0 && other.type !== column.type) {
      return [describe(column.name, `${column.name} was ${column.type} and is ${other.type} now`, null, null)];
    }
    const impossible = column.type === "numeric" ? findImpossible(column, other) : null;
    return impossible ? [impossible] : [];
  });
}

function findImpossible(reference: ColumnProfile, current: ColumnProfile): Finding | null {
  const bounds = finiteBounds(reference.values);
  if (!bounds || current.present === 0) return null;
  const [low, high] = bounds;
  const slack = allowedRanges * (high - low);
  if (slack === 0) return null;
  const outside = countOutside(current.values, low - slack, high + slack);
  const share = outside / current.present;
  const unit = guessUnitChange(...alignHistograms(reference.values, current.values));
  if (!unit && (share < faultShare || outside < fewestFaults)) return null;
  const summary = unit
    ? `${reference.name} looks as if its unit had changed: ${unit.description} fits (${percent(share)} of the values are out of the reference's bounds)`
    : `${percent(share)} of the values of ${reference.name} are far out of the reference's bounds (${round(low)} to ${round(high)})`;
  return describe(reference.name, summary, share, faultShare);
}

function finiteBounds(histogram: OrderedHistogram): readonly [number, number] | null {
  const edges = Array.from(histogram.keys, (key) => edgeOf(histogram, key)).filter(Number.isFinite);
  const first = edges[0];
  const last = edges[edges.length - 1];
  return first === undefined || last === undefined || countValues(histogram) < 50 ? null : [first, last];
}

function countOutside(histogram: OrderedHistogram, low: number, high: number): number {
  let sum = 0;
  histogram.keys.forEach((key, i) => {
    const edge = edgeOf(histogram, key);
    if (edge < low || edge > high) sum += histogram.counts[i] as number;
  });
  return sum;
}

function describe(subject: string, summary: string, value: number | null, threshold: number | null): Finding {
  return { kind: "data", subject, severity: "critical", summary, value, threshold };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
