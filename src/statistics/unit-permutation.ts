// Permutation tests of two samples whose rows belong to units (users, days) that are exchanged whole.
import { midranks } from "./ranks.ts";
import type { Random } from "./rng.ts";

/** Rows of both samples: a value each, the side (1 = current), and the unit (0 … units − 1; a unit is on one side). */
export interface UnitSample {
  readonly values: Float64Array;
  readonly sides: Uint8Array;
  readonly units: Int32Array;
}

export interface PermutationTest {
  readonly statistic: number;
  /** (k + 1) / (B + 1): the observed arrangement counts, so it is never 0. */
  readonly pValue: number;
  readonly permutations: number;
}

/** After so many arrangements as far out as the observed one the p-value is known well enough (Besag and Clifford). */
const enoughExceedances = 50;

/**
 * Area under the ROC curve of `values` for the current side, and its p-value over at most `most` exchanges of whole units:
 * how often chance gives as large an area (`greater`) or one as far from a half (`both`). Stops early when the p-value is
 * clearly large. A side without rows: area 0.5, p 1.
 */
export function testArea(sample: UnitSample, sided: "greater" | "both", most: number, random: Random): PermutationTest {
  const ranks = midranks(sample.values);
  const units = sumUnits(sample, (row) => ranks[row] as number);
  const measure = (rankSum: number, rows: number, allRows: number): number => {
    const pairs = rows * (allRows - rows);
    return pairs === 0 ? 0.5 : (rankSum - (rows * (rows + 1)) / 2) / pairs;
  };
  return permute(units, most, random, measure, sided === "both" ? (area) => Math.abs(area - 0.5) : (area) => area);
}

interface Units {
  readonly sums: Float64Array;
  readonly rows: Float64Array;
  readonly sides: Uint8Array;
}

function sumUnits({ sides, units }: UnitSample, read: (row: number) => number): Units {
  const count = units.reduce((most, unit) => Math.max(most, unit + 1), 0);
  const found = { sums: new Float64Array(count), rows: new Float64Array(count), sides: new Uint8Array(count) };
  for (let row = 0; row < units.length; row++) {
    const unit = units[row] as number;
    found.sums[unit]! += read(row);
    found.rows[unit]! += 1;
    found.sides[unit] = sides[row] as number;
  }
  return found;
}

function permute(
  { sums, rows, sides }: Units,
  most: number,
  random: Random,
  measure: (sum: number, rows: number, allRows: number) => number,
  extremity: (statistic: number) => number,
): PermutationTest {
  const allRows = rows.reduce((total, count) => total + count, 0);
  const order = Array.from(sides.keys());
  const drawn = sides.reduce((total, side) => total + side, 0);
  const measureFirst = (chosen: readonly number[]): number => {
    let [sum, count] = [0, 0];
    for (const unit of chosen) {
      sum += sums[unit] as number;
      count += rows[unit] as number;
    }
    return measure(sum, count, allRows);
  };
  const statistic = measureFirst(order.filter((unit) => sides[unit] === 1));
  if (drawn === 0 || drawn === order.length) return { statistic, pValue: 1, permutations: 0 };
  const observed = extremity(statistic) - 1e-12;
  let exceeded = 0;
  let done = 0;
  while (done < most && exceeded < enoughExceedances) {
    let [sum, count] = [0, 0];
    for (let i = 0; i < drawn; i++) {
      const at = i + random.nextInteger(order.length - i);
      const unit = order[at] as number;
      order[at] = order[i] as number;
      order[i] = unit;
      sum += sums[unit] as number;
      count += rows[unit] as number;
    }
    done++;
    if (extremity(measure(sum, count, allRows)) >= observed) exceeded++;
  }
  return { statistic, pValue: (exceeded + 1) / (done + 1), permutations: done };
}
