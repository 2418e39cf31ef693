// How the numeric columns of a profile go together: exact sums over a sample of rows, by level so that they merge.
import { addExact, createExactSum, type Exact, exactZero, multiplyExact, toNumber } from "./exact-sum.ts";
import { levelOf, mostRows, type RowSample, type SampledRow } from "./row-sample.ts";

/** Sums of one pair over rows that have both: rows, x, y, x², y², xy. Numbers have 24 bits, so that products are exact. */
export type PairSums = readonly [Exact, Exact, Exact, Exact, Exact, Exact];

export interface Relations {
  /** Names of the numeric columns looked at; pairs are (0,1), (0,2), (1,2), (0,3), … */
  readonly columns: readonly string[];
  /** Of the sample: rows of lower levels are left out. */
  readonly level: number;
  /** Hashes of the different rows of the sample, ascending. */
  readonly hashes: readonly number[];
  /** Sums of each pair over the rows of each level from `level` on, ascending; levels without rows are left out. */
  readonly strata: readonly { readonly level: number; readonly pairs: readonly PairSums[] }[];
}

/** The pairs of so many columns, in order. */
export function listPairs(columns: number): readonly (readonly [number, number])[] {
  return Array.from({ length: columns }, (_, y) => Array.from({ length: y }, (_, x) => [x, y] as const)).flat();
}

/** What a profile keeps of a sample of rows of these columns; null for fewer than two. Values beyond ±3.4e38 are left out. */
export function summarizeRelations(columns: readonly string[], sample: RowSample): Relations | null {
  if (columns.length < 2) return null;
  const levels = [...new Set(sample.rows.map(({ hash }) => levelOf(hash)))].sort((a, b) => a - b);
  return {
    columns,
    level: sample.level,
    hashes: [...new Set(sample.rows.map(({ hash }) => hash))].sort((a, b) => a - b),
    strata: levels.map((level) => {
      const rows = sample.rows.filter(({ hash }) => levelOf(hash) === level);
      return { level, pairs: sumPairs(columns.length, rows) };
    }),
  };
}

function sumPairs(columns: number, rows: readonly SampledRow[]): readonly PairSums[] {
  const coarse = rows.map(({ values }) => values.map(Math.fround));
  return listPairs(columns).map(([i, j]) => {
    const sums = Array.from({ length: 6 }, createExactSum);
    for (const [at, values] of coarse.entries()) {
      const [x, y] = [values[i] as number, values[j] as number];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      const terms = [1, x, y, x * x, y * y, x * y];
      // Five bits of the count at a time: a product of 48 bits times that is still exact.
      for (let left = rows[at]?.count ?? 0, weight = 1; left > 0; left = Math.floor(left / 32), weight *= 32) {
        const part = (left % 32) * weight;
        if (part > 0) for (let k = 0; k < 6; k++) sums[k]?.add((terms[k] as number) * part);
      }
    }
    return sums.map((sum) => sum.finish()) as unknown as PairSums;
  });
}

/** Of the rows of both together: what one pass over all of them gives. Null when one has none, or other columns. */
export function mergeRelations(a: Relations | null, b: Relations | null): Relations | null {
  if (!a || !b || a.columns.join("\0") !== b.columns.join("\0")) return null;
  let level = Math.max(a.level, b.level);
  let hashes = [...new Set([...a.hashes, ...b.hashes])].filter((hash) => levelOf(hash) >= level);
  while (hashes.length > mostRows) {
    level++;
    hashes = hashes.filter((hash) => levelOf(hash) >= level);
  }
  const levels = new Map<number, readonly PairSums[]>();
  for (const stratum of [...a.strata, ...b.strata].filter((one) => one.level >= level)) {
    const before = levels.get(stratum.level);
    levels.set(stratum.level, before ? addPairs(before, stratum.pairs) : stratum.pairs);
  }
  return {
    columns: a.columns,
    level,
    hashes: hashes.sort((x, y) => x - y),
    strata: [...levels].sort(([x], [y]) => x - y).map(([at, pairs]) => ({ level: at, pairs })),
  };
}

function addPairs(a: readonly PairSums[], b: readonly PairSums[]): readonly PairSums[] {
  return a.map((sums, i) => sums.map((sum, k) => addExact(sum, b[i]?.[k] ?? exactZero)) as unknown as PairSums);
}

export interface Correlation {
  readonly x: string;
  readonly y: string;
  /** Rows that have both, of those looked at. */
  readonly rows: number;
  /** Pearson's, −1 to 1; null for fewer than three rows or a constant column. */
  readonly correlation: number | null;
}

/** The correlation of every pair. */
export function listCorrelations({ columns, strata }: Relations): readonly Correlation[] {
  return listPairs(columns.length).map(([i, j], at) => {
    const zero = Array.from({ length: 6 }, () => exactZero);
    const [n, x, y, xx, yy, xy] = strata.reduce<readonly Exact[]>(
      (total, { pairs }) => total.map((sum, k) => addExact(sum, pairs[at]?.[k] ?? exactZero)),
      zero,
    ) as PairSums;
    const spread = (square: Exact, one: Exact, other: Exact): number =>
      toNumber(addExact(multiplyExact(n, square), negate(multiplyExact(one, other))));
    const product = Math.sqrt(spread(xx, x, x)) * Math.sqrt(spread(yy, y, y));
    const rows = toNumber(n);
    return {
      x: columns[i] as string,
      y: columns[j] as string,
      rows,
      correlation: rows < 3 || !(product > 0) || !Number.isFinite(product) ? null : clamp(spread(xy, x, y) / product),
    };
  });
}

function negate({ mantissa, exponent }: Exact): Exact {
  return { mantissa: -mantissa, exponent };
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
