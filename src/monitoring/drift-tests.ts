// The tests of one column: its values, its missing cells, its categories that the reference does not have.
import { testFisher, testHomogeneity } from "../statistics/contingency.ts";
import { totalVariationDistance, totalVariationNullMean } from "../statistics/distribution-distance.ts";
import {
  exactKolmogorovSmirnov,
  kolmogorovSmirnovRadius,
  limitKolmogorovSmirnov,
  testKolmogorovSmirnov,
} from "../statistics/kolmogorov-smirnov.ts";
import { normalQuantile } from "../statistics/normal.ts";
import { newcombeInterval, testTwoProportions } from "../statistics/proportions.ts";
import { binnedDistance, type ColumnPair, sizesOf } from "./column-pair.ts";
import { restOfTexts } from "./common-cells.ts";
import { countValues } from "./ordered-histogram.ts";
import { findBin, listBins, type PairedBin } from "./paired-bins.ts";
import { measureSamples } from "./sample-distances.ts";

/** `counts` in the family of tests of the run: something could have been found. */
export interface EffectTest {
  readonly test: "ks" | "chi-square" | "fisher" | "none";
  readonly statistic: number;
  readonly pValue: number;
  readonly effect: number;
  readonly interval: readonly [number, number];
  readonly counts: boolean;
}

/** Rows per effective row of the reference and of the current data: more than 1 where rows depend on each other. */
export type DesignEffects = readonly [number, number];

const exactProduct = 1_000_000;
const listedCategories = 20;
const fewestExpected = 10;
const nothing: EffectTest = { test: "none", statistic: 0, pValue: 1, effect: 0, interval: [0, 0], counts: false };

/**
 * Tests the values. Ordered columns by Kolmogorov-Smirnov (exact up to n·m = 10⁶, else Kolmogorov's limit; with `exact`
 * SciPy's p), few tied values and categories by chi-square homogeneity on cells pooled until each expects ten. The effect
 * is D, or the total variation of the reference's twenty largest categories and the rest less its mean without drift.
 */
export function testValues(
  pair: ColumnPair,
  confidence: number,
  exact: boolean,
  designEffects: DesignEffects = [1, 1],
): EffectTest {
  const [n, m] = sizesOf(pair);
  if (n === 0 || m === 0 || pair.type === "datetime")
    return { ...nothing, interval: n === 0 || m === 0 ? [0, 1] : [0, 0] };
  return pair.ordered
    ? testOrdered(pair, confidence, exact, designEffects)
    : testCategories(pair, confidence, designEffects);
}

function testOrdered(pair: ColumnPair, confidence: number, exact: boolean, [deffA, deffB]: DesignEffects): EffectTest {
  const [n, m] = sizesOf(pair);
  const samples = pair.everyValue ? null : pair.samples();
  const binned = binnedDistance(pair);
  const distance = samples ? measureSamples(samples).kolmogorovSmirnov : binned.distance;
  const radius = kolmogorovSmirnovRadius(n / deffA, m / deffB, confidence);
  const slack = samples ? 0 : binned.errorBound;
  const interval = [Math.max(0, distance - radius), Math.min(1, distance + slack + radius)] as const;
  const different = pair.bins.keys.length;
  const counts = different > 1;
  if (!exact && pair.everyValue && different <= 20 && different * 10 <= n + m) {
    const { reference, current } = pooled(listBins(pair.bins).map(({ a, b }) => [a, b]));
    const { statistic, pValue } = testHomogeneity(reference, current);
    return { test: "chi-square", statistic, pValue, effect: distance, interval, counts };
  }
  const pValue = exact
    ? testKolmogorovSmirnov(distance, n, m).pValue
    : n * m <= exactProduct
      ? exactKolmogorovSmirnov(distance, n, m)
      : limitKolmogorovSmirnov(distance, n, m);
  return { test: "ks", statistic: distance, pValue, effect: distance, interval, counts };
}

function testCategories(pair: ColumnPair, confidence: number, [deffA, deffB]: DesignEffects): EffectTest {
  const [n, m] = sizesOf(pair);
  const cells = topCells(pair);
  const reference = cells.map(([a]) => a);
  const current = cells.map(([, b]) => b);
  const distance = totalVariationDistance(reference, current);
  const effect = Math.max(
    0,
    distance -
      totalVariationNullMean(
        reference.map((count) => count / deffA),
        current.map((count) => count / deffB),
      ),
  );
  const radius = normalQuantile(0.5 + confidence / 2) * 0.5 * Math.sqrt(deffA / n + deffB / m);
  const interval = [Math.max(0, effect - radius), Math.min(1, distance + radius)] as const;
  const shared = { effect, interval, counts: pair.bins.keys.length > 1 };
  const table = pooled(testedCells(pair));
  const [a = 0, c = 0] = table.reference;
  const [b = 0, d = 0] = table.current;
  const sparse = Math.min(((a + b) * Math.min(n, m)) / (n + m), ((c + d) * Math.min(n, m)) / (n + m)) < fewestExpected;
  const { statistic, pValue } = testHomogeneity(table.reference, table.current);
  if (table.reference.length === 2 && sparse) {
    return { ...shared, test: "fisher", statistic, pValue: testFisher(a, b, c, d) };
  }
  return { ...shared, test: "chi-square", statistic, pValue };
}

/** The reference's largest categories in their order, then everything else as one cell. */
function topCells(pair: ColumnPair): Cells {
  return takeTop(
    listBins(pair.bins)
      .filter(({ a }) => a > 0)
      .sort((x, y) => y.a - x.a || (x.key < y.key ? -1 : 1)),
    pair,
  );
}

/**
 * All categories, not the reference's largest: what is chosen by one side's counts differs from the other by that choice
 * alone. A published reference has chosen: of its list the largest of both sides together, and everything else as one cell.
 */
function testedCells(pair: ColumnPair): Cells {
  const bins = listBins(pair.bins);
  if (!findBin(pair.bins, restOfTexts)) return bins.map(({ a, b }) => [a, b]);
  return takeTop(
    [...bins].sort((x, y) => y.a + y.b - x.a - x.b || (x.key < y.key ? -1 : 1)),
    pair,
  );
}

type Cells = readonly (readonly [number, number])[];

/** What a published profile does not list is never one of the largest. */
function takeTop(sorted: readonly PairedBin[], { bins }: ColumnPair): Cells {
  const top = sorted.filter(({ key }) => key !== restOfTexts).slice(0, listedCategories);
  const chosen = new Set(top.map(({ key }) => key));
  let rest: readonly [number, number] = [0, 0];
  for (const { key, a, b } of listBins(bins)) if (!chosen.has(key)) rest = [rest[0] + a, rest[1] + b];
  const cells = top.map(({ a, b }) => [a, b] as const);
  return rest[0] + rest[1] > 0 ? [...cells, rest] : cells;
}

/** Joins the smallest cells, by both sides together, until every cell expects ten on both sides or two are left. */
function pooled(cells: readonly (readonly [number, number])[]): { reference: number[]; current: number[] } {
  const n = cells.reduce((sum, [a]) => sum + a, 0);
  const m = cells.reduce((sum, [, b]) => sum + b, 0);
  const share = Math.min(n, m) / (n + m);
  const single = cells.filter(([a, b]) => a + b > 0).sort((x, y) => x[0] + x[1] - y[0] - y[1]);
  // Joined cells never become smaller than the joined ones before them, so both queues stay sorted.
  const joined: (readonly [number, number])[] = [];
  let [nextSingle, nextJoined] = [0, 0];
  const left = (): number => single.length - nextSingle + joined.length - nextJoined;
  const takeSmallest = (): readonly [number, number] => {
    const [one, two] = [single[nextSingle], joined[nextJoined]];
    if (one && (!two || one[0] + one[1] <= two[0] + two[1])) {
      nextSingle++;
      return one;
    }
    nextJoined++;
    return two ?? [0, 0];
  };
  while (left() > 2) {
    const smallest = takeSmallest();
    if ((smallest[0] + smallest[1]) * share >= fewestExpected) {
      joined.push(smallest);
      break;
    }
    const next = takeSmallest();
    joined.push([smallest[0] + next[0], smallest[1] + next[1]]);
  }
  const kept = [...joined.slice(nextJoined), ...single.slice(nextSingle)];
  return { reference: kept.map(([a]) => a), current: kept.map(([, b]) => b) };
}

export interface RateTest {
  readonly referenceRate: number;
  readonly currentRate: number;
  readonly pValue: number;
  readonly interval: readonly [number, number];
  readonly counts: boolean;
}

/** Tests the share of missing cells: Fisher when fewer than ten are expected on a side, else the pooled z test. */
export function testMissing(pair: ColumnPair, confidence: number, designEffects: DesignEffects = [1, 1]): RateTest {
  const rows = (column: ColumnPair["reference"]): number => column.present + column.missing;
  return compareRates(
    pair.reference.missing,
    rows(pair.reference),
    pair.current.missing,
    rows(pair.current),
    confidence,
    designEffects,
  );
}

/** What the rows say about new categories of a column that has more than a profile tells apart. */
export interface NewCategories {
  /** Of the categories looked at: rows, and categories with one row. */
  readonly reference: { readonly rows: number; readonly singletons: number };
  /** Of the categories looked at: rows, and rows whose category the reference does not have. */
  readonly current: { readonly rows: number; readonly fresh: number };
  /** Share of all categories that were looked at, chosen by their hash; 1 = all. */
  readonly share: number;
  /** New categories by their number of rows, most first. */
  readonly values: readonly { readonly value: string; readonly rows: number }[];
}

/**
 * Tests the share of current rows whose category the reference does not have against the share that its singletons
 * predict (Good and Turing); fewer than predicted is no finding. Null when the column has no categories, or when the
 * profile no longer tells each apart and `counted` does not say either; see `testUnlistedByPublished` for one that is published.
 */
export function testUnlisted(
  pair: ColumnPair,
  confidence: number,
  designEffects: DesignEffects = [1, 1],
  counted: NewCategories | null = null,
): (RateTest & { readonly rows: number }) | null {
  if (pair.ordered) return null;
  if (!pair.everyValue && !counted) return testUnlistedByPublished(pair, confidence);
  const n = counted?.reference.rows ?? countValues(pair.histograms.reference);
  const m = counted?.current.rows ?? countValues(pair.histograms.current);
  const singletons = counted?.reference.singletons ?? pair.bins.a.filter((count) => count === 1).length;
  const rows =
    counted?.current.fresh ?? pair.bins.b.reduce((sum, count, i) => sum + (pair.bins.a[i] === 0 ? count : 0), 0);
  const both = compareRates(singletons, n, rows, m, confidence, designEffects);
  const more = both.currentRate > both.referenceRate;
  const [low, high] = both.interval;
  const interval = [Math.max(0, low), Math.max(0, high)] as const;
  return { ...both, interval, pValue: more ? both.pValue : 1, counts: rows > 0, rows };
}

/**
 * The same against a published reference, which lists categories of k rows or more: Good and Turing's estimate of what such a
 * list leaves out of new rows is its rest and the rows of categories with k rows exactly. Those are N categories of k rows
 * each, so the estimate varies k times as much as single rows would: an effective row stands for that many.
 */
function testUnlistedByPublished(pair: ColumnPair, confidence: number): (RateTest & { readonly rows: number }) | null {
  const { bins, listedFrom } = pair;
  if (listedFrom === null || listedFrom === 1 || pair.histograms.reference.shift > 0) return null;
  const [n, m] = sizesOf(pair);
  const others = findBin(bins, restOfTexts);
  const [rest, rows] = [others?.a ?? 0, others?.b ?? 0];
  const atTheEdge = listBins(bins).reduce(
    (sum, { key, a }) => sum + (key !== restOfTexts && a === listedFrom ? a : 0),
    0,
  );
  const predicted = rest + atTheEdge;
  const each = predicted === 0 ? 1 : (rest + listedFrom * atTheEdge) / predicted;
  const both = compareRates(predicted, n, rows, m, confidence, [each, 1]);
  const { pValue } = testTwoProportions(predicted / each, n / each, rows, m);
  const more = both.currentRate > both.referenceRate;
  const interval = [Math.max(0, both.interval[0]), Math.max(0, both.interval[1])] as const;
  return { ...both, interval, pValue: more ? Math.max(pValue, both.pValue) : 1, counts: rows > 0, rows };
}

/** Two shares, x of n and y of m: Fisher when fewer than ten are expected on a side, else the pooled z test. */
export function compareRates(
  x: number,
  n: number,
  y: number,
  m: number,
  confidence: number,
  [deffA, deffB]: DesignEffects,
): RateTest {
  const rates = { referenceRate: n === 0 ? 0 : x / n, currentRate: m === 0 ? 0 : y / m };
  const interval = newcombeInterval(x / deffA, n / deffA, y / deffB, m / deffB, confidence);
  if (n === 0 || m === 0 || x + y === 0 || x + y === n + m) return { ...rates, pValue: 1, interval, counts: false };
  const expected = (Math.min(x + y, n + m - x - y) * Math.min(n, m)) / (n + m);
  const pValue = expected < fewestExpected ? testFisher(x, n - x, y, m - y) : testTwoProportions(x, n, y, m).pValue;
  return { ...rates, pValue, interval, counts: true };
}
