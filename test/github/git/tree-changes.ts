// Which paths differ between two trees, without starting git.
import { isFolderMode, listFiles, readTree, type TreeEntry } from "./trees.ts";

export interface PathChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

/** Compares two trees; folders that are the same object are not opened. */
export function changedPaths(folder: string, before: string, after: string): PathChanges {
  const changes = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  compare(folder, before, after, "", changes);
  return changes;
}

function compare(
  folder: string,
  before: string,
  after: string,
  prefix: string,
  changes: { added: string[]; removed: string[]; modified: string[] },
): void {
  if (before === after) return;
  const old = new Map((readTree(folder, before) ?? []).map((entry) => [entry.name, entry]));
  for (const entry of readTree(folder, after) ?? []) {
    const known = old.get(entry.name);
    old.delete(entry.name);
    if (known?.sha === entry.sha && known.mode === entry.mode) continue;
    if (known !== undefined && isFolderMode(known.mode) && isFolderMode(entry.mode)) {
      compare(folder, known.sha, entry.sha, `${prefix}${entry.name}/`, changes);
    } else if (known !== undefined && !isFolderMode(known.mode) && !isFolderMode(entry.mode)) {
      changes.modified.push(prefix + entry.name);
    } else {
      if (known !== undefined) changes.removed.push(...filesOf(folder, known, prefix));
      changes.added.push(...filesOf(folder, entry, prefix));
    }
  }
  for (const entry of old.values()) changes.removed.push(...filesOf(folder, entry, prefix));
}

function filesOf(folder: string, entry: TreeEntry, prefix: string): string[] {
  const path = prefix + entry.name;
  return isFolderMode(entry.mode) ? listFiles(folder, entry.sha, `${path}/`).map((file) => file.path) : [path];
}
