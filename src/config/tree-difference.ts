// Whether two commits are the same as far as a model goes: what its paths hold, the lock and the config.
import picomatch from "picomatch";
import { configFileName } from "./parse.ts";
import { lockFileName } from "./parse-lock.ts";

/** Every file of a commit: path → what git calls its content, mode included. */
export type TreeFiles = ReadonlyMap<string, string>;

/** The first path, in order, that concerns the model and is not the same on both sides; null when there is none. */
export function findTreeDifference(paths: readonly string[], one: TreeFiles, other: TreeFiles): string | null {
  const matches = picomatch([...paths], { dot: true });
  const concerns = (path: string) => path === configFileName || path === lockFileName || matches(path);
  const differing = [...new Set([...one.keys(), ...other.keys()])].filter(
    (path) => concerns(path) && one.get(path) !== other.get(path),
  );
  return differing.sort()[0] ?? null;
}
