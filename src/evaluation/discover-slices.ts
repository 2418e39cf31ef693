// Finds the slices where a candidate does worst: searched on one half of the rows, to be judged on the other.
import { createRandom } from "../statistics/rng.ts";
import type { Column } from "../tables/table.ts";
import { type Gate, renderConditions, type SliceCondition } from "./gate.ts";
import type { JudgeRequest } from "./judge-request.ts";
import { UndefinedMetric } from "./metric.ts";
import {
  type EvaluationRows,
  joinPredictions,
  type Predictions,
  selectPredictions,
  selectRows,
} from "./metric-rows.ts";
import { listUsedColumns } from "./prediction-table.ts";
import type { ResolvedMetric } from "./resolve-metric.ts";
import { findRows, type Slice } from "./slices.ts";
import { evaluateStatistic } from "./statistic.ts";

export interface Discovery {
  /**
   * The worst first; their rows are those of the half that was not searched. Which ones they are says nothing about these rows, so that correcting for
   * the few that are tested bounds the chance of calling any of all that were searched bad when it is not.
   */
  readonly slices: readonly Slice[];
  /** How many were looked at. */
  readonly searched: number;
  /** How many more there are that were not, since the search is bounded. */
  readonly left: number;
}

const mostCandidates = 600;
const mostValues = 20;
const judgedSlices = 3;

/**
 * Looks at every value, quarter of the numbers, and pair of these of all columns that do not give the label away; at most 600, single columns first, and
 * first those of the columns that the config's slices and fairness name. Slices need `minRows` rows in each half. Ordered by harm × √rows: loss against the baseline for margins, else
 * distance from the limit. Seeded by the request; groups, and runs of neighbours in time, stay in one half.
 */
export function discoverSlices(request: JudgeRequest, gate: Gate, metric: ResolvedMetric, minRows: number): Discovery {
  const { rows } = request;
  const half = splitInHalves(rows, request.seed);
  const all = listCandidates(request, minRows);
  const candidates = all.slice(0, mostCandidates);
  const scored: { readonly slice: Slice; readonly harm: number }[] = [];
  let searched = 0;
  for (const conditions of candidates) {
    const found = findRows(rows.columns, rows.rows, conditions);
    const [search, confirm] = [0, 1].map((side) => found.filter((row) => half[row] === side)) as [
      Int32Array,
      Int32Array,
    ];
    if (search.length < minRows || confirm.length < minRows) continue;
    searched += 1;
    const harm = measureHarm(request, gate, metric, search);
    if (harm === null) continue;
    scored.push({ slice: { id: `worst: ${renderConditions(conditions)}`, indices: confirm }, harm });
  }
  scored.sort((left, right) => right.harm - left.harm);
  return {
    slices: scored.slice(0, judgedSlices).map(({ slice }) => slice),
    searched,
    left: all.length - candidates.length,
  };
}

/** 0 or 1 per row; rows of a cluster, or of a run of time as long as the blocks that are resampled, share it. */
function splitInHalves(rows: EvaluationRows, seed: string): Uint8Array {
  const random = createRandom(`${seed}\nhalves`);
  const { clusters, blockLength } = rows;
  const unitOf = (row: number): number => clusters?.[row] ?? Math.floor(row / (blockLength ?? 1));
  const sides = new Map<number, number>();
  return Uint8Array.from({ length: rows.rows }, (_, row) => {
    const cluster = unitOf(row);
    const side = sides.get(cluster) ?? random.nextInteger(2);
    sides.set(cluster, side);
    return side;
  });
}

function listCandidates(request: JudgeRequest, minRows: number): readonly (readonly SliceCondition[])[] {
  const { columns } = request.rows;
  const named = new Set(listUsedColumns(request.slices, [], request.fairness ?? []));
  const first = [...columns.values()].filter(({ name }) => named.has(name));
  const others = [...columns.values()].filter(
    (column) => !named.has(column.name) && !isKey(column) && !revealsLabel(column, request.rows),
  );
  const perColumn = [...first, ...others]
    .map((column) => listConditions(column, minRows))
    .filter((list) => list.length > 1);
  const singles = perColumn.flat();
  const pairs: SliceCondition[][] = [];
  perColumn.forEach((first, at) => {
    for (const second of perColumn.slice(at + 1))
      for (const one of first) for (const other of second) pairs.push([...one, ...other]);
  });
  return [...singles, ...pairs];
}

/** Whole numbers that never repeat name rows; they say nothing about them. */
function isKey({ values }: Column): boolean {
  if (!(values instanceof Float64Array)) return false;
  return values.every(Number.isInteger) && new Set(values).size === values.length;
}

/** One list of conditions per part of the column: its frequent values, or quarters of its numbers. */
function listConditions(column: Column, minRows: number): readonly (readonly SliceCondition[])[] {
  const { values } = column;
  if (column.type === "datetime" || column.type === "text") return [];
  if (values instanceof Float64Array) {
    const sorted = values.filter((value) => !Number.isNaN(value)).sort();
    const cuts = [...new Set([0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)]!))];
    const name = column.name;
    return [...cuts, null].map((cut, at): readonly SliceCondition[] => {
      const from = at === 0 ? null : cuts[at - 1]!;
      return [
        ...(from === null ? [] : [{ column: name, operator: ">=", value: from } as const]),
        ...(cut === null ? [] : [{ column: name, operator: "<", value: cut } as const]),
      ];
    });
  }
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= 2 * minRows)
    .sort((left, right) => right[1] - left[1])
    .slice(0, mostValues)
    .map(([value]) => [{ column: column.name, operator: "=", value } as const]);
}

/** The label itself, or a few values each of which goes with one label only. */
function revealsLabel(column: Column, { labels, rows }: EvaluationRows): boolean {
  if (labels.length !== rows) return false;
  const labelOf = new Map<string | number, number>();
  for (let row = 0; row < rows; row += 1) {
    const cell = column.values[row] ?? null;
    if (cell === null) continue;
    const known = labelOf.get(cell);
    if (known === undefined) labelOf.set(cell, labels[row]!);
    else if (known !== labels[row]) return false;
  }
  const isLabel = column.values instanceof Float64Array && column.values.every((value, row) => value === labels[row]);
  return isLabel || (labelOf.size > 0 && labelOf.size <= mostValues);
}

function measureHarm(request: JudgeRequest, gate: Gate, metric: ResolvedMetric, indices: Int32Array): number | null {
  const rows = selectRows(request.rows, indices);
  const measure = (predictions: Predictions): number => {
    try {
      const joined = joinPredictions(rows, selectPredictions(predictions, indices));
      return evaluateStatistic(metric.measure(joined), rows.weights);
    } catch (error) {
      if (error instanceof UndefinedMetric) return Number.NaN;
      throw error;
    }
  };
  const absolute = gate.relation === "at-least" || gate.relation === "at-most";
  if (!absolute && request.baseline === null) return null;
  const candidate = measure(request.candidate);
  const against = absolute ? gate.amount.value : measure(request.baseline!);
  const harm = (metric.direction === "higher" ? against - candidate : candidate - against) * Math.sqrt(indices.length);
  return Number.isFinite(harm) ? harm : null;
}
