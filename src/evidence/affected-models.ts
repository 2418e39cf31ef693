// Which models a change concerns, by the `paths` of the base branch's config.
import picomatch from "picomatch";
import type { Config } from "../config/settings.ts";

/** A change to these concerns every model: they say how models are made and judged. */
const sharedPaths = [".github/modelgate.yml", "modelgate.lock"];

/** Names of the models concerned, in the config's order. `changedPaths` null (not known) concerns all. */
export function findAffectedModels(config: Config, changedPaths: readonly string[] | null): readonly string[] {
  if (changedPaths === null || changedPaths.some((path) => sharedPaths.includes(path)))
    return [...config.models.keys()];
  return [...config.models.values()]
    .filter((model) => {
      const matches = picomatch([...model.paths], { dot: true });
      return changedPaths.some((path) => matches(path));
    })
    .map((model) => model.name);
}
