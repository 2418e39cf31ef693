// The project's own programs that run beside the command: processes and threads of their own.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Where `name` (as `scripts/build.mjs` calls it) was built to: beside the bundle of the actions, beside the command or its
 * chunks, or in `dist/` when the sources run. Null where this installation does not carry it.
 */
export function findProgram(name: string): string | null {
  // The actions' bundle has measuring of its own beside it; threads are one file for all.
  const places = [`./${name}.cjs`, `./${name}.mjs`, `../${name}.mjs`, `../${name}.cjs`];
  const built = [`../../dist/${name}.mjs`, `../../dist/${name}.cjs`];
  return (
    [...places, ...built]
      .map((place) => fileURLToPath(new URL(place, import.meta.url)))
      .find((path) => existsSync(path)) ?? null
  );
}
