// Resampling: which units are drawn, and fast draws of functions of means, of table cells, and of weighted rows.
import { createCountDrawer, lanes } from "./draw-counts.ts";
import type { Random } from "./rng.ts";

/** How rows hang together. Units are drawn with replacement; the rows of a unit come and go together. */
export interface UnitLayout {
  /** Number of units. */
  readonly units: number;
  /** Unit of each row; null = every row is its own. */
  readonly unitOfRow: Int32Array | null;
  /** Rows are in time order: units are runs of this many neighbours starting anywhere (circular block bootstrap, Politis and Romano 1992). */
  readonly blockLength: number | null;
}

/** Weight and weight × part of each unit, for functions of weighted means. */
export interface UnitSums {
  readonly units: number;
  /** Null = each unit weighs 1. */
  readonly weights: Float64Array | null;
  readonly parts: readonly Float64Array[];
}

/** Rows above which rows are first thrown together at random into this many bins: the means' spread is estimated as well from bins. */
const mostUnits = 16384;

/** `weights` null = every row once. More rows than `mostUnits` are dealt at random into bins of equal size, which are resampled instead. */
export function sumByUnit(
  parts: readonly Float64Array[],
  weights: Float64Array | null,
  rows: number,
  layout: UnitLayout,
  random: Random,
): UnitSums {
  const unitOfRow = layout.unitOfRow ?? (rows > mostUnits ? dealIntoBins(rows, mostUnits, random) : null);
  const units = layout.unitOfRow === null ? Math.min(rows, mostUnits) : layout.units;
  const sum = (part: Float64Array | null): Float64Array => {
    const sums = new Float64Array(units);
    for (let row = 0; row < rows; row += 1) {
      const unit = unitOfRow === null ? row : unitOfRow[row]!;
      const value = part === null ? 1 : part[row]!;
      sums[unit] = sums[unit]! + (weights === null ? value : weights[row]! * value);
    }
    return sums;
  };
  const plain = weights === null && unitOfRow === null;
  return { units, weights: plain ? null : sum(null), parts: plain ? parts : parts.map(sum) };
}

function dealIntoBins(rows: number, bins: number, random: Random): Int32Array {
  const bin = Int32Array.from({ length: rows }, (_, row) => row % bins);
  for (let at = rows - 1; at > 0; at -= 1) {
    const other = random.nextInteger(at + 1);
    const kept = bin[at]!;
    bin[at] = bin[other]!;
    bin[other] = kept;
  }
  return bin;
}

/** Calls `visit` with the weighted means of all parts of each resample; the array is reused. */
export function resampleMeans(
  { units, weights, parts }: UnitSums,
  resamples: number,
  random: Random,
  visit: (means: Float64Array, resample: number) => void,
): void {
  const draw = createCountDrawer(units, random);
  const counts = new Int32Array(units);
  const weightSums = new Float64Array(lanes).fill(units);
  const sums = parts.map(() => new Float64Array(lanes));
  const means = new Float64Array(parts.length);
  for (let start = 0; start < resamples; start += lanes) {
    draw(counts);
    if (weights !== null) sumLanes(weights, counts, weightSums);
    parts.forEach((part, at) => {
      sumLanes(part, counts, sums[at]!);
    });
    for (let lane = 0; lane < Math.min(lanes, resamples - start); lane += 1) {
      for (let part = 0; part < parts.length; part += 1) means[part] = sums[part]![lane]! / weightSums[lane]!;
      visit(means, start + lane);
    }
  }
}

/** Sums of the values as often as each was drawn in the four resamples. */
function sumLanes(values: Float64Array, counts: Int32Array, sums: Float64Array): void {
  let [zero, one, two, three] = [0, 0, 0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const word = counts[at]!;
    const value = values[at]!;
    zero += (word & 0xff) * value;
    one += ((word >>> 8) & 0xff) * value;
    two += ((word >>> 16) & 0xff) * value;
    three += (word >>> 24) * value;
  }
  sums.set([zero, one, two, three]);
}

/** Calls `visit` with the means without each unit in turn (jackknife); the array is reused. */
export function leaveOutUnits(
  { units, weights, parts }: UnitSums,
  visit: (means: Float64Array, unit: number) => void,
): void {
  const add = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  const weight = weights === null ? units : add(weights);
  const totals = parts.map(add);
  const means = new Float64Array(parts.length);
  for (let unit = 0; unit < units; unit += 1) {
    for (let part = 0; part < parts.length; part += 1)
      means[part] = (totals[part]! - parts[part]![unit]!) / (weight - (weights?.[unit] ?? 1));
    visit(means, unit);
  }
}

/**
 * Calls `visit` with cell shares drawn from a Dirichlet distribution with these parameters (cell counts plus a prior): the Bayesian bootstrap
 * (Rubin 1981) of a table. Its cost does not depend on the rows, and cells with a prior vary even when nothing was counted. The array is reused.
 */
export function drawCellShares(
  parameters: Float64Array,
  resamples: number,
  random: Random,
  visit: (shares: Float64Array, resample: number) => void,
): void {
  const shares = new Float64Array(parameters.length);
  for (let resample = 0; resample < resamples; resample += 1) {
    let total = 0;
    for (let cell = 0; cell < shares.length; cell += 1) {
      shares[cell] = parameters[cell]! > 0 ? random.nextGamma(parameters[cell]!) : 0;
      total += shares[cell]!;
    }
    for (let cell = 0; cell < shares.length; cell += 1) shares[cell] = shares[cell]! / total;
    visit(shares, resample);
  }
}

/** Calls `visit` with row weights (base weight × count) of each resample; the array is reused. */
export function resampleRows(
  layout: UnitLayout,
  weights: Float64Array | null,
  rows: number,
  resamples: number,
  random: Random,
  visit: (weights: Float64Array, resample: number) => void,
): void {
  const drawn = new Float64Array(rows);
  const visitWeighted = (resample: number): void => {
    if (weights !== null) for (let row = 0; row < rows; row += 1) drawn[row] = drawn[row]! * weights[row]!;
    visit(drawn, resample);
  };
  if (layout.blockLength !== null) {
    for (let resample = 0; resample < resamples; resample += 1) {
      drawBlocks(layout.blockLength, random, drawn);
      visitWeighted(resample);
    }
    return;
  }
  const draw = createCountDrawer(layout.units, random);
  const counts = new Int32Array(layout.units);
  for (let resample = 0; resample < resamples; resample += 1) {
    const lane = resample % lanes;
    if (lane === 0) draw(counts);
    for (let row = 0; row < rows; row += 1) {
      const unit = layout.unitOfRow === null ? row : layout.unitOfRow[row]!;
      drawn[row] = (counts[unit]! >>> (8 * lane)) & 0xff;
    }
    visitWeighted(resample);
  }
}

/** Fills `counts` with how often each row lies in one of the runs that together have as many rows as there are. */
function drawBlocks(blockLength: number, random: Random, counts: Float64Array): void {
  const rows = counts.length;
  counts.fill(0);
  for (let left = rows; left > 0; ) {
    const start = random.nextInteger(rows);
    const length = Math.min(left, blockLength);
    for (let step = 0; step < length; step += 1) {
      const row = (start + step) % rows;
      counts[row] = counts[row]! + 1;
    }
    left -= length;
  }
}
