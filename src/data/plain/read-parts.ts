// Threads that read a plain file at the same time, each a part.
import type { Worker } from "node:worker_threads";
import type { PlainAnswer, PlainOrder, PlainShard } from "./order.ts";
import type { ReadingThreads } from "./reading-threads.ts";

/**
 * What the threads counted; null as soon as one meets something odd. Throws when one dies, or there is none. Those it took are told to end, also when
 * `signal` is aborted.
 */
export async function readParts(
  threads: ReadingThreads,
  orders: readonly PlainOrder[],
  signal: AbortSignal,
): Promise<readonly PlainShard[] | null> {
  signal.throwIfAborted();
  const taken: Worker[] = [];
  const stop = (): void => taken.forEach(threads.stop);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (const order of orders) taken.push(threads.take(order));
    return await hearAll(taken);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** Settled as soon as one thread says something odd, or dies. */
function hearAll(threads: readonly Worker[]): Promise<readonly PlainShard[] | null> {
  return new Promise((resolve, reject) => {
    const shards: PlainShard[] = [];
    const take = (answer: PlainAnswer): void => {
      if (answer.kind === "odd") resolve(null);
      else if (shards.push(answer.shard) === threads.length) resolve(shards);
    };
    for (const thread of threads) hear(thread).then(take, reject);
  });
}

function hear(thread: Worker): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    // Also when it was stopped before it began.
    thread.once("exit", () => reject(new Error("a thread that reads text ended before it was done")));
  });
}
