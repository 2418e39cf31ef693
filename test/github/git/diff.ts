// What differs between two trees or commits, file by file, with patches, as git itself sees it.
import { execFileSync } from "node:child_process";
import { gitEnvironment } from "./environment.ts";

export interface FileDifference {
  readonly path: string;
  /** Of a renamed file. */
  readonly previousPath: string | null;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  /** The blob after the change; of a removed file, before it. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Hunks without the file header; null for binary files and pure renames. */
  readonly patch: string | null;
}

const maxOutputBytes = 256 * 1024 * 1024;
const statusWords: Readonly<Record<string, FileDifference["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** Two commits or trees of one repository; sorted by path. */
export function diffTrees(folder: string, before: string, after: string): FileDifference[] {
  if (before === after) return [];
  const output = runGit(folder, [
    "diff",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "-M",
    "--full-index",
    "--raw",
    "-p",
    "-z",
    before,
    after,
  ]);
  const { entries, rest } = parseRaw(output);
  const sections = rest === "" ? [] : rest.split(/^(?=diff --git )/m).filter((text) => text.startsWith("diff --git "));
  return entries.map((entry, index) => ({ ...entry, ...parseSection(sections[index] ?? "") }));
}

/** The whole difference as one text, as `Accept: application/vnd.github.diff` asks for it. */
export function diffText(folder: string, before: string, after: string): string {
  return runGit(folder, ["diff", "--no-color", "--no-ext-diff", "-M", before, after]);
}

function runGit(folder: string, words: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...words], {
    encoding: "utf8",
    maxBuffer: maxOutputBytes,
    stdio: ["ignore", "pipe", "pipe"],
    env: gitEnvironment(),
  });
}

type Entry = Pick<FileDifference, "path" | "previousPath" | "status" | "sha">;

function parseRaw(output: string): { entries: Entry[]; rest: string } {
  const entries: Entry[] = [];
  let at = 0;
  const take = (): string => {
    const end = output.indexOf("\0", at);
    const text = output.slice(at, end);
    at = end + 1;
    return text;
  };
  while (output[at] === ":") {
    const [, , before = "", after = "", letter = ""] = take().split(" ");
    const kind = letter[0] ?? "M";
    const first = take();
    const renamed = kind === "R" || kind === "C";
    const path = renamed ? take() : first;
    const status = statusWords[kind] ?? "modified";
    entries.push({ path, previousPath: renamed ? first : null, status, sha: status === "removed" ? before : after });
  }
  return { entries, rest: output.slice(at).replace(/^\0/, "") };
}

function parseSection(section: string): Pick<FileDifference, "additions" | "deletions" | "patch"> {
  const start = section.search(/^@@ /m);
  if (start < 0) return { additions: 0, deletions: 0, patch: null };
  const patch = section.slice(start).replace(/\n$/, "");
  const lines = patch.split("\n");
  return {
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
    patch,
  };
}
