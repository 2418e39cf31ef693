// Counts numbers into nested bins while they stream by: the histogram of all of them, without keeping any.
//
// When the table holds too many bins, bits are dropped from all keys until `mostBins` are left. More bins than that at a
// level means more in the whole data too, so the level reached in the end is the finest that fits: what `fitHistogram` finds.
import { distinctRegisters } from "./distinct-sketch.ts";
import { sketchWords } from "./number-sketch.ts";
import { mostBins, type OrderedHistogram, type WideIntegers } from "./ordered-histogram.ts";

export interface BinCounter {
  /** Counts the first `length` values. NaN, or the least integer of 64 bits, is missing. −0 counts as 0. */
  readonly add: (values: Float64Array | BigInt64Array, length: number) => void;
  /** What was counted; infinities are part of `present`. Ends the counter. */
  readonly finish: () => {
    readonly values: OrderedHistogram;
    readonly present: number;
    readonly infinite: number;
    /** The sketch of the different values where it is wanted and they are more than have bins of their own; else null. */
    readonly distinct: readonly number[] | null;
  };
}

const slotBits = 14;
const slots = 1 << slotBits;
/** Half of the slots keep probes short; twice the bins that stay make dropping bits rare. */
const mostHeld = 2 * mostBins;
const word = 2 ** 32;
/** Rows between carries: a sum of so many 32-bit numbers is exact in a double. */
const rowsBetweenCarries = 2 ** 20;

/** Open addressing by key. A key is a value without its last `shift` bits, in two words; sums of the dropped bits in three. */
interface Bins {
  readonly keys: readonly [Uint32Array, Uint32Array];
  /** 0 marks a free slot. */
  readonly counts: Float64Array;
  readonly sums: readonly [Float64Array, Float64Array, Float64Array];
  used: number;
}

/** A counter of doubles (by their bits) or of integers. The order of the values does not matter to what comes out. */
export function createBinCounter(scale: "double" | "integer", isSketched = true): BinCounter {
  let bins = takeBins();
  let shift = 0;
  let sinceCarry = 0;
  /** Begun when the first bits are dropped: until then every value has a bin. */
  let registers: Uint8Array | null = null;
  const drop = (level: number): Bins => {
    if (isSketched) registers ??= sketchBins(bins, scale);
    return coarsen(bins, shift, level);
  };
  const tally = { present: 0, infinite: 0 };
  return {
    add: (values, length) => {
      const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
      for (let at = 0; at < length; ) {
        const end = Math.min(length, at + rowsBetweenCarries - sinceCarry);
        const stopped = countUntilFull(bins, words, at, end, shift, scale === "double", tally);
        if (registers) sketchWords(registers, words, at, stopped, scale);
        sinceCarry += stopped - at;
        at = stopped;
        if (sinceCarry >= rowsBetweenCarries || bins.used > mostHeld) {
          carry(bins);
          sinceCarry = 0;
        }
        if (bins.used > mostHeld) {
          const level = findLevel(bins, shift);
          bins = drop(level);
          shift = level;
        }
      }
    },
    finish: () => {
      carry(bins);
      const level = findLevel(bins, shift);
      const fitted = level === shift ? bins : drop(level);
      const values = readHistogram(fitted, level, scale);
      returnBins(fitted);
      return { values, ...tally, distinct: registers && [...registers] };
    },
  };
}

/** Counts words from `start`; stops at `end`, or after the value that filled one bin too many. Returns where it stopped. */
function countUntilFull(
  bins: Bins,
  words: Uint32Array,
  start: number,
  end: number,
  shift: number,
  double: boolean,
  tally: { present: number; infinite: number },
): number {
  const [maskHigh, maskLow] = masksOf(shift);
  const [keysHigh, keysLow] = bins.keys;
  const [sumsLow, sumsHigh] = bins.sums;
  const { counts } = bins;
  let missing = 0;
  let i = start;
  while (i < end && bins.used <= mostHeld) {
    const low = words[2 * i] as number;
    let high = words[2 * i + 1] as number;
    i++;
    if (double) {
      const magnitude = high & 0x7fffffff;
      if (magnitude >= 0x7ff00000) {
        if (magnitude === 0x7ff00000 && low === 0) tally.infinite++;
        else {
          missing++;
          continue;
        }
      } else if (magnitude === 0 && low === 0) high = 0;
    } else if (high === 0x80000000 && low === 0) {
      missing++;
      continue;
    }
    const keyHigh = (high & maskHigh) >>> 0;
    const keyLow = (low & maskLow) >>> 0;
    // `findSlot`, written out: this runs once a value.
    let at = shift < 32 ? hash(keyHigh, keyLow) : place(keyHigh, shift);
    while (counts[at] !== 0 && (keysHigh[at] !== keyHigh || keysLow[at] !== keyLow)) at = (at + 1) & (slots - 1);
    if (counts[at] === 0) {
      keysHigh[at] = keyHigh;
      keysLow[at] = keyLow;
      bins.used++;
    }
    counts[at] = (counts[at] as number) + 1;
    sumsLow[at] = (sumsLow[at] as number) + ((low & ~maskLow) >>> 0);
    sumsHigh[at] = (sumsHigh[at] as number) + ((high & ~maskHigh) >>> 0);
  }
  tally.present += i - start - missing;
  return i;
}

/** Of bins that hold one value each. */
function sketchBins(bins: Bins, scale: "double" | "integer"): Uint8Array {
  const registers = new Uint8Array(distinctRegisters);
  sketchWords(registers, listKeys(bins), 0, bins.used, scale);
  return registers;
}

/** The slot of a key, or the free one where it belongs. */
function findSlot({ keys, counts }: Bins, high: number, low: number, shift: number): number {
  const keysHigh = keys[0];
  const keysLow = keys[1];
  let at = shift < 32 ? hash(high, low) : place(high, shift);
  while (counts[at] !== 0 && (keysHigh[at] !== high || keysLow[at] !== low)) at = (at + 1) & (slots - 1);
  return at;
}

/** The finest level at which the keys are at most `mostBins`: neighbours in order stay apart below their highest different bit. */
function findLevel(bins: Bins, shift: number): number {
  const words = listKeys(bins);
  new BigUint64Array(words.buffer).sort();
  const apart = new Uint32Array(64);
  for (let i = 2; i < words.length; i += 2) {
    const high = (words[i + 1] as number) ^ (words[i - 1] as number);
    const low = (words[i] as number) ^ (words[i - 2] as number);
    const bit = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low);
    apart[bit] = (apart[bit] as number) + 1;
  }
  let left = bins.used;
  let level = shift;
  while (left > mostBins) left -= apart[level++] as number;
  return level;
}

/** The keys in use, low word first, in no order. */
function listKeys({ keys: [high, low], counts, used }: Bins): Uint32Array {
  const words = new Uint32Array(2 * used);
  let filled = 0;
  for (let at = 0; at < slots; at++) {
    if (counts[at] === 0) continue;
    words[filled++] = low[at] as number;
    words[filled++] = high[at] as number;
  }
  return words;
}

function hash(high: number, low: number): number {
  return Math.imul(high ^ Math.imul(low, 0x85ebca6b), 0x9e3779b1) >>> (32 - slotBits);
}

/** Neighbouring bins lie in neighbouring slots, the two signs half a table apart: most values meet warm memory. */
function place(high: number, shift: number): number {
  return ((high >>> (shift - 32)) + (high >>> 31) * (slots >> 1)) & (slots - 1);
}

/** Drops the bits from `shift` to `level` from every key: neighbours become one bin, and the bits join the sums. Ends `bins`. */
function coarsen(bins: Bins, shift: number, level: number): Bins {
  const next = takeBins();
  const [fineHigh, fineLow] = masksOf(shift);
  const [maskHigh, maskLow] = masksOf(level);
  for (let from = 0; from < slots; from++) {
    const count = bins.counts[from] as number;
    if (count === 0) continue;
    const high = bins.keys[0][from] as number;
    const low = bins.keys[1][from] as number;
    const at = findSlot(next, (high & maskHigh) >>> 0, (low & maskLow) >>> 0, level);
    if (next.counts[at] === 0) {
      next.keys[0][at] = high & maskHigh;
      next.keys[1][at] = low & maskLow;
      next.used++;
    }
    next.counts[at] = (next.counts[at] as number) + count;
    for (let i = 0; i < 3; i++) addTo(next, i, at, bins.sums[i]?.[from] as number);
    addProduct(next, 0, at, count, (low & fineLow & ~maskLow) >>> 0);
    addProduct(next, 1, at, count, (high & fineHigh & ~maskHigh) >>> 0);
  }
  carry(next);
  returnBins(bins);
  return next;
}

/** Adds count · bits to word `i` of a sum: in halves of 16 bits, so that every product is exact, up to 2³⁷ rows. */
function addProduct(bins: Bins, i: number, at: number, count: number, bits: number): void {
  if (bits === 0) return;
  for (const product of [count * (bits & 0xffff), count * (bits >>> 16) * 65_536]) {
    const upper = Math.floor(product / word);
    addTo(bins, i, at, product - upper * word);
    addTo(bins, i + 1, at, upper);
  }
}

function addTo(bins: Bins, i: number, at: number, amount: number): void {
  const sums = bins.sums[i];
  if (sums) sums[at] = (sums[at] as number) + amount;
}

/** Moves what is over 32 bits from each word of the sums into the next. */
function carry({ counts, sums: [low, high, top] }: Bins): void {
  for (let at = 0; at < slots; at++) {
    if (counts[at] === 0) continue;
    const overLow = Math.floor((low[at] as number) / word);
    low[at] = (low[at] as number) - overLow * word;
    const sum = (high[at] as number) + overLow;
    const overHigh = Math.floor(sum / word);
    high[at] = sum - overHigh * word;
    top[at] = (top[at] as number) + overHigh;
  }
}

/** Bins in the order of their values: a double's bits without the sign run backwards below 0. */
function readHistogram(bins: Bins, shift: number, scale: "double" | "integer"): OrderedHistogram {
  const words = listKeys(bins);
  const raw = new BigInt64Array(words.buffer).sort();
  const below = scale === "double" ? countNegative(raw) : 0;
  const keys = new BigInt64Array(raw.length);
  const keyWords = new Int32Array(keys.buffer);
  const counts = new Float64Array(raw.length);
  const sums: [number, number, number][] = [];
  for (let i = 0; i < raw.length; i++) {
    const from = i < below ? below - 1 - i : i;
    const low = words[2 * from] as number;
    const high = words[2 * from + 1] as number;
    const size = i < below ? high & 0x7fffffff : high | 0;
    const flip = i < below ? -1 : 0;
    keyWords[2 * i] =
      flip ^ (shift < 32 ? (low >>> shift) | (shift === 0 ? 0 : size << (32 - shift)) : size >> (shift - 32));
    keyWords[2 * i + 1] = flip ^ (shift < 32 ? size >> shift : size >> 31);
    const at = findSlot(bins, high, low, shift);
    counts[i] = bins.counts[at] as number;
    sums.push([bins.sums[0][at] as number, bins.sums[1][at] as number, bins.sums[2][at] as number]);
  }
  return { scale, shift, keys, counts, lows: joinSums(sums) };
}

function countNegative(sorted: BigInt64Array): number {
  let count = 0;
  while (count < sorted.length && (sorted[count] as bigint) < 0n) count++;
  return count;
}

/** Sums of three words of 32 bits each. */
function joinSums(sums: readonly (readonly [number, number, number])[]): WideIntegers {
  if (sums.some(([, high, top]) => top > 0 || high >= word / 2)) {
    return sums.map(([low, high, top]) => (BigInt(top) << 64n) + (BigInt(high) << 32n) + BigInt(low));
  }
  const words = new Uint32Array(2 * sums.length);
  sums.forEach(([low, high], i) => {
    words[2 * i] = low;
    words[2 * i + 1] = high;
  });
  return new BigInt64Array(words.buffer);
}

/** Empty tables of counters that are done: the next ones take them instead of new memory. */
const empty: Bins[] = [];
const mostEmpty = 32;

function takeBins(): Bins {
  return empty.pop() ?? createBins();
}

function returnBins(bins: Bins): void {
  if (empty.length >= mostEmpty) return;
  bins.counts.fill(0);
  for (const sum of bins.sums) sum.fill(0);
  bins.used = 0;
  empty.push(bins);
}

function createBins(): Bins {
  return {
    keys: [new Uint32Array(slots), new Uint32Array(slots)],
    counts: new Float64Array(slots),
    sums: [new Float64Array(slots), new Float64Array(slots), new Float64Array(slots)],
    used: 0,
  };
}

/** Bits of the high and low word that a key of this level keeps. */
function masksOf(shift: number): readonly [number, number] {
  return shift < 32 ? [-1, -1 << shift] : [-1 << (shift - 32), 0];
}
