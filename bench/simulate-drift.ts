// Simulates runs of the drift policy on data whose truth is known: how often it calls drift that is not there, or misses one.
import type { ColumnPair } from "../src/monitoring/column-pair.ts";
import { pairColumns } from "../src/monitoring/column-pair.ts";
import { decideDrift } from "../src/monitoring/drift-policy.ts";
import { createHistogram, emptyHistogram, type Scale } from "../src/monitoring/ordered-histogram.ts";
import type { ColumnProfile } from "../src/monitoring/profile.ts";
import { binomialMass } from "../src/statistics/binomial.ts";
import { normalCdf } from "../src/statistics/normal.ts";
import { createRandom, type Random } from "../src/statistics/rng.ts";
import type { Tally } from "./spread.ts";

export interface DriftScenario {
  readonly name: string;
  readonly runs: number;
  readonly referenceRows: number;
  readonly currentRows: number;
  /** Columns without drift. */
  readonly numeric: number;
  /** Columns without drift, Zipf over that many categories. */
  readonly zipf: readonly { readonly categories: number; readonly columns: number }[];
  /** Columns of free text without drift: lengths near normal, seven classes of characters in shares of their own. */
  readonly texts: number;
  /** Numbers as counts on a grid of so many cells; null = drawn one by one, without ties (up to 4096 rows a side). */
  readonly cells: number | null;
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

const mostDrawn = 4096;

/** The settings that false alarms are promised for: every kind of columns in every size, 50 columns without drift. */
export function listQuietScenarios(runs: number, cells: number | null): readonly DriftScenario[] {
  const mixed = [
    { categories: 20, columns: 13 },
    { categories: 100, columns: 12 },
  ];
  const kinds = [
    { name: "50 numeric", numeric: 50, texts: 0, zipf: [] },
    { name: "25 numeric, 13 Zipf 20, 12 Zipf 100", numeric: 25, texts: 0, zipf: mixed },
    { name: "50 Zipf 20", numeric: 0, texts: 0, zipf: [{ categories: 20, columns: 50 }] },
    { name: "50 Zipf 100", numeric: 0, texts: 0, zipf: [{ categories: 100, columns: 50 }] },
    { name: "25 texts, 25 Zipf 20", numeric: 0, texts: 25, zipf: [{ categories: 20, columns: 25 }] },
  ];
  return [
    [2000, 200],
    [2000, 2000],
    [50_000, 50_000],
  ].flatMap(([referenceRows = 0, currentRows = 0]) =>
    kinds.map((kind) => ({
      ...kind,
      name: `${kind.name}, ${referenceRows}/${currentRows}`,
      runs,
      referenceRows,
      currentRows,
      cells: referenceRows > mostDrawn ? (cells ?? 600) : cells,
      shifted: null,
    })),
  );
}

/** Runs a scenario in this thread; the same seed gives the same rates. */
export function simulateDrift(scenario: DriftScenario, seed: string): DriftRates {
  return rateDrift(tallyDrift(scenario, seed, 0, scenario.runs));
}

/** Counts of `DriftRates`, for runs `from` up to but without `to`. */
export function tallyDrift(scenario: DriftScenario, seed: string, from: number, to: number): Tally {
  const plain = normalSource(0, scenario.cells ?? 0);
  const moved = normalSource(scenario.shifted?.deviations ?? 0, scenario.cells ?? 0);
  let [falseRuns, stable, quiet, found, shifted] = [0, 0, 0, 0, 0];
  for (let run = from; run < to; run++) {
    const random = createRandom(`${seed} ${run}`);
    const pairs: ColumnPair[] = [];
    const add = (reference: Source, current: Source): void => {
      pairs.push(pairColumns(...drawPair(`c${pairs.length}`, reference, current, scenario, random)));
    };
    for (let i = 0; i < scenario.numeric; i++) add(plain, plain);
    for (const { categories, columns } of scenario.zipf) {
      const source = zipfSource(categories);
      for (let i = 0; i < columns; i++) add(source, source);
    }
    for (let i = 0; i < scenario.texts; i++) pairs.push(drawTexts(`c${pairs.length}`, scenario, random));
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
  return { runs: to - from, falseRuns, stable, quiet, found, shifted };
}

/** Shares of a tally of `tallyDrift`. */
export function rateDrift(tally: Tally): DriftRates {
  const { runs = 0, falseRuns = 0, stable = 0, quiet = 0, found = 0, shifted = 0 } = tally;
  return {
    runs,
    falseRuns: falseRuns / runs,
    stableColumns: quiet === 0 ? 0 : stable / quiet,
    found: shifted === 0 ? null : found / shifted,
  };
}

const lengths = normalSource(0, 60);
/** Shares of texts that hold each class. */
const classShares = [0.97, 0.02, 0.5, 0.9, 0.3, 0.08, 0.004];

function drawTexts(name: string, { referenceRows, currentRows }: DriftScenario, random: Random): ColumnPair {
  const [reference, current] = [referenceRows, currentRows].map((rows): ColumnProfile => {
    const drawn = describeCounts(name, "integer", drawCounts(lengths.shares, rows, random));
    return {
      ...drawn,
      type: "categorical",
      values: emptyHistogram("hash"),
      lengths: drawn.values,
      characters: classShares.map((share) => drawBinomial(rows, share, random)),
      distinctCount: rows,
    };
  }) as [ColumnProfile, ColumnProfile];
  return pairColumns(reference, current);
}

/** What a column is drawn from: N(mean, 1), or categories; `shares` are those of the grid's cells or of the categories. */
export interface Source {
  readonly mean: number | null;
  readonly shares: Float64Array;
}

/** N(mean, 1); its grid spans −5 to 5. */
export function normalSource(mean: number, cells: number): Source {
  const edge = (i: number): number => (i === 0 ? 0 : i === cells ? 1 : normalCdf((10 * i) / cells - 5 - mean));
  return { mean, shares: Float64Array.from({ length: cells }, (_, i) => edge(i + 1) - edge(i)) };
}

/** Category k with a share in proportion to 1/k. */
export function zipfSource(categories: number): Source {
  const weights = Float64Array.from({ length: categories }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { mean: null, shares: weights.map((weight) => weight / total) };
}

/**
 * The profiles of both sides of a column: what profiling drawn values one by one gives. Numbers without ties stand as
 * their ranks in both sides together, which is all that the policy reads of them.
 */
export function drawPair(
  name: string,
  reference: Source,
  current: Source,
  { referenceRows, currentRows, cells }: Pick<DriftScenario, "referenceRows" | "currentRows" | "cells">,
  random: Random,
): readonly [ColumnProfile, ColumnProfile] {
  if (reference.mean !== null && current.mean !== null && cells === null) {
    const a = drawNormals(reference.mean, referenceRows, random);
    const b = drawNormals(current.mean, currentRows, random);
    return [describeRanks(name, a, b, 0), describeRanks(name, b, a, 1)];
  }
  const describe = (source: Source, rows: number): ColumnProfile =>
    describeCounts(name, source.mean === null ? "hash" : "integer", drawCounts(source.shares, rows, random));
  return [describe(reference, referenceRows), describe(current, currentRows)];
}

function drawNormals(mean: number, rows: number, random: Random): Float64Array {
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) values[i] = random.nextNormal() + mean;
  return values.sort();
}

/** Counts of a multinomial, cell by cell: each is binomial in what the cells before it left. */
export function drawCounts(shares: Float64Array, rows: number, random: Random): Float64Array {
  let left = rows;
  let rest = 1;
  return shares.map((share, i) => {
    const count = i === shares.length - 1 ? left : drawBinomial(left, Math.min(1, share / rest), random);
    left -= count;
    rest = Math.max(0, rest - share);
    return count;
  });
}

/** Binomial by inversion from the mode outwards: exact to the rounding of a double, a few steps per standard deviation. */
function drawBinomial(trials: number, probability: number, random: Random): number {
  if (trials === 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  const mode = Math.floor((trials + 1) * probability);
  const odds = probability / (1 - probability);
  let u = random.nextFloat();
  let [low, high] = [mode, mode];
  let below = binomialMass(mode, trials, probability);
  let above = below;
  u -= below;
  while (u > 0) {
    const before = u;
    if (high < trials) {
      above *= ((trials - high) / (high + 1)) * odds;
      high++;
      u -= above;
      if (u <= 0) return high;
    }
    if (low > 0) {
      below *= low / ((trials - low + 1) * odds);
      low--;
      u -= below;
      if (u <= 0) return low;
    }
    if (u === before) return mode;
  }
  return mode;
}

const integers = Array.from({ length: 2 * mostDrawn }, (_, i) => BigInt(i));
const ones = integers.map(() => 1);

/** `own` and `other` sorted ascending; a value's key is the number of smaller values in both; `side` settles ties. */
function describeRanks(name: string, own: Float64Array, other: Float64Array, side: 0 | 1): ColumnProfile {
  const keys = new Array<bigint>(own.length);
  let below = 0;
  for (let i = 0; i < own.length; i++) {
    const value = own[i] as number;
    while (below < other.length && ((other[below] as number) < value || (side === 1 && other[below] === value)))
      below++;
    keys[i] = integers[i + below] as bigint;
  }
  return describeHistogram(name, own.length, { scale: "integer", keys, counts: ones.slice(0, keys.length) });
}

function describeCounts(name: string, scale: "integer" | "hash", drawn: Float64Array): ColumnProfile {
  const keys: bigint[] = [];
  const counts: number[] = [];
  let rows = 0;
  drawn.forEach((count, i) => {
    if (count === 0) return;
    keys.push(integers[i] as bigint);
    counts.push(count);
    rows += count;
  });
  return describeHistogram(name, rows, { scale, keys, counts });
}

function describeHistogram(
  name: string,
  present: number,
  {
    scale,
    keys,
    counts,
  }: { readonly scale: Scale; readonly keys: readonly bigint[]; readonly counts: readonly number[] },
): ColumnProfile {
  const values = createHistogram(scale, 0, keys, counts);
  const type = scale === "hash" ? "categorical" : "numeric";
  return { name, type, present, missing: 0, infinite: 0, values, lengths: null, distinct: null };
}
