// modelgate.lock: pins the training and evaluation data of each model, as a dependency lock pins packages.
import type { WindowSettings } from "./settings.ts";

/** One data set as it was when it was pinned. `window` null = all rows of the source. */
export interface LockedData {
  readonly source: string;
  readonly window: WindowSettings | null;
  /** Of the rows in the window, canonically rendered by the data room; lower-case hex. */
  readonly sha256: string;
  readonly rows: number;
  readonly columns: readonly string[];
}

export interface LockedModel {
  readonly train: LockedData | null;
  readonly evaluation: LockedData | null;
}

/** Models in the order of their names. */
export interface Lock {
  readonly version: 1;
  readonly models: ReadonlyMap<string, LockedModel>;
}

/** A lock is larger than a config: columns of every model. */
export const lockLimits = { sizeBytes: 4_194_304, depth: 10, aliases: 0 } as const;
