// Three-way merge of trees, path by path; contents that changed on both sides go through `git merge-file`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitEnvironment } from "./environment.ts";
import { readContent, writeObject } from "./objects.ts";
import { changeTree, listFiles, type PathChange, type TreeFile } from "./trees.ts";

export type MergeOutcome =
  | { readonly merged: true; readonly tree: string }
  | { readonly merged: false; readonly conflicts: readonly string[] };

/** Applies to `ours` what `theirs` changed since `base` (all tree names). */
export function mergeTrees(folder: string, base: string, ours: string, theirs: string): MergeOutcome {
  if (theirs === base) return { merged: true, tree: ours };
  if (ours === base) return { merged: true, tree: theirs };
  const before = byPath(listFiles(folder, base));
  const mine = byPath(listFiles(folder, ours));
  const changes: PathChange[] = [];
  const conflicts: string[] = [];
  const other = byPath(listFiles(folder, theirs));
  for (const path of new Set([...before.keys(), ...other.keys()])) {
    const [old, our, their] = [before.get(path), mine.get(path), other.get(path)];
    if (same(old, their) || same(our, their)) continue;
    if (same(old, our)) {
      changes.push({ path, entry: their === undefined ? null : { mode: their.mode, sha: their.sha } });
      continue;
    }
    const content = our && their && mergeContents(folder, old, our, their);
    if (our === undefined || their === undefined || content === undefined) conflicts.push(path);
    else changes.push({ path, entry: { mode: their.mode === old?.mode ? our.mode : their.mode, sha: content } });
  }
  const clash = changes.find(({ path, entry }) => entry !== null && blocksPath(mine, path, changes));
  if (clash !== undefined) conflicts.push(clash.path);
  if (conflicts.length > 0) return { merged: false, conflicts };
  return { merged: true, tree: changeTree(folder, ours, changes) };
}

/** The merged blob, or undefined when the two do not fit. */
function mergeContents(folder: string, old: TreeFile | undefined, our: TreeFile, their: TreeFile): string | undefined {
  const read = (file: TreeFile | undefined): Buffer | undefined =>
    file === undefined ? Buffer.alloc(0) : readContent(folder, file.sha, "blob");
  const contents = [read(our), read(old), read(their)];
  if (contents.some((content) => content === undefined || content.subarray(0, 8000).includes(0))) return undefined;
  const temporary = mkdtempSync(join(tmpdir(), "merge-file-"));
  try {
    const files = ["ours", "base", "theirs"].map((name) => join(temporary, name));
    files.forEach((file, index) => {
      writeFileSync(file, contents[index] ?? "");
    });
    const result = spawnSync("git", ["merge-file", "-p", "-q", ...files], {
      maxBuffer: 1024 ** 3,
      env: gitEnvironment(),
    });
    return result.status === 0 ? writeObject(folder, "blob", result.stdout) : undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Whether a file of ours stands where the path needs a folder, or the other way round. */
function blocksPath(mine: ReadonlyMap<string, TreeFile>, path: string, changes: readonly PathChange[]): boolean {
  const removed = new Set(changes.filter(({ entry }) => entry === null).map((change) => change.path));
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const parent = parts.slice(0, length).join("/");
    if (mine.has(parent) && !removed.has(parent)) return true;
  }
  for (const existing of mine.keys()) {
    if (existing.startsWith(`${path}/`) && !removed.has(existing)) return true;
  }
  return false;
}

function byPath(files: readonly TreeFile[]): Map<string, TreeFile> {
  return new Map(files.map((file) => [file.path, file]));
}

function same(one: TreeFile | undefined, other: TreeFile | undefined): boolean {
  return one?.sha === other?.sha && one?.mode === other?.mode;
}
