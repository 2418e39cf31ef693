// The project's own files as the meta-tests see them.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** Paths (relative, `/`) of files in the work tree that git tracks or would track, matching `pattern`. */
export function listFiles(pattern: RegExp): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\n").filter((path) => pattern.test(path) && existsSync(join(root, path)));
}

export function readSource(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** What a file imports: packages by name, own files as paths relative to the root; type-only imports are marked. */
export function listImports(path: string): { target: string; typeOnly: boolean; lazy: boolean }[] {
  const source = readSource(path);
  const found: { target: string; typeOnly: boolean; lazy: boolean }[] = [];
  const statics = /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm;
  for (const [, type, target] of source.matchAll(statics)) {
    found.push({ target: locate(path, target ?? ""), typeOnly: type !== undefined, lazy: false });
  }
  for (const [, target] of source.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) {
    found.push({ target: locate(path, target ?? ""), typeOnly: false, lazy: true });
  }
  return found;
}

function locate(path: string, target: string): string {
  return target.startsWith(".") ? relative(root, resolve(root, dirname(path), target)) : target;
}
