// A ledger in memory with the semantics of the one on GitHub: commits that chain, trees that accumulate, a head that moves
// only from what was read.
import { gitBlobId, sha256Hex } from "../../src/json/digest.ts";
import type { AppendResult, LedgerCommit, LedgerFile, LedgerPort } from "../../src/registry/ledger.ts";
import type { Faults } from "./faults.ts";

export class MemoryLedger implements LedgerPort {
  head: string | null = null;
  readonly commits = new Map<string, LedgerCommit>();
  readonly trees = new Map<string, ReadonlyMap<string, string>>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async readHead(): Promise<LedgerCommit | null> {
    return this.#faults.call("readHead", () => this.#commit(this.head));
  }

  async readFile(path: string, commit?: string): Promise<string | null> {
    return this.#faults.call("readFile", () => this.#tree(commit ?? this.head).get(path) ?? null);
  }

  async readTogether(paths: readonly string[]) {
    return this.#faults.call("readTogether", () => {
      const tree = this.#tree(this.head);
      const found = paths.flatMap((path): [string, string][] => {
        const content = tree.get(path);
        return content === undefined ? [] : [[path, content]];
      });
      return { head: this.#commit(this.head), files: new Map(found) };
    });
  }

  async listFolder(path: string, commit: string): Promise<readonly string[]> {
    const below = [...this.#tree(commit).keys()].filter((each) => each.startsWith(`${path}/`));
    return [...new Set(below.map((each) => each.slice(path.length + 1).split("/")[0] ?? ""))];
  }

  async append(head: LedgerCommit | null, message: string, files: readonly LedgerFile[]): Promise<AppendResult> {
    return this.#faults.call("append", () => {
      if ((head?.commit ?? null) !== this.head) return { outcome: "moved" };
      return { outcome: "appended", head: this.write(this.head, message, files) };
    });
  }

  async readCommits(head: LedgerCommit): Promise<readonly LedgerCommit[]> {
    const list: LedgerCommit[] = [];
    for (let at = this.#commit(head.commit); at !== null; at = this.#commit(at.parent)) list.unshift(at);
    return list;
  }

  async readCommitsBack(commit: string, count: number): Promise<readonly LedgerCommit[]> {
    const list: LedgerCommit[] = [];
    for (let at = this.#commit(commit); at !== null && list.length < count; at = this.#commit(at.parent)) list.push(at);
    return list;
  }

  async readFileIds(commit: string): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.#tree(commit)].map(([path, content]) => [path, gitBlobId(content)]));
  }

  /** Somebody with push rights writes what they like; the head moves there. `content` null deletes a file. */
  write(
    parent: string | null,
    message: string,
    files: readonly { readonly path: string; readonly content: string | null }[],
  ): LedgerCommit {
    const tree = new Map(this.#tree(parent));
    for (const { path, content } of files)
      if (content === null) tree.delete(path);
      else tree.set(path, content);
    const commit = sha256Hex(JSON.stringify([parent, message, [...tree]])).slice(0, 40);
    const made = { commit, parent, parents: parent === null ? 0 : 1, message, author: null };
    this.commits.set(commit, made);
    this.trees.set(commit, tree);
    this.head = commit;
    return made;
  }

  #commit(sha: string | null): LedgerCommit | null {
    return sha === null ? null : (this.commits.get(sha) ?? null);
  }

  #tree(sha: string | null): ReadonlyMap<string, string> {
    return (sha === null ? undefined : this.trees.get(sha)) ?? new Map();
  }
}
