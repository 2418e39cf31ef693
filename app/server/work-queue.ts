// Work begun by webhooks: one thing at a time per key (a repository), different keys side by side, and a way to wait for all of it.

export class WorkQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Number of keys with work under way. */
  get size(): number {
    return this.#tails.size;
  }

  /** Runs `work` after everything queued before it under the same key; it must not throw. */
  add(key: string, work: () => Promise<void>): void {
    const tail = (this.#tails.get(key) ?? Promise.resolve()).then(work);
    this.#tails.set(key, tail);
    void tail.finally(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
  }

  /** Resolves to true when nothing is under way any more, to false after `seconds`. */
  async drain(seconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), seconds * 1000);
    });
    const empty = (async () => {
      while (this.#tails.size > 0) await Promise.all(this.#tails.values());
      return true;
    })();
    const done = await Promise.race([empty, tooLate]);
    clearTimeout(timer);
    return done;
  }
}
