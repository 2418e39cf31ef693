// Sorting of numbers held in typed arrays, as an order of their indices.

/** Indices of `values` in ascending order, equal values in their own order, NaN last; −0 and 0 are equal. */
export function sortIndices(values: Float64Array): Uint32Array {
  return sortValues(values).order;
}

interface Sorted {
  readonly order: Uint32Array;
  /** By rank at even places: what equal values have in common, and hardly any others; null = not known. */
  readonly parts: Uint32Array | null;
}

/** Fewer values than this are sorted by comparing them. */
const fewValues = 2048;

function sortValues(values: Float64Array): Sorted {
  if (values.length < fewValues) {
    const compare = (left: number, right: number) => compareNumbers(values[left]!, values[right]!) || left - right;
    return { order: Uint32Array.from(values.keys()).sort(compare), parts: null };
  }
  const keys = makeKeys(values);
  return sortByPrefix(keys) ?? { order: sortByDigits(keys), parts: null };
}

function compareNumbers(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

/** The bits of each double, flipped so that unsigned integers sort as the numbers do. */
interface Keys {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

function makeKeys(values: Float64Array): Keys {
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
  for (let at = 0; at < values.length; at += 1) {
    const top = words[2 * at + highWord]!;
    const bottom = words[2 * at + 1 - highWord]!;
    if (Number.isNaN(values[at]!)) {
      // Every NaN gets the same largest key.
      high[at] = 0xffffffff;
      low[at] = 0xffffffff;
    } else if (top >>> 31 === 0 || values[at] === 0) {
      high[at] = top | 0x80000000;
      low[at] = bottom;
    } else {
      high[at] = ~top;
      low[at] = ~bottom;
    }
  }
  return { high, low };
}

const prefixBits = 26;
const prefixDigit = prefixBits / 2;

/** More keys than this with the same prefix are not put in order one by one. */
const longestRun = 64;

/**
 * The keys' range in 2²⁶ parts, sorted by the part in two rounds, and the few keys that share a part afterwards. Null where many different keys share one:
 * values close together beside one far away.
 */
function sortByPrefix({ high, low }: Keys): Sorted | null {
  let [least, most] = [0xffffffff, 0];
  for (let at = 0; at < high.length; at += 1) {
    if (high[at]! < least) least = high[at]!;
    if (high[at]! > most) most = high[at]!;
  }
  const last = 2 ** prefixBits - 1;
  const scale = 2 ** prefixBits / (most - least + 1);
  // Prefix and index side by side: they move together.
  let from = new Uint32Array(2 * high.length);
  let to = new Uint32Array(2 * high.length);
  for (let at = 0; at < high.length; at += 1) {
    from[2 * at] = Math.min(last, (high[at]! - least + low[at]! / 4294967296) * scale);
    from[2 * at + 1] = at;
  }
  for (const shift of [0, prefixDigit]) {
    const places = countPlaces(from, 2, shift, prefixDigit);
    for (let at = 0; at < from.length; at += 2) {
      const digit = (from[at]! >>> shift) & (places.length - 1);
      const place = places[digit]!;
      places[digit] = place + 1;
      to[2 * place] = from[at]!;
      to[2 * place + 1] = from[at + 1]!;
    }
    [from, to] = [to, from];
  }
  const order = new Uint32Array(high.length);
  let start = 0;
  for (let at = 0; at < order.length; at += 1) {
    const index = from[2 * at + 1]!;
    if (at > 0 && from[2 * at]! !== from[2 * at - 2]!) start = at;
    let place = at;
    for (; place > start; place -= 1) {
      const before = order[place - 1]!;
      if (high[before]! < high[index]! || (high[before] === high[index] && low[before]! <= low[index]!)) break;
      if (at - start > longestRun) return null;
      order[place] = before;
    }
    order[place] = index;
  }
  return { order, parts: from };
}

/** Where the first word with each digit goes when words are sorted by it; `step` = 2 looks at every second word. */
function countPlaces(words: Uint32Array, step: 1 | 2, shift: number, bits: number): Uint32Array {
  const places = new Uint32Array(2 ** bits);
  for (let at = 0; at < words.length; at += step) {
    const digit = (words[at]! >>> shift) & (places.length - 1);
    places[digit] = places[digit]! + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < places.length; digit += 1) {
    const count = places[digit]!;
    places[digit] = sum;
    sum += count;
  }
  return places;
}

const digitBits = 16;

/** All 64 bits of the keys, least significant digit first; skips digits that are the same in all keys. */
function sortByDigits({ high, low }: Keys): Uint32Array {
  let from = Uint32Array.from(high.keys());
  let to = new Uint32Array(high.length);
  for (const [words, shift] of [
    [low, 0],
    [low, digitBits],
    [high, 0],
    [high, digitBits],
  ] as const) {
    const places = countPlaces(words, 1, shift, digitBits);
    const mask = places.length - 1;
    const first = (words[0]! >>> shift) & mask;
    if (places[first] === 0 && (first === mask || places[first + 1] === words.length)) continue;
    for (let at = 0; at < from.length; at += 1) {
      const index = from[at]!;
      const digit = (words[index]! >>> shift) & mask;
      const place = places[digit]!;
      to[place] = index;
      places[digit] = place + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Ascending order and where each run of equal values ends (exclusive). */
export interface TiedOrder {
  readonly order: Uint32Array;
  readonly ends: Uint32Array;
}

const remembered = new WeakMap<Float64Array, TiedOrder>();

/** Sorts once per array (it must not change afterwards): many metrics ask for the order of the same scores. */
export function sortWithTies(values: Float64Array): TiedOrder {
  const known = remembered.get(values);
  if (known) return known;
  const { order, parts } = sortValues(values);
  const ends = new Uint32Array(values.length);
  let count = 0;
  for (let at = 1; at <= order.length; at += 1)
    // Values are read only where the parts do not tell them apart: they lie all over the memory.
    if (
      at === order.length ||
      (parts !== null && parts[2 * at] !== parts[2 * at - 2]) ||
      values[order[at]!] !== values[order[at - 1]!]
    ) {
      ends[count] = at;
      count += 1;
    }
  const result = { order, ends: ends.slice(0, count) };
  remembered.set(values, result);
  return result;
}
