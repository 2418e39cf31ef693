// Which version the `baseline:` of a config means now.
import type { ModelIndex } from "./model-index.ts";

/** A version as it is, a stage's holder, or for `base-branch` the newest version that can be had; null when there is none. */
export function nameBaseline(baseline: string, index: ModelIndex): string | null {
  if (/^\d/.test(baseline)) return baseline;
  if (baseline !== "base-branch") return index.stages[baseline] ?? null;
  return index.recent.find(({ state }) => state === "available")?.version ?? null;
}
