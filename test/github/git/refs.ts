// Refs of one bare repository: read, listed, and moved by compare-and-swap under git's own lock files.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

export const zeroSha = "0".repeat(40);

export interface Ref {
  /** Full name, `refs/heads/main`. */
  readonly name: string;
  readonly sha: string;
}

/** The ref's object, or undefined. */
export function readRef(folder: string, name: string): string | undefined {
  if (!isRefName(name)) return undefined;
  const file = join(folder, name);
  const text = readIfFile(file);
  return text === undefined ? readPackedRefs(folder).get(name) : text.trim();
}

/** All refs whose full name starts with `prefix`, sorted by name. */
export function listRefs(folder: string, prefix = "refs/"): Ref[] {
  const found = new Map(readPackedRefs(folder));
  const walk = (name: string): void => {
    const path = join(folder, name);
    if (!existsSync(path)) return;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = `${name}/${entry.name}`;
      if (entry.isDirectory()) walk(child);
      else if (!entry.name.endsWith(".lock")) found.set(child, readFileSync(join(folder, child), "utf8").trim());
    }
  };
  walk("refs");
  return [...found]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, sha]) => ({ name, sha }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Moves `name` from `before` (undefined: it must not exist) to `after` (undefined: it goes). Returns false, and changes nothing, when
 * it is not at `before` any more or another process holds its lock.
 */
export function moveRef(folder: string, name: string, before: string | undefined, after: string | undefined): boolean {
  const file = join(folder, name);
  const lock = `${file}.lock`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(lock, "wx");
    if (after !== undefined) writeSync(descriptor, `${after}\n`);
    closeSync(descriptor);
  } catch (error) {
    if (["EEXIST", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
  try {
    if (readRef(folder, name) !== before) return false;
    if (after === undefined) {
      dropPackedRef(folder, name);
      rmSync(file, { force: true });
    } else {
      if (isFolder(file)) removeEmptyFolders(file);
      renameSync(lock, file);
    }
    return true;
  } catch (error) {
    if (["EISDIR", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Puts `name` at `after` wherever it is now; for refs that nobody else moves. */
export function setRef(folder: string, name: string, after: string | undefined): void {
  moveRef(folder, name, readRef(folder, name), after);
}

/** Git's rules for names of refs, in short. */
export function isRefName(name: string): boolean {
  return (
    /^refs\/[^/]+(\/[^/]+)*$/.test(name) &&
    !name.includes("..") &&
    !name.includes("@{") &&
    !name.endsWith(".") &&
    !name.split("/").some((part) => part.startsWith(".") || part.endsWith(".lock")) &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them in names
    !/[\u0000-\u0020\u007f~^:?*[\\]/.test(name)
  );
}

function readIfFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "EISDIR", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function isFolder(file: string): boolean {
  try {
    readdirSync(file);
    return true;
  } catch {
    return false;
  }
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

function readPackedRefs(folder: string): Map<string, string> {
  const refs = new Map<string, string>();
  const file = join(folder, "packed-refs");
  if (!existsSync(file)) return refs;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (/^[0-9a-f]{40} /.test(line)) refs.set(line.slice(41), line.slice(0, 40));
  }
  return refs;
}

function dropPackedRef(folder: string, name: string): void {
  const refs = readPackedRefs(folder);
  if (!refs.delete(name)) return;
  const lines = [...refs].map(([ref, sha]) => `${sha} ${ref}\n`);
  const descriptor = openSync(join(folder, "packed-refs.new"), "w");
  writeSync(descriptor, lines.join(""));
  closeSync(descriptor);
  renameSync(join(folder, "packed-refs.new"), join(folder, "packed-refs"));
}
