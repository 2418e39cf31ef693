// What a picture of one column shows: a few cells with the share of each side, no single values.
import type { ColumnPair } from "./column-pair.ts";
import { edgeOf } from "./ordered-histogram.ts";

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
  const n = pair.bins.reduce((sum, { a }) => sum + a, 0);
  const m = pair.bins.reduce((sum, { b }) => sum + b, 0);
  if (n + m === 0) return { edges: pair.ordered ? [] : null, reference: [], current: [], names: null };
  const share = (count: number, total: number): number =>
    total === 0 ? 0 : Math.round((count / total) * 10_000) / 10_000;
  const finish = (cells: readonly { readonly a: number; readonly b: number }[]) => ({
    reference: cells.map(({ a }) => share(a, n)),
    current: cells.map(({ b }) => share(b, m)),
  });
  if (!pair.ordered) {
    const top = listTopCategories(pair);
    const chosen = new Set(top);
    const rest = pair.bins.filter(({ key }) => !chosen.has(key));
    const counts = new Map(pair.bins.map((bin) => [bin.key, bin]));
    const cells = top.flatMap((key) => counts.get(key) ?? []);
    const last = { a: sum(rest.map(({ a }) => a)), b: sum(rest.map(({ b }) => b)) };
    const known = named?.get(pair.name);
    const names = known ? top.map((key) => known.get(key) ?? null) : null;
    const others = rest.length > 0;
    return {
      edges: null,
      ...finish(others ? [...cells, last] : cells),
      names: names && others ? [...names, null] : names,
    };
  }
  const values = pair.bins.map(({ key }) => edgeOf(pair.histograms.reference, key));
  const [low, high] = findRange(pair, values, n, m);
  const width = (high - low) / rangeCells;
  const count = width > 0 ? rangeCells : 1;
  const cells = Array.from({ length: count }, () => ({ a: 0, b: 0 }));
  pair.bins.forEach(({ a, b }, i) => {
    const value = values[i] as number;
    const at = width > 0 ? Math.floor((value - low) / width) : 0;
    const cell = cells[Number.isNaN(at) ? 0 : Math.min(count - 1, Math.max(0, at))];
    if (!cell) return;
    cell.a += a;
    cell.b += b;
  });
  const edges = Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * width));
  return { edges, ...finish(cells), names: null };
}

/** Keys of the categories a picture shows, by their larger share on either side, at most `mostCategories`; ties by key. */
function listTopCategories(pair: ColumnPair): readonly bigint[] {
  const n = Math.max(1, sum(pair.bins.map(({ a }) => a)));
  const m = Math.max(1, sum(pair.bins.map(({ b }) => b)));
  return [...pair.bins]
    .sort((x, y) => Math.max(y.a / n, y.b / m) - Math.max(x.a / n, x.b / m) || (x.key < y.key ? -1 : 1))
    .slice(0, mostCategories)
    .map(({ key }) => key);
}

/** The finite values between which all but `tail` of both sides lie, each side weighing the same. */
function findRange(pair: ColumnPair, values: readonly number[], n: number, m: number): readonly [number, number] {
  const sides = (n > 0 ? 1 : 0) + (m > 0 ? 1 : 0);
  const weights = pair.bins.map(({ a, b }, i) =>
    Number.isFinite(values[i] as number) ? (a / Math.max(1, n) + b / Math.max(1, m)) / sides : 0,
  );
  const total = sum(weights);
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
