// The level to group a column at: as fine as its histogram can possibly end up.
import { mostBins, type Scale } from "../monitoring/ordered-histogram.ts";
import type { Engine } from "./engine.ts";

/**
 * The finest level at which the values of `sample` (a query of one BIGINT column `o`) fill at most `mostBins` bins. Any
 * part of the data fills no more bins than all of it, so the level of the whole is this one or coarser.
 */
export async function chooseLevel(engine: Engine, sample: string, scale: Scale): Promise<number> {
  const values: bigint[] = [];
  for await (const chunk of engine.stream(sample)) {
    const vector = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) values.push(vector.getItem(row) as bigint);
  }
  return finestLevel(values, scale);
}

/** The finest level at which `values` fill at most `mostBins` bins. */
export function finestLevel(values: readonly bigint[], scale: Scale): number {
  const different = new Set(values);
  const highest = scale === "hash" ? 51 : 63;
  let low = 0;
  let high = highest;
  if (different.size <= mostBins) return 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bins = new Set<bigint>();
    for (const value of different) bins.add(value >> BigInt(middle));
    if (bins.size <= mostBins) high = middle;
    else low = middle + 1;
  }
  return low;
}
