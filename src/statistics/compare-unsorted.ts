// Kolmogorov-Smirnov and Wasserstein distances without sorting: buckets in which the two distribution functions cannot meet
// need counts and sums only.
import { type FilledBuckets, fillBuckets, type GatheredNumbers, gatherOpen } from "./bucket-kernel.ts";
import { sortNumbers } from "./sort-numbers.ts";
import { planBuckets, type ValueBuckets } from "./value-buckets.ts";
import { compareSorted } from "./wasserstein.ts";

/** Below this many numbers sorting is as quick. */
const fewest = 20_000;

/**
 * What `compareSorted` says of the same numbers in any order, but for rounding (1e-12 of the range). Null when a number is
 * infinite, or so large that sums are. NaN must not occur; 0 when a sample is empty. The samples stay as they are.
 *
 * With d = F_a − F_b and a bucket whose numbers move d by at most what they weigh: where d cannot change its sign inside,
 * ∫|d| = |∫d|, and ∫d follows from counts and sums. Only the other buckets, and those that could hold a larger |d| than every
 * edge does, are sorted.
 */
export function compareUnsorted(a: Float64Array, b: Float64Array): ReturnType<typeof compareSorted> | null {
  if (a.length + b.length < fewest || a.length === 0 || b.length === 0) return compareFew(a, b);
  const buckets = planBuckets(a, b);
  const left = fillBuckets(a, buckets);
  const right = fillBuckets(b, buckets);
  if (!left.sums.every(Number.isFinite) || !right.sums.every(Number.isFinite)) return null;
  const isOpen = findOpen(left.counts, right.counts, a.length, b.length);
  const inLeft = gatherOpen(a, buckets, left.counts, isOpen);
  const inRight = gatherOpen(b, buckets, right.counts, isOpen);
  const compared = walkBuckets(
    buckets,
    { ...left, ...inLeft, size: a.length },
    { ...right, ...inRight, size: b.length },
    isOpen,
  );
  return Number.isFinite(compared.wasserstein) ? compared : null;
}

function compareFew(a: Float64Array, b: Float64Array): ReturnType<typeof compareSorted> | null {
  if (!a.every(Number.isFinite) || !b.every(Number.isFinite)) return null;
  return compareSorted(a.slice().sort(), b.slice().sort());
}

/** Buckets that must be looked into. Differences are counted in units of 1/(n·m): whole numbers. */
function findOpen(left: Uint32Array, right: Uint32Array, n: number, m: number): Uint8Array {
  let [difference, largest] = [0, 0];
  for (let k = 0; k < left.length; k++) {
    difference += (left[k] as number) * m - (right[k] as number) * n;
    largest = Math.max(largest, Math.abs(difference));
  }
  const isOpen = new Uint8Array(left.length);
  difference = 0;
  for (let k = 0; k < left.length; k++) {
    const [up, down] = [(left[k] as number) * m, (right[k] as number) * n];
    const [low, high] = [difference - down, difference + up];
    const canCross = low < 0 && high > 0;
    const canExceed = up > 0 && down > 0 && Math.max(high, -low) > largest;
    if (canCross || canExceed) isOpen[k] = 1;
    difference += up - down;
  }
  return isOpen;
}

type Side = FilledBuckets & GatheredNumbers & { readonly size: number };

/** A stretch of buckets in which the difference keeps its sign: from `start`, where it is `before`. */
interface Stretch {
  start: number;
  before: number;
  sign: number;
  /** What its numbers add to the difference, and that weighed by their distance from `start`. */
  added: number;
  moment: number;
}

function walkBuckets(
  buckets: ValueBuckets,
  left: Side,
  right: Side,
  isOpen: Uint8Array,
): ReturnType<typeof compareSorted> {
  const [n, m] = [left.size, right.size];
  let [i, j, largest, area] = [0, 0, 0, 0];
  let stretch: Stretch | null = null;
  const close = (end: number): void => {
    if (stretch === null) return;
    const { start, before, added, moment } = stretch;
    area += Math.abs((before + added) * (end - start) - moment);
    stretch = null;
  };
  for (let k = 0; k < buckets.count; k++) {
    const [inLeft, inRight] = [left.counts[k] as number, right.counts[k] as number];
    if (inLeft + inRight === 0) continue;
    const origin = buckets.origins[k] as number;
    const before = i * m - j * n;
    if (isOpen[k]) {
      const ours = takeSorted(left, k);
      const theirs = takeSorted(right, k);
      const first = Math.min(ours[0] ?? Number.POSITIVE_INFINITY, theirs[0] ?? Number.POSITIVE_INFINITY);
      close(first);
      const walked = walkSorted(ours, theirs, { i, j, n, m, first });
      area += walked.area;
      largest = Math.max(largest, walked.largest);
      stretch = {
        start: walked.last,
        before: walked.difference,
        sign: Math.sign(walked.difference),
        added: 0,
        moment: 0,
      };
    } else {
      const sign = Math.sign(before) || Math.sign(before + inLeft * m - inRight * n) || (inLeft > 0 ? 1 : -1);
      // Between two signs the difference is 0: it does not matter where the one ends and the other begins.
      if (stretch !== null && stretch.sign !== 0 && stretch.sign !== sign) close(origin);
      stretch ??= { start: origin, before, sign, added: 0, moment: 0 };
      stretch.sign = sign;
      const distance = origin - stretch.start;
      stretch.added += inLeft * m - inRight * n;
      stretch.moment +=
        m * (inLeft * distance + (left.sums[k] as number)) - n * (inRight * distance + (right.sums[k] as number));
    }
    i += inLeft;
    j += inRight;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  close(0);
  return { kolmogorovSmirnov: largest / (n * m), wasserstein: area / (n * m) };
}

function takeSorted({ numbers, ends, counts }: Side, k: number): Float64Array {
  const end = ends[k] as number;
  const values = numbers.subarray(end - (counts[k] as number), end);
  // Many equal ones are the usual reason for a bucket to hold many.
  if (!isAscending(values)) sortNumbers(values);
  return values;
}

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) return false;
  return true;
}

/** Both sides of one bucket in order, after `i` and `j` numbers before it. */
function walkSorted(
  a: Float64Array,
  b: Float64Array,
  { i, j, n, m, first }: Readonly<Record<"i" | "j" | "n" | "m" | "first", number>>,
): Readonly<Record<"area" | "largest" | "last" | "difference", number>> {
  let [x, y, at, area, largest] = [0, 0, first, 0, 0];
  let difference = i * m - j * n;
  while (x < a.length || y < b.length) {
    const isLeft = y >= b.length || (x < a.length && (a[x] as number) <= (b[y] as number));
    const next = (isLeft ? a[x] : b[y]) as number;
    area += (next - at) * Math.abs(difference);
    at = next;
    while (x < a.length && a[x] === next) x++;
    while (y < b.length && b[y] === next) y++;
    difference = (i + x) * m - (j + y) * n;
    const distance = Math.abs(difference);
    if (distance > largest) largest = distance;
  }
  return { area, largest, last: at, difference };
}
