// Resampling: which units are drawn, and fast draws of functions of means, of table cells, and of weighted rows.
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

/** Fills `counts` (one per row) with how often each row is drawn in one resample. */
export function drawRowCounts(layout: UnitLayout, random: Random, counts: Float64Array): void {
  const rows = counts.length;
  counts.fill(0);
  if (layout.blockLength !== null) {
    for (let left = rows; left > 0; ) {
      const start = random.nextInteger(rows);
      const length = Math.min(left, layout.blockLength);
      for (let step = 0; step < length; step += 1) {
        const row = (start + step) % rows;
        counts[row] = counts[row]! + 1;
      }
      left -= length;
    }
    return;
  }
  if (layout.unitOfRow === null) {
    for (let draw = 0; draw < rows; draw += 1) {
      const row = random.nextInteger(rows);
      counts[row] = counts[row]! + 1;
    }
    return;
  }
  const unitCounts = new Uint32Array(layout.units);
  for (let draw = 0; draw < layout.units; draw += 1) {
    const unit = random.nextInteger(layout.units);
    unitCounts[unit] = unitCounts[unit]! + 1;
  }
  for (let row = 0; row < rows; row += 1) counts[row] = unitCounts[layout.unitOfRow[row]!]!;
}

/** Sums per unit of weight and weight × part, for functions of weighted means: row-major, `width` = 1 + number of parts. */
export interface UnitSums {
  readonly units: number;
  readonly width: number;
  readonly sums: Float64Array;
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
  const width = parts.length + 1;
  const unitOfRow = layout.unitOfRow ?? (rows > mostUnits ? dealIntoBins(rows, mostUnits, random) : null);
  const units = layout.unitOfRow === null ? Math.min(rows, mostUnits) : layout.units;
  const sums = new Float64Array(units * width);
  for (let row = 0; row < rows; row += 1) {
    const weight = weights === null ? 1 : weights[row]!;
    const base = (unitOfRow === null ? row : unitOfRow[row]!) * width;
    sums[base] = sums[base]! + weight;
    for (let part = 0; part < parts.length; part += 1)
      sums[base + part + 1] = sums[base + part + 1]! + weight * parts[part]![row]!;
  }
  return { units, width, sums };
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
  { units, width, sums }: UnitSums,
  resamples: number,
  random: Random,
  visit: (means: Float64Array, resample: number) => void,
): void {
  const total = new Float64Array(width);
  const means = new Float64Array(width - 1);
  const scale = units / 4294967296;
  for (let resample = 0; resample < resamples; resample += 1) {
    total.fill(0);
    for (let draw = 0; draw < units; draw += 1) {
      const base = Math.floor(random.nextUint32() * scale) * width;
      for (let part = 0; part < width; part += 1) total[part] = total[part]! + sums[base + part]!;
    }
    for (let part = 1; part < width; part += 1) means[part - 1] = total[part]! / total[0]!;
    visit(means, resample);
  }
}

/** Calls `visit` with the means without each unit in turn (jackknife); the array is reused. */
export function leaveOutUnits(
  { units, width, sums }: UnitSums,
  visit: (means: Float64Array, unit: number) => void,
): void {
  const total = new Float64Array(width);
  for (let at = 0; at < sums.length; at += 1) total[at % width] = total[at % width]! + sums[at]!;
  const means = new Float64Array(width - 1);
  for (let unit = 0; unit < units; unit += 1) {
    const weight = total[0]! - sums[unit * width]!;
    for (let part = 1; part < width; part += 1) means[part - 1] = (total[part]! - sums[unit * width + part]!) / weight;
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
  const counts = new Float64Array(rows);
  for (let resample = 0; resample < resamples; resample += 1) {
    drawRowCounts(layout, random, counts);
    if (weights !== null) for (let row = 0; row < rows; row += 1) counts[row] = counts[row]! * weights[row]!;
    visit(counts, resample);
  }
}
