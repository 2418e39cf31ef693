// How many equal independent units a sample of unequal ones is worth.
import type { UnitLayout } from "./bootstrap.ts";

/**
 * (Σ size)² / Σ size² (Kish 1965), the size of a unit being the weight of its rows: as many units as there are where all are alike, fewer where some are
 * larger, because the spread between units is then known from few of them (Carter, Schnepel and Steigerwald 2017). Blocks in time: rows / length. 0 without weight.
 */
export function countEffectiveUnits(layout: UnitLayout, weights: Float64Array | null, rows: number): number {
  const { unitOfRow, blockLength, units } = layout;
  if (blockLength !== null) return Math.ceil(rows / blockLength);
  if (unitOfRow === null && weights === null) return units;
  const sizes = new Float64Array(units);
  for (let row = 0; row < rows; row += 1) {
    const unit = unitOfRow?.[row] ?? row;
    sizes[unit] = sizes[unit]! + (weights?.[row] ?? 1);
  }
  let [sum, squares] = [0, 0];
  for (const size of sizes) {
    sum += size;
    squares += size * size;
  }
  // Equal sizes give whole numbers, whatever rounding did.
  const effective = squares > 0 ? (sum * sum) / squares : 0;
  return Math.abs(effective - units) < 1e-9 * units ? units : effective;
}
