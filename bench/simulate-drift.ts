// Simulates runs of the drift policy on data whose truth is known: how often it calls drift that is not there, or misses one.
import type { ColumnPair } from "../src/monitoring/column-pair.ts";
import { pairColumns } from "../src/monitoring/column-pair.ts";
import { decideDrift } from "../src/monitoring/drift-policy.ts";
import type { OrderedHistogram } from "../src/monitoring/ordered-histogram.ts";
import type { ColumnProfile } from "../src/monitoring/profile.ts";
import { normalCdf } from "../src/statistics/normal.ts";
import { createRandom, type Random } from "../src/statistics/rng.ts";

export interface DriftScenario {
  readonly name: string;
  readonly runs: number;
  readonly referenceRows: number;
  readonly currentRows: number;
  /** Columns without drift. */
  readonly numeric: number;
  /** Columns without drift, Zipf over that many categories. */
  readonly zipf: readonly { readonly categories: number; readonly columns: number }[];
  /** Numeric columns that moved by so many standard deviations. */
  readonly shifted: { readonly columns: number; readonly deviations: number } | null;
}

export interface DriftRates {
  readonly runs: number;
  /** Share of runs in which a column without drift was called drifted. */
  readonly falseRuns: number;
  /** Share of columns without drift that were called stable. */
  readonly stableColumns: number;
  /** Share of shifted columns that were called drifted; null without any. */
  readonly found: number | null;
}

const gridSteps = 600;

/** Runs a scenario; the same seed gives the same rates. */
export function simulateDrift(scenario: DriftScenario, seed: string): DriftRates {
  const random = createRandom(seed);
  const plain = normalGrid(0);
  const moved = normalGrid(scenario.shifted?.deviations ?? 0);
  let [falseRuns, stable, quiet, found, shifted] = [0, 0, 0, 0, 0];
  for (let run = 0; run < scenario.runs; run++) {
    const pairs: ColumnPair[] = [];
    const add = (reference: Source, current: Source): void => {
      pairs.push(drawPair(`c${pairs.length}`, reference, current, scenario, random));
    };
    for (let i = 0; i < scenario.numeric; i++) add(plain, plain);
    for (const { categories, columns } of scenario.zipf) {
      const source = zipfSource(categories);
      for (let i = 0; i < columns; i++) add(source, source);
    }
    const quietColumns = pairs.length;
    for (let i = 0; i < (scenario.shifted?.columns ?? 0); i++) add(plain, moved);
    const outcomes = decideDrift(pairs, { measures: "none" }).columns.map((column) => column.outcome);
    const calm = outcomes.slice(0, quietColumns);
    if (calm.includes("drift")) falseRuns++;
    stable += calm.filter((outcome) => outcome === "stable").length;
    quiet += calm.length;
    found += outcomes.slice(quietColumns).filter((outcome) => outcome === "drift").length;
    shifted += outcomes.length - quietColumns;
  }
  return {
    runs: scenario.runs,
    falseRuns: falseRuns / scenario.runs,
    stableColumns: quiet === 0 ? 0 : stable / quiet,
    found: shifted === 0 ? null : found / shifted,
  };
}

/** A discrete distribution as its cumulative shares. */
interface Source {
  readonly cumulative: Float64Array;
  readonly scale: "integer" | "hash";
}

/** N(shift, 1) on a grid of 1/60: fine enough that ties hardly matter. */
function normalGrid(shift: number): Source {
  const cumulative = Float64Array.from({ length: gridSteps }, (_, i) =>
    normalCdf((i + 1 - gridSteps / 2) / 60 - shift),
  );
  cumulative[gridSteps - 1] = 1;
  return { cumulative, scale: "integer" };
}

function zipfSource(categories: number): Source {
  const weights = Array.from({ length: categories }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const cumulative = Float64Array.from(weights, (weight) => {
    below += weight / total;
    return below;
  });
  cumulative[categories - 1] = 1;
  return { cumulative, scale: "hash" };
}

function drawPair(
  name: string,
  reference: Source,
  current: Source,
  { referenceRows, currentRows }: DriftScenario,
  random: Random,
): ColumnPair {
  return pairColumns(
    drawColumn(name, reference, referenceRows, random),
    drawColumn(name, current, currentRows, random),
  );
}

function drawColumn(name: string, source: Source, rows: number, random: Random): ColumnProfile {
  const drawn = new Uint32Array(source.cumulative.length);
  for (let row = 0; row < rows; row++) {
    const at = search(source.cumulative, random.nextFloat());
    drawn[at] = (drawn[at] as number) + 1;
  }
  const keys: bigint[] = [];
  const counts: number[] = [];
  drawn.forEach((count, i) => {
    if (count === 0) return;
    keys.push(BigInt(i));
    counts.push(count);
  });
  const values: OrderedHistogram = { scale: source.scale, shift: 0, keys, counts, lows: keys.map(() => 0n) };
  const type = source.scale === "hash" ? "categorical" : "numeric";
  return { name, type, present: rows, missing: 0, infinite: 0, values, lengths: null, distinct: null };
}

function search(cumulative: Float64Array, u: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) > u) high = middle;
    else low = middle + 1;
  }
  return low;
}
