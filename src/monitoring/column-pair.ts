// Reference and current of one column, side by side on common bins: what every test and measure reads.
import type { ColumnType } from "../tables/table.ts";
import { roleOf } from "./column-summary.ts";
import { shareCells } from "./common-cells.ts";
import { alignHistograms, countValues, listBinMeans, type OrderedHistogram } from "./ordered-histogram.ts";
import { type PairedBins, pairBins, sumCounts } from "./paired-bins.ts";
import type { ColumnProfile } from "./profile.ts";

export interface SampleDistances {
  readonly kolmogorovSmirnov: number;
  /** Infinite values are left out. */
  readonly wasserstein: number;
  /** Population standard deviation of the reference, infinite values left out. */
  readonly referenceDeviation: number;
}

/** Values sorted ascending, without missing ones. */
export interface SamplePair {
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** Where they were taken before. */
  readonly distances?: SampleDistances;
}

export interface TextPair {
  readonly reference: readonly string[];
  readonly current: readonly string[];
}

export interface ColumnPair {
  readonly name: string;
  readonly type: ColumnType;
  readonly reference: ColumnProfile;
  readonly current: ColumnProfile;
  /** Numbers, times, and lengths of free text have an order; categories and booleans have none. */
  readonly ordered: boolean;
  /** Values in the bins of either side, in the order of the values. */
  readonly bins: PairedBins;
  /** Every different value has its own bin. */
  readonly everyValue: boolean;
  /** Cells of the shares that PSI, JS, … compare: ten bins of equal reference mass, or the categories. */
  readonly cells: { readonly reference: readonly number[]; readonly current: readonly number[] };
  /** The values themselves, when they were read or can be told from the bins; null = too many. */
  readonly samples: () => SamplePair | null;
  /** Sampled texts of a column of free text, when rows were read; null = not read. */
  readonly texts: TextPair | null;
  /** Rows that a category needs to be listed by the reference: more than 1 where only it is published, null where the current side is. */
  readonly listedFrom: number | null;
  readonly histograms: { readonly reference: OrderedHistogram; readonly current: OrderedHistogram };
}

const quantileCells = 10;
const mostExpanded = 2_000_000;

/** Puts two profiles of a column side by side; the reference decides the role. `samples` are the rows of `--exact`. */
export function pairColumns(
  reference: ColumnProfile,
  current: ColumnProfile,
  samples: SamplePair | null = null,
  texts: TextPair | null = null,
  listedFrom: number | null = 1,
): ColumnPair {
  const type = roleOf(reference);
  const text = type === "text" && reference.lengths !== null && current.lengths !== null;
  const ordered = type === "numeric" || type === "datetime" || text;
  const left = text && reference.lengths ? reference.lengths : reference.values;
  const right = text && current.lengths ? current.lengths : current.values;
  const [a, b] = shareCells(...alignHistograms(left, right));
  const everyValue = a.shift === 0 && a.centers === undefined;
  const bins = pairBins(a, b);
  return {
    name: reference.name,
    texts,
    listedFrom,
    type,
    reference,
    current,
    ordered,
    bins,
    everyValue,
    cells: ordered ? quantileBins(bins) : { reference: [...bins.a], current: [...bins.b] },
    samples: once(() => samples ?? (ordered && everyValue ? expand(a, b) : null)),
    histograms: { reference: a, current: b },
  };
}

/** Number of values present on each side. */
export function sizesOf(pair: ColumnPair): readonly [number, number] {
  return [pair.reference.present, pair.current.present];
}

/** Largest distance of the distribution functions at the bins' edges, and how much more it can be inside a bin. */
export function binnedDistance(pair: ColumnPair): { readonly distance: number; readonly errorBound: number } {
  const [n, m] = sizesOf(pair);
  if (n === 0 || m === 0) return { distance: 0, errorBound: 0 };
  let below = 0;
  let belowCurrent = 0;
  let distance = 0;
  let widest = 0;
  const { bins } = pair;
  for (let i = 0; i < bins.a.length; i++) {
    const a = bins.a[i] as number;
    const b = bins.b[i] as number;
    below += a;
    belowCurrent += b;
    distance = Math.max(distance, Math.abs(below * m - belowCurrent * n));
    widest = Math.max(widest, a / n, b / m);
  }
  return { distance: distance / (n * m), errorBound: pair.everyValue ? 0 : widest };
}

/** Cells of about equal reference mass, cut at edges of bins: ties and few values give fewer cells. */
function quantileBins(bins: PairedBins): ColumnPair["cells"] {
  const total = sumCounts(bins.a);
  const reference: number[] = [];
  const current: number[] = [];
  let [inReference, inCurrent, below, cut] = [0, 0, 0, 1];
  for (let i = 0; i < bins.a.length; i++) {
    const a = bins.a[i] as number;
    const b = bins.b[i] as number;
    inReference += a;
    inCurrent += b;
    below += a;
    if (below < total && below >= (cut * total) / quantileCells) {
      reference.push(inReference);
      current.push(inCurrent);
      [inReference, inCurrent] = [0, 0];
      cut = Math.floor((below * quantileCells) / total) + 1;
    }
  }
  return { reference: [...reference, inReference], current: [...current, inCurrent] };
}

/** The result of the first call, kept. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function expand(a: OrderedHistogram, b: OrderedHistogram): SamplePair | null {
  if (countValues(a) + countValues(b) > mostExpanded) return null;
  return { reference: expandOne(a), current: expandOne(b) };
}

function expandOne(histogram: OrderedHistogram): Float64Array {
  const values = new Float64Array(countValues(histogram));
  const means = listBinMeans(histogram);
  let at = 0;
  for (let i = 0; i < means.length; i++) {
    const count = histogram.counts[i] as number;
    values.fill(means[i] as number, at, at + count);
    at += count;
  }
  return values;
}
