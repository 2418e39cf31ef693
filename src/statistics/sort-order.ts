// Sorting of numbers held in typed arrays, as an order of their indices.

const radixBits = 16;
const buckets = 1 << radixBits;

/** Indices of `values` in ascending order, equal values in their own order, NaN last; −0 and 0 are equal. */
export function sortIndices(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let at = 0; at < order.length; at += 1) order[at] = at;
  if (values.length < 2048)
    return order.sort((left, right) => compareNumbers(values[left]!, values[right]!) || left - right);
  return sortByRadix(values, order);
}

function compareNumbers(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

/** Least significant digit first over the 64 bits of a double made comparable; skips digits that are the same in all keys. */
function sortByRadix(values: Float64Array, start: Uint32Array): Uint32Array {
  const { high, low } = makeKeys(values);
  let from = start;
  let to: Uint32Array = new Uint32Array(values.length);
  const counts = new Uint32Array(buckets);
  for (const [words, shift] of [
    [low, 0],
    [low, radixBits],
    [high, 0],
    [high, radixBits],
  ] as const) {
    counts.fill(0);
    for (let at = 0; at < words.length; at += 1) {
      const digit = (words[at]! >>> shift) & (buckets - 1);
      counts[digit] = counts[digit]! + 1;
    }
    if (counts[(words[0]! >>> shift) & (buckets - 1)] === words.length) continue;
    let sum = 0;
    for (let digit = 0; digit < buckets; digit += 1) {
      const count = counts[digit]!;
      counts[digit] = sum;
      sum += count;
    }
    for (let at = 0; at < from.length; at += 1) {
      const index = from[at]!;
      const digit = (words[index]! >>> shift) & (buckets - 1);
      const place = counts[digit]!;
      to[place] = index;
      counts[digit] = place + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** The bits of each double, flipped so that unsigned integers sort as the numbers do. */
function makeKeys(values: Float64Array): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  const cell = new Float64Array(1);
  const words = new Uint32Array(cell.buffer);
  const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
  for (let at = 0; at < values.length; at += 1) {
    // Adding 0 turns −0 into 0; every NaN gets the same largest key.
    cell[0] = values[at]! + 0;
    const top = words[highWord]!;
    if (Number.isNaN(cell[0]!)) {
      high[at] = 0xffffffff;
      low[at] = 0xffffffff;
    } else if (top >>> 31 === 1) {
      high[at] = ~top;
      low[at] = ~words[1 - highWord]!;
    } else {
      high[at] = (top | 0x80000000) >>> 0;
      low[at] = words[1 - highWord]!;
    }
  }
  return { high, low };
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
  const order = sortIndices(values);
  const ends = new Uint32Array(values.length);
  let count = 0;
  for (let at = 1; at <= order.length; at += 1)
    if (at === order.length || values[order[at]!] !== values[order[at - 1]!]) {
      ends[count] = at;
      count += 1;
    }
  const result = { order, ends: ends.slice(0, count) };
  remembered.set(values, result);
  return result;
}
