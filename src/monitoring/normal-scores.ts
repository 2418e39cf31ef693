// Values as normal scores of their rank among known ones.
import { normalQuantile } from "../statistics/normal.ts";

/** Φ⁻¹ of the share of `sorted` (ascending) below `value`, ties half, kept off 0 and 1; 0 when `sorted` is empty. */
export function inverseNormalRank(sorted: Float64Array, value: number): number {
  const count = sorted.length;
  if (count === 0) return 0;
  const middle = (findBound(sorted, value, false) + findBound(sorted, value, true)) / 2;
  return normalQuantile((middle + 0.5) / (count + 1));
}

/** Number of values below `value`, or not above it. */
function findBound(sorted: Float64Array, value: number, through: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const at = (low + high) >> 1;
    const known = sorted[at] as number;
    if (known < value || (through && known === value)) low = at + 1;
    else high = at;
  }
  return low;
}
