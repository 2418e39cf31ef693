// Compares the numbers of columns, the caller's thread and one of its own taking turns.
import { Worker } from "node:worker_threads";
import { ProviderError } from "../errors.ts";
import { findProgram } from "../host/find-program.ts";
import type { SampleDistances, SamplePair } from "../monitoring/column-pair.ts";
import { createSamplePair, measureUnsorted } from "../monitoring/sample-distances.ts";

/** Without missing ones, in any order. */
export type NumbersByColumn = ReadonlyMap<string, Float64Array>;

/** The numbers of one column on both sides, handed to the thread and back. */
export interface ComparisonOrder {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

export interface ComparisonResult extends ComparisonOrder {
  readonly distances: SampleDistances;
}

/** A thread takes as long to start as half a million numbers take to be compared. */
const fewestNumbers = 500_000;

/**
 * Pairs of the columns that both sides have. Where the thread's program is not at hand all is done by the caller's. The
 * arrays may have been handed over: only those of the pairs are to be read. ProviderError when the thread dies.
 */
export async function compareSamples(
  reference: NumbersByColumn,
  current: NumbersByColumn,
): Promise<ReadonlyMap<string, SamplePair>> {
  const names = [...reference.keys()].filter((name) => current.has(name));
  const orders = names.map((name) => ({
    reference: reference.get(name) as Float64Array,
    current: current.get(name) as Float64Array,
  }));
  const total = orders.reduce((sum, order) => sum + order.reference.length + order.current.length, 0);
  const program = total >= fewestNumbers ? findProgram("comparing") : null;
  const thread = program === null ? null : startThread(program);
  try {
    const away = orders.map((order, index) => (thread && index % 2 === 0 ? thread.ask(order) : null));
    const here = orders.map((order, index) => (away[index] ? null : compareOne(order)));
    const results = await Promise.all(
      orders.map(async (_, index) => here[index] ?? ((await away[index]) as ComparisonResult)),
    );
    return new Map(
      results.map((result, index) => [
        names[index] as string,
        createSamplePair(result.reference, result.current, result.distances),
      ]),
    );
  } finally {
    await thread?.close();
  }
}

/** One column: what the thread does. */
export function compareOne(order: ComparisonOrder): ComparisonResult {
  return { ...order, distances: measureUnsorted(order.reference, order.current) };
}

interface ComparingThread {
  readonly ask: (order: ComparisonOrder) => Promise<ComparisonResult>;
  readonly close: () => Promise<void>;
}

/** Answers come in the order of the questions; whoever waits for a thread that ended, or asks it, is told so. */
function startThread(program: string): ComparingThread {
  const worker = new Worker(program);
  const waiting: { resolve(result: ComparisonResult): void; reject(error: unknown): void }[] = [];
  let ended: ProviderError | null = null;
  const end = (cause?: unknown): void => {
    ended ??= new ProviderError(
      {
        message: "the thread that compares the numbers ended before it was done",
        received: cause instanceof Error ? cause.message : "no reason",
        hint: "compare fewer columns at a time with --columns, or give the machine more memory",
      },
      { cause },
    );
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  worker.on("message", (result: ComparisonResult) => waiting.shift()?.resolve(result));
  worker.on("error", end);
  worker.on("exit", () => end());
  return {
    ask: (order) => {
      const asked = new Promise<ComparisonResult>((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        waiting.push({ resolve, reject });
        // Numbers read from data never lie in shared memory, which could not be handed over.
        worker.postMessage(order, [order.reference.buffer, order.current.buffer] as ArrayBuffer[]);
      });
      // It is awaited when the caller's own columns are done.
      asked.catch(() => undefined);
      return asked;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
