// Sorts many numbers by the digits of their bits: several times faster than by comparing them.

const digitBits = 11;
const buckets = 1 << digitBits;
const digitMask = buckets - 1;
/** Below this the tables of digits cost more than they save. */
const fewest = 4096;

/** Sorts in place, ascending; NaN must not occur, −0 and 0 are equal. Works in as much memory again. */
export function sortNumbers(values: Float64Array): void {
  if (values.length < fewest) {
    values.sort();
    return;
  }
  sortByLeadingBits(values, new Float64Array(values.length));
  if (!repairNeighbours(values)) values.sort();
}

/** Three passes over the first 32 bits that not all share, from the last digit to the first: equal ones keep their order. */
function sortByLeadingBits(values: Float64Array, scratch: Float64Array): void {
  const shared = countSharedBits(values);
  const counts = [new Uint32Array(buckets), new Uint32Array(buckets), new Uint32Array(buckets)] as const;
  const [first, second, third] = counts;
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let i = 0; i < words.length; i += 2) {
    const key = keyOf(words[i] as number, words[i + 1] as number, shared);
    first[key & digitMask] = (first[key & digitMask] as number) + 1;
    second[(key >>> digitBits) & digitMask] = (second[(key >>> digitBits) & digitMask] as number) + 1;
    third[key >>> (2 * digitBits)] = (third[key >>> (2 * digitBits)] as number) + 1;
  }
  let [from, to] = [values, scratch];
  for (const [pass, count] of counts.entries()) {
    startPositions(count);
    scatter(from, to, count, pass * digitBits, shared);
    [from, to] = [to, from];
  }
  values.set(from);
}

/** Leading bits that are the same in all numbers, 0 to 31. */
function countSharedBits(values: Float64Array): number {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const high = words[1] as number;
  let different = 0;
  for (let i = 3; i < words.length; i += 2) different |= (words[i] as number) ^ high;
  return Math.min(31, Math.clz32(different));
}

function startPositions(counts: Uint32Array): void {
  let before = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    counts[i] = before;
    before += count;
  }
}

function scatter(from: Float64Array, to: Float64Array, positions: Uint32Array, shift: number, shared: number): void {
  const words = new Uint32Array(from.buffer, from.byteOffset, 2 * from.length);
  for (let i = 0; i < from.length; i++) {
    const key = keyOf(words[2 * i] as number, words[2 * i + 1] as number, shared);
    const digit = (key >>> shift) & digitMask;
    const at = positions[digit] as number;
    positions[digit] = at + 1;
    to[at] = from[i] as number;
  }
}

/** 32 bits after the shared ones that ascend with the number: below 0 they run backwards. */
function keyOf(low: number, high: number, shared: number): number {
  const sign = high >> 31;
  const leading = shared === 0 ? high ^ 0x80000000 : (high << shared) | (low >>> (32 - shared));
  return (leading ^ (shared === 0 ? sign & 0x7fffffff : sign)) >>> 0;
}

/** Moves to its place what later bits tell apart; gives up, with the numbers still all there, when that is much. */
function repairNeighbours(values: Float64Array): boolean {
  let left = 4 * values.length;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    let at = i;
    while (at > 0 && (values[at - 1] as number) > value) {
      values[at] = values[at - 1] as number;
      at--;
    }
    values[at] = value;
    left -= i - at;
    if (left < 0) return false;
  }
  return true;
}
