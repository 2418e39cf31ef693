// Deliveries already taken: GitHub sends the same id again when somebody asks for a redelivery.

/** A bounded memory of delivery ids. Effects are repeatable all the same: this only spares work. */
export class DeliveryMemory {
  readonly #taken = new Map<string, number>();
  readonly #most: number;
  readonly #keptSeconds: number;

  /** Keeps at most `most` ids, each for `keptSeconds` (default: three days, GitHub's window for redelivery). */
  constructor(most = 50_000, keptSeconds = 3 * 24 * 3600) {
    this.#most = most;
    this.#keptSeconds = keptSeconds;
  }

  /** Takes the id; false when it is taken already. */
  take(id: string, now: Date): boolean {
    const at = now.getTime();
    const before = this.#taken.get(id);
    if (before !== undefined && at - before < this.#keptSeconds * 1000) return false;
    this.#taken.delete(id);
    this.#taken.set(id, at);
    for (const oldest of this.#taken.keys()) {
      if (this.#taken.size <= this.#most) break;
      this.#taken.delete(oldest);
    }
    return true;
  }

  /** Gives the id back after the work failed, so that a redelivery is worked on. */
  release(id: string): void {
    this.#taken.delete(id);
  }
}
