// What the server works out of git's objects itself is what git says: ancestors, merge bases, ranges, merged trees.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { globMatches } from "../github/changes/ref-rules.ts";
import { commitsBetween, isAncestor, mergeBase, writeCommit } from "../github/git/commits.ts";
import { createGitHost } from "../github/git/host.ts";
import { writeObject } from "../github/git/objects.ts";
import { changedPaths } from "../github/git/tree-changes.ts";
import { changeTree, emptyTreeSha } from "../github/git/trees.ts";

const root = mkdtempSync(join(tmpdir(), "history-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const host = createGitHost(root);
host.create(1, "main");
const folder = host.folder(1);

function git(...words: string[]): string {
  return execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" }).trim();
}

const person = { name: "Ada", email: "ada@example.com", date: "2026-01-02T03:04:05Z" };
let commits = 0;

/** A history in which every commit was made in the same second. */
function makeHistory(parentsOf: readonly (readonly number[])[]): string[] {
  const shas: string[] = [];
  for (const choices of parentsOf) {
    const parents = [...new Set(choices.flatMap((choice) => shas[choice % Math.max(1, shas.length)] ?? []))];
    commits += 1;
    const message = `commit ${commits}`;
    shas.push(writeCommit(folder, { tree: emptyTreeSha, parents, author: person, committer: person, message }));
  }
  return shas;
}
writeObject(folder, "tree", Buffer.alloc(0));

describe("history", () => {
  test("ancestors, merge bases and ranges are git's", () => {
    const history = fc.array(fc.array(fc.nat(20), { minLength: 0, maxLength: 2 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(), (parentsOf, first, second) => {
        const shas = makeHistory(parentsOf);
        const [one, other] = [shas[first % shas.length]!, shas[second % shas.length]!];
        const bases = spawnSync("git", ["-C", folder, "merge-base", "--all", one, other], {
          encoding: "utf8",
        }).stdout.trim();
        const base = mergeBase(folder, one, other);
        if (bases === "") expect(base).toBeUndefined();
        else expect(bases.split("\n")).toContain(base);
        expect(isAncestor(folder, one, other)).toBe(bases === one);
        const range = git("rev-list", other, `^${one}`).split("\n").filter(Boolean).sort();
        expect(
          commitsBetween(folder, one, other)
            .map((commit) => commit.sha)
            .sort(),
        ).toEqual(range);
      }),
      { numRuns: 25 },
    );
  });

  test("trees that are changed path by path are sound, and differ where git says", () => {
    const blob = (text: string) => ({ mode: "100644", sha: writeObject(folder, "blob", Buffer.from(text)) });
    const paths = ["a", "a-b", "a.b", "d/e", "d/f/g", "d-e", "z/y/x/w"];
    const before = changeTree(
      folder,
      emptyTreeSha,
      paths.map((path) => ({ path, entry: blob(path) })),
    );
    const after = changeTree(folder, before, [
      { path: "a", entry: null },
      { path: "a/now-a-folder", entry: blob("new") },
      { path: "d/f/g", entry: blob("other") },
      { path: "z/y/x/w", entry: null },
    ]);
    expect(changedPaths(folder, before, after)).toEqual({
      added: ["a/now-a-folder"],
      removed: ["a", "z/y/x/w"],
      modified: ["d/f/g"],
    });
    expect(git("diff-tree", "-r", "--name-status", before, after).split("\n").sort()).toEqual([
      "A\ta/now-a-folder",
      "D\ta",
      "D\tz/y/x/w",
      "M\td/f/g",
    ]);
    expect(spawnSync("git", ["-C", folder, "fsck", "--strict"], { encoding: "utf8" }).stderr).not.toMatch(
      /error|fatal/,
    );
  });
});

test.each([
  ["refs/heads/main", "refs/heads/main", true],
  ["refs/heads/*", "refs/heads/main", true],
  ["refs/heads/*", "refs/heads/modelgate/ledger", false],
  ["refs/heads/**/*", "refs/heads/modelgate/ledger", true],
  ["refs/heads/**/*", "refs/heads/main", true],
  ["refs/tags/rain@*", "refs/tags/rain@1.0.0", true],
  ["refs/tags/v?", "refs/tags/v1", true],
  ["refs/tags/v?", "refs/tags/v10", false],
  ["refs/heads/a.b", "refs/heads/axb", false],
])("the pattern %s names %s: %s", (pattern, name, expected) => {
  expect(globMatches(pattern, name)).toBe(expected);
});
