// What a picture of one column shows: a few cells with the share of each side, no single values.
import type { ColumnPair } from "./column-pair.ts";
import { listEdges } from "./ordered-histogram.ts";
import { listBins, type PairedBin, type PairedBins, sumCounts } from "./paired-bins.ts";

export interface Distribution {
  /** One more than cells, ascending, microseconds since 1970 for times; the first and last cell also hold what lies beyond. Null for categories: profiles hold no names; beyond `mostCategories` the last cell is the rest. */
  readonly edges: readonly number[] | null;
  /** Share of the values of that side, by cell, to four digits. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Of categories, a name per cell where names were read; null = of too few rows to be named, or the rest. Null altogether: not read. */
  readonly names: readonly (string | null)[] | null;
}

/** By column, names of categories by their hash. */
export type CategoryNames = ReadonlyMap<string, ReadonlyMap<bigint, string>>;

const mostCategories = 11;
const rangeCells = 20;
const tail = 0.005;

/** Cells of equal width over the middle 99 % of both sides together, or the largest categories and the rest. Empty without values. */
export function describeDistribution(pair: ColumnPair, named: CategoryNames | null = null): Distribution {
  const { bins, ordered } = pair;
  const totals: Totals = [sumCounts(bins.a), sumCounts(bins.b)];
  if (totals[0] + totals[1] === 0) return { edges: ordered ? [] : null, reference: [], current: [], names: null };
  return ordered ? describeOrdered(pair, totals) : describeCategories(pair, totals, named?.get(pair.name) ?? null);
}

/** Values of the reference and of the current data. */
type Totals = readonly [number, number];

function describeOrdered({ bins, histograms }: ColumnPair, totals: Totals): Distribution {
  const values = listEdges(histograms.reference, bins.keys);
  const [low, high] = findRange(bins, values, totals);
  const width = (high - low) / rangeCells;
  const count = width > 0 ? rangeCells : 1;
  const [reference, current] = [new Array<number>(count).fill(0), new Array<number>(count).fill(0)];
  for (let i = 0; i < values.length; i++) {
    const at = width > 0 ? Math.floor(((values[i] as number) - low) / width) : 0;
    const cell = Number.isNaN(at) ? 0 : Math.min(count - 1, Math.max(0, at));
    reference[cell] = (reference[cell] as number) + (bins.a[i] as number);
    current[cell] = (current[cell] as number) + (bins.b[i] as number);
  }
  const edges = Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * width));
  return { edges, ...toShares(reference, current, totals), names: null };
}

function describeCategories(
  { bins }: ColumnPair,
  totals: Totals,
  known: ReadonlyMap<bigint, string> | null,
): Distribution {
  const all = listBins(bins);
  const top = chooseTop(all, totals);
  const chosen = new Set(top.map(({ key }) => key));
  const rest = all.filter(({ key }) => !chosen.has(key));
  const others = { a: sum(rest.map(({ a }) => a)), b: sum(rest.map(({ b }) => b)) };
  const cells = rest.length > 0 ? [...top, others] : top;
  const names = known && top.map(({ key }) => known.get(key) ?? null);
  return {
    edges: null,
    ...toShares(
      cells.map(({ a }) => a),
      cells.map(({ b }) => b),
      totals,
    ),
    names: names && rest.length > 0 ? [...names, null] : names,
  };
}

function toShares(
  reference: readonly number[],
  current: readonly number[],
  [n, m]: Totals,
): Pick<Distribution, "reference" | "current"> {
  const share = (count: number, total: number): number =>
    total === 0 ? 0 : Math.round((count / total) * 10_000) / 10_000;
  return { reference: reference.map((count) => share(count, n)), current: current.map((count) => share(count, m)) };
}

/** The categories a picture shows, by their larger share on either side, at most `mostCategories`; ties by key. */
function chooseTop(bins: readonly PairedBin[], totals: Totals): readonly PairedBin[] {
  const [n, m] = [Math.max(1, totals[0]), Math.max(1, totals[1])];
  return [...bins]
    .sort((x, y) => Math.max(y.a / n, y.b / m) - Math.max(x.a / n, x.b / m) || (x.key < y.key ? -1 : 1))
    .slice(0, mostCategories);
}

/** The finite values between which all but `tail` of both sides lie, each side weighing the same. */
function findRange({ a, b }: PairedBins, values: Float64Array, [n, m]: Totals): readonly [number, number] {
  const sides = (n > 0 ? 1 : 0) + (m > 0 ? 1 : 0);
  const weights = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i]))
      weights[i] = ((a[i] as number) / Math.max(1, n) + (b[i] as number) / Math.max(1, m)) / sides;
  const total = sumCounts(weights);
  let below = 0;
  let low: number | null = null;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    if (low === null && below + weight > tail * total) low = values[i] as number;
    if (below < (1 - tail) * total) high = values[i] as number;
    below += weight;
  }
  return [low ?? 0, Math.max(high, low ?? 0)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
