// Trees: parse, write, look up a path, and make a new tree from an old one with some paths changed.
import { readContent, writeObject } from "./objects.ts";

export interface TreeEntry {
  /** Octal, without leading zero for folders: `40000`, `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  readonly name: string;
  readonly sha: string;
}

export interface TreeFile {
  /** Path from the root, with slashes. */
  readonly path: string;
  readonly mode: string;
  readonly sha: string;
}

export const emptyTreeSha = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export function isFolderMode(mode: string): boolean {
  return mode === "40000" || mode === "040000";
}

/** What kind of object a mode stands for. */
export function typeOfMode(mode: string): "tree" | "commit" | "blob" {
  if (isFolderMode(mode)) return "tree";
  return mode === "160000" ? "commit" : "blob";
}

/** The entries of a tree; undefined when there is no such tree. */
export function readTree(folder: string, sha: string): TreeEntry[] | undefined {
  if (sha === emptyTreeSha) return [];
  const content = readContent(folder, sha, "tree");
  if (content === undefined) return undefined;
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const zero = content.indexOf(0, space);
    entries.push({
      mode: content.subarray(at, space).toString("latin1"),
      name: content.subarray(space + 1, zero).toString("utf8"),
      sha: content.subarray(zero + 1, zero + 21).toString("hex"),
    });
    at = zero + 21;
  }
  return entries;
}

/** Writes a tree; entries may come in any order. */
export function writeTree(folder: string, entries: readonly TreeEntry[]): string {
  const sortKey = (entry: TreeEntry): Buffer => Buffer.from(isFolderMode(entry.mode) ? `${entry.name}/` : entry.name);
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const parts = sorted.flatMap((entry) => [
    Buffer.from(`${entry.mode.replace(/^0+/, "")} ${entry.name}\0`),
    Buffer.from(entry.sha, "hex"),
  ]);
  return writeObject(folder, "tree", Buffer.concat(parts));
}

/** The entry at `path`; undefined when there is none. The root is a folder with an empty name. */
export function findEntry(folder: string, treeSha: string, path: string): TreeEntry | undefined {
  let entry: TreeEntry = { mode: "40000", name: "", sha: treeSha };
  for (const part of path.split("/").filter((text) => text !== "")) {
    if (!isFolderMode(entry.mode)) return undefined;
    const next = readTree(folder, entry.sha)?.find((candidate) => candidate.name === part);
    if (next === undefined) return undefined;
    entry = next;
  }
  return entry;
}

/** Every file below a tree by path, submodules included, folders not. */
export function listFiles(folder: string, treeSha: string, prefix = ""): TreeFile[] {
  return (readTree(folder, treeSha) ?? []).flatMap((entry) =>
    isFolderMode(entry.mode)
      ? listFiles(folder, entry.sha, `${prefix}${entry.name}/`)
      : [{ path: prefix + entry.name, mode: entry.mode, sha: entry.sha }],
  );
}

/** A path and what shall be there: an object, or null for nothing. */
export interface PathChange {
  readonly path: string;
  readonly entry: { readonly mode: string; readonly sha: string } | null;
}

/** The tree that results when `changes` are made to `treeSha`; folders that become empty go. */
export function changeTree(folder: string, treeSha: string, changes: readonly PathChange[]): string {
  const entries = new Map((readTree(folder, treeSha) ?? []).map((entry) => [entry.name, entry]));
  const deeper = new Map<string, PathChange[]>();
  for (const change of changes) {
    const slash = change.path.indexOf("/");
    if (slash < 0) {
      if (change.entry === null) entries.delete(change.path);
      else entries.set(change.path, { name: change.path, mode: change.entry.mode, sha: change.entry.sha });
      continue;
    }
    const name = change.path.slice(0, slash);
    const list = deeper.get(name) ?? [];
    list.push({ ...change, path: change.path.slice(slash + 1) });
    deeper.set(name, list);
  }
  for (const [name, list] of deeper) {
    const before = entries.get(name);
    const sha = changeTree(folder, before && isFolderMode(before.mode) ? before.sha : emptyTreeSha, list);
    if (sha === emptyTreeSha) entries.delete(name);
    else entries.set(name, { name, mode: "40000", sha });
  }
  return entries.size === 0 ? writeTree(folder, []) : writeTree(folder, [...entries.values()]);
}
