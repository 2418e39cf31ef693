// Partial dependence (Friedman 2001): the mean prediction when every row gets the same value in one column.
import type { Column } from "../../tables/table.ts";
import type { Perturbation } from "./perturbation.ts";

/** Of a text that is shown as a value. */
const longestName = 200;

export interface DependencePlan {
  readonly column: string;
  readonly points: readonly { readonly value: number | string; readonly perturbation: Perturbation }[];
}

/**
 * Up to `points` values of the column: numbers at even steps between their 5 % and 95 % quantiles' ranks, the most frequent
 * texts. `rows` are asked with each, and the values are looked for among `among`. No plan for a column of fewer than two values.
 */
export function planDependence(
  column: Column,
  rows: Int32Array,
  among: Int32Array,
  points: number,
): DependencePlan | null {
  const chosen =
    column.values instanceof Float64Array
      ? chooseQuantiles(column, among, points)
      : chooseFrequent(column, among, points);
  if (chosen.length < 2) return null;
  return {
    column: column.name,
    points: chosen.map((row) => ({
      value: nameCell(column, row),
      perturbation: { rows, taken: new Map([[column.name, new Int32Array(rows.length).fill(row)]]) },
    })),
  };
}

function chooseQuantiles(column: Column, among: Int32Array, points: number): readonly number[] {
  const { values } = column;
  const sorted = [...among]
    .filter((row) => Number.isFinite(values[row] as number))
    .sort((left, right) => (values[left] as number) - (values[right] as number));
  const chosen = Array.from({ length: points }, (_, step) => {
    const share = 0.05 + (0.9 * step) / Math.max(1, points - 1);
    return sorted[Math.round(share * (sorted.length - 1))]!;
  });
  return sorted.length === 0 ? [] : chosen.filter((row, at) => at === 0 || values[row] !== values[chosen[at - 1]!]);
}

/** The first row of each of the most frequent texts, by the text. */
function chooseFrequent(column: Column, among: Int32Array, points: number): readonly number[] {
  if (column.type === "text") return [];
  const found = new Map<string, { readonly row: number; count: number }>();
  for (const row of among) {
    const text = column.values[row] as string | null;
    if (text === null) continue;
    const known = found.get(text);
    if (known) known.count += 1;
    else found.set(text, { row, count: 1 });
  }
  return [...found]
    .sort((left, right) => right[1].count - left[1].count || (left[0] < right[0] ? -1 : 1))
    .slice(0, points)
    .sort((left, right) => (left[0] < right[0] ? -1 : 1))
    .map(([, { row }]) => row);
}

function nameCell(column: Column, row: number): number | string {
  const value = column.values[row];
  if (column.type === "datetime") return new Date(value as number).toISOString().replace("T00:00:00.000Z", "");
  return typeof value === "number" ? value : String(value ?? "").slice(0, longestName);
}

/** NaN without rows. */
export function averageOutput(outputs: Float64Array): number {
  return outputs.reduce((sum, value) => sum + value, 0) / outputs.length;
}
