// The threads that read plain files. They take longer to start than a file takes to be looked at, and so are started before.
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { findProgram } from "../../host/find-program.ts";
import { startThread } from "../../host/start-thread.ts";
import type { PlainOrder } from "./order.ts";

/** More threads read no faster than a disk, and each has tables of its own. */
const mostThreads = 4;

/** How many threads read a file where so many sources are read at once. */
export function countReaders(atOnce = 1): number {
  return Math.min(mostThreads, Math.max(1, Math.floor(availableParallelism() / atOnce)));
}

/** What such a thread runs; null where this installation does not carry it. */
export function findReadingProgram(): string | null {
  return findProgram("reading");
}

export interface ReadingThreads {
  /** Settled when all that were started have an order; never where one is not needed. */
  readonly allTaken: Promise<void>;
  /**
   * Gives an order to a thread that was started before, or else to a new one. It answers it, and does nothing more. Throws when the
   * system gives none.
   */
  readonly take: (order: PlainOrder) => Worker;
  /** Ends a thread that was taken, without waiting for its end. */
  readonly stop: (thread: Worker) => void;
  /** Ends up to so many that were not taken, likewise: a file for them is read otherwise. */
  readonly stopSpare: (count: number) => void;
  /** Ends all, and waits for it: none is left running. */
  readonly end: () => Promise<void>;
}

/** `count` threads that wait for orders, or as many as the system gives. Whoever starts them ends them. */
export function startReadingThreads(program: string, count: number): ReadingThreads {
  const spare = new Set<Worker>();
  const taken = new Set<Worker>();
  const ending: Promise<unknown>[] = [];
  let tellTaken: () => void = () => undefined;
  const allTaken = new Promise<void>((resolve) => {
    tellTaken = resolve;
  });
  const stop = (thread: Worker): void => {
    if (spare.delete(thread) || taken.delete(thread)) ending.push(thread.terminate());
  };
  const stopAll = (threads: ReadonlySet<Worker>): void => {
    for (const thread of [...threads]) stop(thread);
  };
  const start = (): Worker => {
    const thread = startThread(program, null);
    spare.add(thread);
    // One that cannot even wait is no help; the next says why.
    thread.on("error", () => spare.delete(thread));
    thread.once("exit", () => spare.delete(thread));
    return thread;
  };
  try {
    for (let i = 0; i < count; i++) start();
  } catch {
    // Whoever takes one more hears that there is none.
  }
  return {
    allTaken,
    take: (order) => {
      const [thread = start()] = spare;
      spare.delete(thread);
      taken.add(thread);
      thread.postMessage(order);
      if (spare.size === 0) tellTaken();
      return thread;
    },
    stop,
    stopSpare: (most) => [...spare].slice(0, most).forEach(stop),
    end: async () => {
      stopAll(spare);
      stopAll(taken);
      await Promise.all(ending);
    },
  };
}
