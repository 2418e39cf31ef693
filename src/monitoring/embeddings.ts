// Columns that only mean something together: vectors in one column, or spread over columns of one prefix.
import { kolmogorovSmirnovDistance } from "../statistics/kolmogorov-smirnov.ts";
import { type Points, testDiscrepancy } from "../statistics/maximum-mean-discrepancy.ts";
import type { Random } from "../statistics/rng.ts";
import type { Column, Table } from "../tables/table.ts";

/** Vectors of one length, one per row that has one; independent of each other. */
export interface Embedding {
  readonly name: string;
  readonly reference: Points;
  readonly current: Points;
}

export interface EmbeddingTest {
  readonly name: string;
  readonly dimensions: number;
  readonly rows: { readonly reference: number; readonly current: number };
  /** Unbiased squared maximum mean discrepancy, Gaussian kernel at the median distance; (k + 1) / (B + 1). */
  readonly mmd: number;
  readonly pValue: number;
  /** Cosine of the angle between the mean vectors; null when one is 0. */
  readonly centroidCosine: number | null;
  /** Points of probability mass that moved along the line between the means, learned on half of the rows and measured on the other. */
  readonly effect: number;
}

const mostRows = 200;
const fewestRows = 50;
const permutations = 999;

/** Vectors of `table` that `--embedding` prefixes or JSON lists of numbers make up, by name. Rows of another length are left out. */
export function readEmbeddings(table: Table, prefixes: readonly string[]): ReadonlyMap<string, Points> {
  const found = new Map<string, Points>();
  for (const prefix of prefixes) {
    const columns = [...table.columns.values()].filter(
      ({ name, values }) => name.startsWith(prefix) && values instanceof Float64Array,
    );
    const rows = Array.from({ length: table.rows }, (_, row) => columns.map(({ values }) => Number(values[row])));
    if (columns.length > 1)
      found.set(
        prefix,
        rows.filter((row) => row.every(Number.isFinite)),
      );
  }
  for (const column of table.columns.values()) {
    const vectors = readVectors(column);
    if (vectors.length > 0) found.set(column.name, vectors);
  }
  return found;
}

/** Null with fewer than fifty vectors on a side, or vectors of other lengths. */
export function testEmbedding({ name, reference, current }: Embedding, random: Random): EmbeddingTest | null {
  const dimensions = reference[0]?.length ?? 0;
  const rows = { reference: reference.length, current: current.length };
  if (Math.min(rows.reference, rows.current) < fewestRows || current[0]?.length !== dimensions) return null;
  const { statistic, pValue } = testDiscrepancy(
    reference.slice(0, mostRows),
    current.slice(0, mostRows),
    permutations,
    random,
  );
  const [before, after] = [average(reference, dimensions), average(current, dimensions)];
  const lengths = norm(before) * norm(after);
  const centroidCosine = lengths > 0 ? dot(before, after) / lengths : null;
  return {
    name,
    dimensions,
    rows,
    mmd: statistic,
    pValue,
    centroidCosine,
    effect: measureEffect(reference, current, dimensions),
  };
}

function measureEffect(reference: Points, current: Points, dimensions: number): number {
  const half = (rows: Points, rest: number): Points => rows.filter((_, row) => row % 2 === rest);
  const before = average(half(reference, 0), dimensions);
  const line = average(half(current, 0), dimensions).map((value, i) => value - (before[i] ?? 0));
  const project = (rows: Points): Float64Array => Float64Array.from(rows, (row) => dot(row, line)).sort();
  return kolmogorovSmirnovDistance(project(half(reference, 1)), project(half(current, 1)));
}

/** The lists of numbers of a column of texts; none unless the first value is one. */
function readVectors({ values }: Column): Points {
  if (values instanceof Float64Array) return [];
  const first = parseVector(values.find((value) => value !== null) ?? null);
  if (!first) return [];
  return values.flatMap((value) => {
    const vector = parseVector(value);
    return vector && vector.length === first.length ? [vector] : [];
  });
}

function parseVector(text: string | null): readonly number[] | null {
  if (!text?.startsWith("[")) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.length > 1 && parsed.every((value) => Number.isFinite(value))
      ? parsed
      : null;
  } catch {
    return null;
  }
}

function average(rows: Points, dimensions: number): readonly number[] {
  const sums = new Array<number>(dimensions).fill(0);
  for (const row of rows) for (let i = 0; i < dimensions; i++) sums[i] = (sums[i] ?? 0) + (row[i] ?? 0);
  return sums.map((sum) => sum / rows.length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function norm(a: readonly number[]): number {
  return Math.sqrt(dot(a, a));
}
