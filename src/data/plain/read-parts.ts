// Threads that read a plain file at the same time, each a part.
import { Worker } from "node:worker_threads";
import type { PlainAnswer, PlainOrder, PlainShard } from "./order.ts";

/**
 * What the threads of `program` counted; null as soon as one meets something odd. Throws when one dies; none is left running, also
 * when `signal` is aborted.
 */
export async function readParts(
  program: string,
  orders: readonly PlainOrder[],
  signal: AbortSignal,
): Promise<readonly PlainShard[] | null> {
  signal.throwIfAborted();
  const threads = orders.map((order) => new Worker(program, { workerData: order }));
  const stop = (): void => {
    for (const thread of threads) void thread.terminate();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await hearAll(threads);
  } finally {
    signal.removeEventListener("abort", stop);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function hearAll(threads: readonly Worker[]): Promise<readonly PlainShard[] | null> {
  const shards: PlainShard[] = [];
  return new Promise((resolve, reject) => {
    for (const thread of threads) {
      thread.once("message", (answer: PlainAnswer) => {
        if (answer.kind === "odd") resolve(null);
        else if (shards.push(answer.shard) === threads.length) resolve(shards);
      });
      thread.once("error", reject);
      // After its message, which settles all, this no longer matters.
      thread.once(
        "exit",
        (code) => code !== 0 && reject(new Error("a thread that reads text ended before it was done")),
      );
    }
  });
}
