// Which models a change concerns: by the paths it touches, or because the settings or the pinned data of the model itself differ.
import picomatch from "picomatch";
import { sameValue } from "./config-diff.ts";
import type { Lock } from "./lock.ts";
import { configFileName } from "./parse.ts";
import { lockFileName } from "./parse-lock.ts";
import type { Config, ModelSettings } from "./settings.ts";

/** Config and lock of one side of a change. */
export interface Side {
  readonly config: Config;
  readonly lock: Lock;
}

/**
 * Names of the base's models that the change concerns, in the config's order, then models only the head has. `changedPaths` null (not
 * known) concerns all. `head` null (not read, or not readable): a change to the config or the lock concerns all.
 */
export function findAffectedModels(
  base: Side,
  head: Side | null,
  changedPaths: readonly string[] | null,
): readonly string[] {
  const known = [...base.config.models.values()];
  const added = [...(head?.config.models.keys() ?? [])].filter((name) => !base.config.models.has(name));
  if (changedPaths === null) return [...known.map(({ name }) => name), ...added];
  const shared = changedPaths.some((path) => path === configFileName || path === lockFileName);
  const concerned = known.filter((model) => {
    if (matchesPaths(model, changedPaths)) return true;
    return shared && (head === null || differs(model, base, head));
  });
  return [...concerned.map(({ name }) => name), ...added];
}

/** Whether a model's `paths` hold one of the changed paths; config and lock count only as far as they speak of the model. */
function matchesPaths(model: ModelSettings, changedPaths: readonly string[]): boolean {
  const matches = picomatch([...model.paths], { dot: true });
  return changedPaths.some((path) => path !== configFileName && path !== lockFileName && matches(path));
}

function differs(model: ModelSettings, base: Side, head: Side): boolean {
  return (
    !sameValue(model, head.config.models.get(model.name)) ||
    !sameValue(base.lock.models.get(model.name), head.lock.models.get(model.name))
  );
}
