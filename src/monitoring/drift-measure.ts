// The contract of a drift measure: one number of a column's reference and current.
import type { ColumnPair } from "./column-pair.ts";

export interface DriftMeasure {
  /** Key in the report's `measures`. */
  readonly id: string;
  readonly summary: string;
  /** Computed only with `--measures all`. */
  readonly onDemand: boolean;
  /** Null when the measure does not apply to the column or needs rows that are not there. An empty side gives 0. */
  readonly compute: (pair: ColumnPair) => number | null;
}

/** Gives a measure its types; returns it as it is. */
export function defineDriftMeasure(measure: DriftMeasure): DriftMeasure {
  return measure;
}
