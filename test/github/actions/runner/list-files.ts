// Finds files by the patterns that `path:` inputs and hashFiles() take.
import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import picomatch from "picomatch";

export interface FoundFiles {
  readonly files: readonly string[];
  /** Deepest folder that holds every place searched: paths inside an artifact are relative to it. */
  readonly root: string;
}

/** Files under each pattern (a file, a folder with all below it, or a glob), less those of `!` patterns, sorted. */
export function findFiles(patterns: readonly string[], folder: string, options: { hidden: boolean }): FoundFiles {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!")).map((pattern) => resolve(folder, pattern));
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith("!"))
    .map((pattern) => resolve(folder, pattern.slice(1)));
  const excluded = unwanted.flatMap((pattern) => [pattern, `${pattern}/**`]);
  const isExcluded = excluded.length === 0 ? () => false : picomatch([...excluded], { dot: true });
  const found = new Set(
    wanted.flatMap((pattern) => listMatches(pattern, options.hidden)).filter((file) => !isExcluded(file)),
  );
  const files = [...found].sort();
  return { files, root: findRoot(wanted, files) };
}

function listMatches(pattern: string, hidden: boolean): readonly string[] {
  const base = globBase(pattern);
  const kind = statSync(base, { throwIfNoEntry: false });
  if (kind === undefined) return [];
  if (base === pattern && kind.isFile()) return [pattern];
  const below = listTree(base).filter((file) => hidden || !isHidden(file.slice(base.length)));
  if (base === pattern) return below;
  const matches = picomatch([pattern, `${pattern}/**`], { dot: hidden });
  return below.filter((file) => matches(file));
}

function listTree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith("."));
}

/** The part of a pattern before its first wildcard, as a folder; the pattern itself when it has none. */
function globBase(pattern: string): string {
  const parts = pattern.split(sep);
  const wild = parts.findIndex((part) => /[*?[\]{}]/.test(part));
  return wild < 0 ? pattern : parts.slice(0, wild).join(sep) || sep;
}

function findRoot(places: readonly string[], files: readonly string[]): string {
  const bases = places.map((place) => {
    const base = globBase(place);
    return files.includes(base) ? dirname(base) : base;
  });
  if (bases.length === 0) return sep;
  const [first, ...rest] = bases.map((base) => base.split(sep));
  const shared = first!.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return (shared < 0 ? first! : first!.slice(0, shared)).join(sep) || sep;
}
