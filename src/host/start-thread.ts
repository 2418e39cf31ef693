// Starts a thread of the project's own.
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";

/**
 * A thread that runs `program` with `order` as its data. Functions of threads are compiled on the thread itself: Node 20 does not wait for the compilers
 * beside a thread that ends, and aborts or hangs, once in some hundred runs, when one is still at work (nodejs/node#54918).
 */
export function startThread(program: string, order: unknown): Worker {
  // Decides about isolates that begin from now on; that of the main thread has its compilers already.
  setFlagsFromString("--no-concurrent-recompilation");
  return new Worker(program, { workerData: order });
}
