// Which models a change concerns when only the base branch's config is at hand, as for the reader of evidence.
import { findAffectedModels as findAffected } from "../config/affected.ts";
import { emptyLock } from "../config/parse-lock.ts";
import type { Config } from "../config/settings.ts";

/**
 * Names of the models concerned, in the config's order: a change to the config or the lock concerns every model, since they say how
 * models are made and judged. `changedPaths` null (not known) concerns all.
 */
export function findAffectedModels(config: Config, changedPaths: readonly string[] | null): readonly string[] {
  return findAffected({ config, lock: emptyLock }, null, changedPaths);
}
