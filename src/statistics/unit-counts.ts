// Counts per unit (user, day): how much rows of one unit depend on each other, and tests that move units whole.
import type { Random } from "./rng.ts";

/** `counts` holds units × width numbers, unit by unit. */
export interface UnitCounts {
  readonly units: number;
  readonly width: number;
  readonly counts: Float64Array;
}

const enoughExceedances = 50;

/**
 * The p-value (k + 1) / (B + 1) of a statistic of both sides' shares over exchanges of whole units, at most `most` of them;
 * stops when fifty were as far out as the observed one (Besag and Clifford 1991). 1 when a side has no units, or the
 * statistic of the observed sides is 0 or less.
 */
export function permuteUnits(
  reference: UnitCounts,
  current: UnitCounts,
  statistic: (reference: Float64Array, current: Float64Array, pooled: Float64Array) => number,
  most: number,
  random: Random,
): number {
  const { width } = reference;
  const all = new Float64Array(reference.counts.length + current.counts.length);
  all.set(reference.counts);
  all.set(current.counts, reference.counts.length);
  const total = new Float64Array(width);
  const every = Int32Array.from({ length: reference.units + current.units }, (_, i) => i);
  addUnits(all, every, every.length, total);
  const currentIsSmaller = current.units <= reference.units;
  const size = Math.min(current.units, reference.units);
  if (size === 0) return 1;
  const pooled = new Float64Array(width);
  toShares(total, pooled);
  const [drawn, first, rest] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  const measure = (chosen: Int32Array): number => {
    addUnits(all, chosen, size, drawn);
    for (let cell = 0; cell < width; cell++) rest[cell] = (total[cell] as number) - (drawn[cell] as number);
    toShares(drawn, first);
    toShares(rest, rest);
    return currentIsSmaller ? statistic(rest, first, pooled) : statistic(first, rest, pooled);
  };
  const order = currentIsSmaller ? every.slice().reverse() : every.slice();
  const observed = measure(order);
  if (!(observed > 0)) return 1;
  let exceeded = 0;
  let done = 0;
  while (done < most && exceeded < enoughExceedances) {
    for (let i = 0; i < size; i++) {
      const at = i + random.nextInteger(order.length - i);
      const unit = order[at] as number;
      order[at] = order[i] as number;
      order[i] = unit;
    }
    done++;
    if (measure(order) >= observed - 1e-12) exceeded++;
  }
  return (exceeded + 1) / (done + 1);
}

/**
 * How many times larger the variance of the shares is than if rows were independent (Kish's design effect, over all cells
 * together, by the variance of a ratio between units); at least 1. `cumulative`: of the shares up to each cell, which is
 * what distribution functions are made of. 1 with fewer than two units or a single filled cell.
 */
export function measureDesignEffect({ units, width, counts }: UnitCounts, cumulative = false): number {
  const read = cumulative ? accumulate(counts, width) : counts;
  const every = Int32Array.from({ length: units }, (_, i) => i);
  const [total, all] = [new Float64Array(width), new Float64Array(width)];
  addUnits(read, every, units, total);
  addUnits(counts, every, units, all);
  const rows = all.reduce((sum, count) => sum + count, 0);
  const independent = total.reduce((sum, count) => sum + (count / rows) * (1 - count / rows), 0) * rows;
  if (units < 2 || !(independent > 1e-9)) return 1;
  let between = 0;
  for (let unit = 0; unit < units; unit++) {
    let own = 0;
    for (let i = 0; i < width; i++) own += counts[unit * width + i] as number;
    for (let i = 0; i < width; i++) {
      between += ((read[unit * width + i] as number) - (own * (total[i] as number)) / rows) ** 2;
    }
  }
  return Math.max(1, ((units / (units - 1)) * between) / independent);
}

function accumulate(counts: Float64Array, width: number): Float64Array {
  return counts.map((_, at) => {
    let below = 0;
    for (let i = at - (at % width); i <= at; i++) below += counts[i] as number;
    return below;
  });
}

/** Sum of the first `size` units of `chosen`, into `sum`. */
function addUnits(counts: Float64Array, chosen: Int32Array, size: number, sum: Float64Array): void {
  const width = sum.length;
  sum.fill(0);
  for (let i = 0; i < size; i++) {
    const start = (chosen[i] as number) * width;
    for (let cell = 0; cell < width; cell++) sum[cell]! += counts[start + cell] as number;
  }
}

function toShares(counts: Float64Array, shares: Float64Array): void {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i] as number;
  for (let i = 0; i < counts.length; i++) shares[i] = total > 0 ? (counts[i] as number) / total : 0;
}
