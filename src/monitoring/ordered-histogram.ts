// A histogram whose bins nest: counts of ordered values that merge to the same histogram in any order or sharding.
//
// A value is an ordered 64-bit integer (a double by its bits, an integer by itself); its bin at level `shift` is that
// integer without its last `shift` bits. Bins of one level are unions of two bins of the level below, so a histogram can
// always be made coarser exactly. The level is the finest with at most `mostBins` bins: a property of the values alone.

import { pairBins } from "./paired-bins.ts";

/** `hash`: integers without a size, whose sums mean nothing. */
export type Scale = "double" | "integer" | "hash";

export interface OrderedHistogram {
  readonly scale: Scale;
  /** Dropped bits, 0 (every different value has its own bin) to 63. */
  readonly shift: number;
  /** Ascending. */
  readonly keys: BigInt64Array;
  /** As many as keys, all positive. */
  readonly counts: Float64Array;
  /** Sum of the dropped bits of the values in each bin: gives exact sums. All 0 at level 0. */
  readonly lows: WideIntegers;
  /**
   * Only in a published histogram, whose bins reach from their key up to the next one (the first and the last have no outer
   * end): the value that stands for each bin, NaN when none may.
   */
  readonly centers?: readonly number[];
}

/** 64 bits each while all of them fit, which takes an eighth of the memory; sums over very many rows do not. */
export type WideIntegers = BigInt64Array | readonly bigint[];

/** Bins kept per column: fine enough that one bin of smooth data holds well under 1 % of the rows. */
export const mostBins = 4096;

/** The histogram of no values. */
export function emptyHistogram(scale: Scale): OrderedHistogram {
  return createHistogram(scale, 0, [], [], []);
}

/** A histogram of bins that ascend; without `lows` nothing was dropped from its values, or it means nothing. */
export function createHistogram(
  scale: Scale,
  shift: number,
  keys: readonly bigint[] | BigInt64Array,
  counts: readonly number[] | Float64Array,
  lows?: readonly bigint[],
): OrderedHistogram {
  return {
    scale,
    shift,
    keys: keys instanceof BigInt64Array ? keys : new BigInt64Array(keys),
    counts: counts instanceof Float64Array ? counts : new Float64Array(counts),
    lows: lows ? packIntegers(lows) : new BigInt64Array(keys.length),
  };
}

export interface Bin {
  readonly key: bigint;
  readonly count: number;
  readonly low: bigint;
}

/** A histogram of bins in any order. */
export function orderBins(scale: Scale, shift: number, bins: readonly Bin[]): OrderedHistogram {
  const sorted = [...bins].sort((a, b) => (a.key < b.key ? -1 : 1));
  return createHistogram(
    scale,
    shift,
    sorted.map(({ key }) => key),
    sorted.map(({ count }) => count),
    sorted.map(({ low }) => low),
  );
}

const largest = 2n ** 63n - 1n;

/** Integers of at least 0, packed where they fit. */
export function packIntegers(values: readonly bigint[]): WideIntegers {
  return values.every((value) => value <= largest) ? new BigInt64Array(values) : values;
}

/** Number of values counted. */
export function countValues(histogram: OrderedHistogram): number {
  return histogram.counts.reduce((sum, count) => sum + count, 0);
}

/** The same values at a coarser (or the same) level. */
export function coarsen(histogram: OrderedHistogram, shift: number): OrderedHistogram {
  const drop = shift - histogram.shift;
  if (drop <= 0) return histogram;
  const by = BigInt(drop);
  const mask = (1n << by) - 1n;
  const weight = BigInt(histogram.shift);
  const keys: bigint[] = [];
  const counts: number[] = [];
  const lows: bigint[] = [];
  const centers: number[] = [];
  histogram.keys.forEach((key, i) => {
    const center = histogram.centers?.[i] ?? Number.NaN;
    const count = histogram.counts[i] as number;
    const dropped = key < 0n && histogram.scale === "double" ? ~key & mask : key & mask;
    const low = histogram.scale === "hash" ? 0n : (histogram.lows[i] as bigint) + BigInt(count) * (dropped << weight);
    const next = key >> by;
    const last = keys.length - 1;
    if (keys[last] === next) {
      const before = counts[last] as number;
      centers[last] = ((centers[last] as number) * before + center * count) / (before + count);
      counts[last] = (counts[last] as number) + count;
      lows[last] = (lows[last] as bigint) + low;
    } else {
      keys.push(next);
      counts.push(count);
      lows.push(low);
      centers.push(center);
    }
  });
  return {
    ...createHistogram(histogram.scale, shift, keys, counts, lows),
    ...(histogram.centers ? { centers } : {}),
  };
}

/** Coarsens to the finest level with at most `most` bins. */
export function fitHistogram(histogram: OrderedHistogram, most: number = mostBins): OrderedHistogram {
  let left = histogram.keys.length;
  if (left <= most) return histogram;
  // Neighbours become one bin when the highest bit in which they differ is dropped.
  const apart = new Uint32Array(64);
  const words = new Uint32Array(histogram.keys.buffer, histogram.keys.byteOffset, 2 * left);
  for (let i = 2; i < words.length; i += 2) {
    const high = (words[i + 1] as number) ^ (words[i - 1] as number);
    const low = (words[i] as number) ^ (words[i - 2] as number);
    const bit = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low);
    apart[bit] = (apart[bit] as number) + 1;
  }
  let drop = 0;
  while (left > most) left -= apart[drop++] as number;
  return coarsen(histogram, histogram.shift + drop);
}

/** All values of both, at the finest level that fits: associative, commutative, and equal to one pass over all values. */
export function mergeHistograms(a: OrderedHistogram, b: OrderedHistogram, most: number = mostBins): OrderedHistogram {
  const [left, right] = alignHistograms(a, b);
  return fitHistogram(addAligned(left, right), most);
}

/** Both at the coarser of their levels. */
export function alignHistograms(
  a: OrderedHistogram,
  b: OrderedHistogram,
): readonly [OrderedHistogram, OrderedHistogram] {
  const shift = Math.max(a.shift, b.shift);
  return [coarsen(a, shift), coarsen(b, shift)];
}

/** Mean value of the bin at `index`, exact to rounding. */
export function binMean(histogram: OrderedHistogram, index: number): number {
  return listBinMeans(histogram)[index] as number;
}

const meansOf = new WeakMap<OrderedHistogram, readonly number[] | Float64Array>();

/** Mean values of all bins, in their order; computed once per histogram, since every measure asks for them. */
export function listBinMeans(histogram: OrderedHistogram): ArrayLike<number> {
  const known = histogram.centers ?? meansOf.get(histogram);
  if (known) return known;
  const { keys, lows } = histogram;
  const means = new Float64Array(keys.length);
  if (histogram.scale === "double" && lows instanceof BigInt64Array) fillDoubleMeans(histogram, lows, means);
  else for (let i = 0; i < means.length; i++) means[i] = computeMean(histogram, keys[i] as bigint, i);
  meansOf.set(histogram, means);
  return means;
}

function computeMean(histogram: OrderedHistogram, key: bigint, index: number): number {
  const low = Number(histogram.lows[index] as bigint) / (histogram.counts[index] as number);
  if (histogram.scale !== "double") return Number(key << BigInt(histogram.shift)) + low;
  const start = edgeOf(histogram, key);
  if (low === 0) return start;
  const magnitude = (key < 0n ? ~key : key) << BigInt(histogram.shift);
  const step = ulpOf(Number((magnitude >> 52n) & 0x7ffn)) * low;
  return start + (key < 0n ? -step : step);
}

/** `computeMean` of all bins, by words of 32 bits: many times as fast as by integers of 64. */
function fillDoubleMeans({ keys, counts, shift }: OrderedHistogram, lows: BigInt64Array, means: Float64Array): void {
  const lowWords = new Uint32Array(lows.buffer, lows.byteOffset, 2 * lows.length);
  fillDoubleEdges(shift, keys, means);
  const edgeWords = new Int32Array(means.buffer);
  for (let i = 0; i < means.length; i++) {
    const dropped = ((lowWords[2 * i + 1] as number) * 2 ** 32 + (lowWords[2 * i] as number)) / (counts[i] as number);
    if (dropped === 0) continue;
    const high = edgeWords[2 * i + 1] as number;
    const step = ulpOf((high >>> 20) & 0x7ff) * dropped;
    means[i] = (means[i] as number) + (high < 0 ? -step : step);
  }
}

/** `edgeOf` of doubles, by words. */
function fillDoubleEdges(shift: number, keys: BigInt64Array, edges: Float64Array): void {
  const keyWords = new Int32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  const edgeWords = new Int32Array(edges.buffer);
  for (let i = 0; i < edges.length; i++) {
    const sign = keyWords[2 * i + 1] as number;
    const low = (keyWords[2 * i] as number) ^ (sign >> 31);
    const high = sign ^ (sign >> 31);
    const top = shift >= 32 ? low << (shift - 32) : shift === 0 ? high : (high << shift) | (low >>> (32 - shift));
    edgeWords[2 * i] = shift >= 32 ? 0 : low << shift;
    edgeWords[2 * i + 1] = top ^ (sign & 0x80000000);
  }
}

/** `edgeOf` of many bins. */
export function listEdges(histogram: Pick<OrderedHistogram, "scale" | "shift">, keys: BigInt64Array): Float64Array {
  if (histogram.scale !== "double") return Float64Array.from(keys, (key) => edgeOf(histogram, key));
  const edges = new Float64Array(keys.length);
  fillDoubleEdges(histogram.shift, keys, edges);
  return edges;
}

/** The value in the bin that is nearest to 0 (a double) or lowest (an integer): where its dropped bits are 0. */
export function edgeOf(histogram: Pick<OrderedHistogram, "scale" | "shift">, key: bigint): number {
  const shift = BigInt(histogram.shift);
  if (histogram.scale !== "double") return Number(key << shift);
  return key < 0n ? -doubleFromBits(~key << shift) : doubleFromBits(key << shift);
}

/** The smallest value that can fall into the bin. */
export function lowerEdge(histogram: Pick<OrderedHistogram, "scale" | "shift">, key: bigint): number {
  const ordered = key << BigInt(histogram.shift);
  if (histogram.scale !== "double") return Number(ordered);
  return ordered < 0n ? -doubleFromBits(~ordered) : doubleFromBits(ordered);
}

/** Mean and population standard deviation over the bins' means. NaN without values; infinities are left out. */
export function summarizeMoments(histogram: OrderedHistogram): { readonly mean: number; readonly deviation: number } {
  let count = 0;
  let sum = 0;
  const means = listBinMeans(histogram);
  for (let i = 0; i < means.length; i++) {
    const mean = means[i] as number;
    if (!Number.isFinite(mean)) continue;
    count += histogram.counts[i] as number;
    sum += (histogram.counts[i] as number) * mean;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < means.length; i++) {
    const value = means[i] as number;
    if (!Number.isFinite(value)) continue;
    // A power costs a microsecond until the loop is compiled.
    const distance = value - mean;
    squares += (histogram.counts[i] as number) * (distance * distance);
  }
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** The ordered integer of a double: what SQL computes from its bits. −0 counts as 0. */
export function orderedBits(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0);
  const bits = view.getBigInt64(0);
  return bits < 0n ? ~(bits & 0x7fffffffffffffffn) : bits;
}

function addAligned(a: OrderedHistogram, b: OrderedHistogram): OrderedHistogram {
  const { keys, a: inA, b: inB } = pairBins(a, b);
  const lows: bigint[] = [];
  let [i, j] = [0, 0];
  for (let at = 0; at < keys.length; at++) {
    // All counts are positive: 0 is that of a bin that the side does not have.
    const left = inA[at] === 0 ? 0n : (a.lows[i++] as bigint);
    const right = inB[at] === 0 ? 0n : (b.lows[j++] as bigint);
    lows.push(left + right);
  }
  return createHistogram(
    a.scale,
    a.shift,
    keys,
    inA.map((count, at) => count + (inB[at] as number)),
    lows,
  );
}

const converted = new Float64Array(1);
const convertedBits = new BigInt64Array(converted.buffer);
const convertedWords = new Int32Array(converted.buffer);

function doubleFromBits(bits: bigint): number {
  convertedBits[0] = bits;
  return converted[0] as number;
}

/** Distance of neighbouring doubles that have these bits for an exponent. */
function ulpOf(exponent: number): number {
  convertedWords[0] = 0;
  // Of the smallest ones it has no bits of its own to be written with.
  if (exponent <= 52) return 2 ** (Math.max(1, exponent) - 1075);
  convertedWords[1] = (exponent - 52) << 20;
  return converted[0] as number;
}
