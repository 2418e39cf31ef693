// Sorts the numbers of columns on a thread of its own, so that one side is sorted while the other is still being read.
import { Worker } from "node:worker_threads";
import { ProviderError } from "../errors.ts";
import { findProgram } from "../host/find-program.ts";
import type { SampleDistances, SamplePair } from "../monitoring/column-pair.ts";
import { sortAndCompare } from "./sort-and-compare.ts";

export type NumbersByColumn = ReadonlyMap<string, Float64Array>;

/** What the thread is asked: to sort `values`, and to compare them with others that are sorted. */
export interface SortingOrder {
  readonly sorted: Float64Array | null;
  readonly values: Float64Array;
}

export interface SortingResult extends SortingOrder {
  readonly distances: SampleDistances | null;
}

export interface NumberSorter {
  /** Begins to sort all columns and returns at once. The arrays are handed over: what comes back lies in their memory. */
  readonly sortBeside: (numbers: NumbersByColumn) => Promise<NumbersByColumn>;
  /** Sorts `current` and compares it with the sorted reference, columns of both sides only; every second column on the caller's thread. */
  readonly pairColumns: (
    reference: NumbersByColumn,
    current: NumbersByColumn,
  ) => Promise<ReadonlyMap<string, SamplePair>>;
  /** Ends the thread, whatever it is at. */
  readonly close: () => Promise<void>;
}

/** A thread takes as long to start as half a million numbers take to be sorted. */
const fewestNumbers = 500_000;

/**
 * The thread starts with the first columns that are worth it; where its program is not at hand all is done by the caller's
 * thread. NaN must not occur. Promises reject with ProviderError when the thread dies.
 */
export function startNumberSorter(): NumberSorter {
  const program = findProgram("sorting");
  let thread: SortingThread | null = null;
  const work = async (orders: readonly SortingOrder[], isHere: (index: number) => boolean) => {
    const total = orders.reduce((sum, { values }) => sum + values.length, 0);
    if (total >= fewestNumbers && program) thread ??= startThread(program);
    const beside = thread;
    const away = orders.map((order, index) => (beside && !isHere(index) ? beside.ask(order) : null));
    const here = orders.map((order, index) => (away[index] ? null : sortAndCompare(order)));
    return Promise.all(orders.map(async (_, index) => here[index] ?? ((await away[index]) as SortingResult)));
  };
  return {
    sortBeside: (numbers) => {
      const orders = [...numbers.values()].map((values) => ({ sorted: null, values }));
      const sorting = work(orders, () => false).then(
        (results) => new Map([...numbers.keys()].map((name, index) => [name, results[index]?.values as Float64Array])),
      );
      // It is awaited when the other side was read, or never when that failed.
      sorting.catch(() => undefined);
      return sorting;
    },
    pairColumns: async (reference, current) => {
      const names = [...reference.keys()].filter((name) => current.has(name));
      const orders = names.map((name) => ({
        sorted: reference.get(name) as Float64Array,
        values: current.get(name) as Float64Array,
      }));
      const results = await work(orders, (index) => index % 2 === 1);
      return new Map(names.map((name, index) => [name, describePair(results[index] as SortingResult)]));
    },
    close: async () => thread?.close(),
  };
}

function describePair({ sorted, values, distances }: SortingResult): SamplePair {
  return { reference: sorted ?? new Float64Array(), current: values, ...(distances ? { distances } : {}) };
}

interface SortingThread {
  readonly ask: (order: SortingOrder) => Promise<SortingResult>;
  readonly close: () => Promise<void>;
}

/** Answers come in the order of the questions; whoever waits for a thread that ended, or asks it, is told so. */
function startThread(program: string): SortingThread {
  const worker = new Worker(program);
  const waiting: { resolve(result: SortingResult): void; reject(error: unknown): void }[] = [];
  let ended: ProviderError | null = null;
  const end = (cause?: unknown): void => {
    ended ??= new ProviderError(
      {
        message: "the thread that sorts the numbers ended before it was done",
        received: cause instanceof Error ? cause.message : "no reason",
        hint: "compare fewer columns at a time with --columns, or give the machine more memory",
      },
      { cause },
    );
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  worker.on("message", (result: SortingResult) => waiting.shift()?.resolve(result));
  worker.on("error", end);
  worker.on("exit", () => end());
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        waiting.push({ resolve, reject });
        const { sorted, values } = order;
        const memory = sorted ? [sorted.buffer, values.buffer] : [values.buffer];
        // Numbers read from data never lie in shared memory, which could not be handed over.
        worker.postMessage(order, memory as ArrayBuffer[]);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
