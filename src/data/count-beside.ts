// Counts numbers on a second thread, while this one is handed them by the engine.
import { setTimeout } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { type ErrorFamily, InputError, type Problem, ProviderError } from "../errors.ts";
import { findProgram } from "../host/find-program.ts";
import { startThread } from "../host/start-thread.ts";
import { type BinCount, createBinCounter } from "../monitoring/bin-counter.ts";
import { createRowSampler, type RowSample } from "../monitoring/row-sample.ts";
import { shareKernelMemory } from "../statistics/kernel-memory.ts";
import { countingEnded, createRing, emptyRing, failRing, fillRing, type Ring } from "./counting-ring.ts";
import type { Engine } from "./engine.ts";
import { mostVisited, type NumberTaker, type NumberTerm } from "./visit-numbers.ts";

const answerMilliseconds = 1000;

/** What the thread is asked. */
export interface CountingOrder {
  readonly ring: Ring;
  readonly isSketched: boolean;
  /** So many columns, the first ones, are sampled by rows; 0 or 1 for none. */
  readonly related: number;
}

export interface NumbersCounted {
  readonly columns: readonly BinCount[];
  readonly sample: RowSample;
}

export type CountingAnswer =
  /** Before it counts. */
  | { readonly ready: true }
  | { readonly counted: NumbersCounted }
  | { readonly family: ErrorFamily; readonly problems: readonly Problem[] };

export interface CountingThread {
  /** False where it could not be started. */
  readonly isReady: Promise<boolean>;
  readonly taker: NumberTaker;
  /** What was counted, after the last rows. Rejects with what went wrong on the thread. */
  readonly finish: () => Promise<NumbersCounted>;
  /** Ends the thread, whatever it does. */
  readonly end: () => Promise<void>;
  /** What went wrong on the thread, where `error` is that it takes no more rows; else `error`. */
  readonly explain: (error: unknown) => Promise<unknown>;
}

/** Starts a thread for columns of which some hold integers; null where this installation does not carry its program, or the system gives none. */
export function startCounting(integers: readonly boolean[], asked: Omit<CountingOrder, "ring">): CountingThread | null {
  const program = findProgram("counting");
  if (program === null) return null;
  const ring = createRing(integers);
  const { end, ...taker } = fillRing(ring);
  const order: CountingOrder = { ring, ...asked };
  let thread: Worker;
  try {
    thread = startThread(program, order);
  } catch {
    return null;
  }
  const isReady = new Promise<boolean>((resolve) => {
    thread.once("message", () => resolve(true));
    thread.once("error", () => resolve(false));
    thread.once("exit", () => resolve(false));
  });
  const done = new Promise<NumbersCounted>((resolve, reject) => {
    thread.on("message", (answer: CountingAnswer) => {
      if ("counted" in answer) resolve(answer.counted);
      else if ("problems" in answer) reject(toError(answer));
    });
    thread.once("error", (error) => reject(failedThread(error)));
    thread.once("exit", () => {
      failRing(ring);
      reject(countingEnded(ring));
    });
  });
  // Heard where it is awaited.
  done.catch(() => undefined);
  return {
    isReady,
    taker,
    finish: async () => {
      end();
      return await done;
    },
    end: async () => {
      await thread.terminate();
    },
    explain: async (error) => {
      if (!(error instanceof ProviderError && error.cause === ring)) return error;
      // What went wrong may be on its way.
      return await Promise.race([done, setTimeout(answerMilliseconds)]).then(
        () => error,
        (reason: unknown) => reason,
      );
    },
  };
}

/** Out of memory, or a defect. */
function failedThread(error: unknown): ProviderError {
  return new ProviderError(
    {
      message: "the thread that counts the rows failed",
      received: error instanceof Error ? error.message : String(error),
      hint: "run the same command again; where memory is short, give the machine more",
    },
    { cause: error },
  );
}

function toError({ family, problems }: { readonly family: ErrorFamily; readonly problems: readonly Problem[] }): Error {
  return family === "input" ? new InputError(problems) : new ProviderError(problems);
}

/**
 * Counts all rows of `from`, what follows FROM, on a second thread; null where this installation does not carry its program, or
 * it does not start. Rejects with what went wrong on either. The thread is gone in the end.
 */
export async function countBeside(
  engine: Engine,
  terms: readonly NumberTerm[],
  from: string,
  asked: Omit<CountingOrder, "ring">,
): Promise<(NumbersCounted & { readonly rows: number }) | null> {
  const thread = startCounting(
    terms.map(({ integers }) => integers),
    asked,
  );
  if (thread === null) return null;
  try {
    // Whoever waits for a slot of the ring hears nothing else meanwhile.
    if (!(await thread.isReady)) return null;
    const rows = await engine.visitNumbers(terms, from, thread.taker);
    return { ...(await thread.finish()), rows };
  } catch (error) {
    throw await thread.explain(error);
  } finally {
    await thread.end();
  }
}

/** What the thread does: counts all rows of a ring. */
export function countRing({ ring, isSketched, related }: CountingOrder): NumbersCounted {
  try {
    return countSlots({ ring, isSketched, related });
  } catch (error) {
    failRing(ring);
    throw error;
  }
}

function countSlots({ ring, isSketched, related }: CountingOrder): NumbersCounted {
  const counters = ring.integers.map((isInteger) => createBinCounter(isInteger ? "integer" : "double", isSketched));
  const sampler = createRowSampler(related);
  // They would be read as doubles, and sampled without a word.
  if (ring.integers.slice(0, related).some((isInteger) => isInteger))
    throw new TypeError("rows of BigInts are not sampled");
  const memory = shareKernelMemory();
  const start = memory.reserve(8 * mostVisited * counters.length);
  const addresses = counters.map((_, index) => start + 8 * mostVisited * index);
  emptyRing(ring, ({ rowCount, columns }) => {
    // Once, for all loops: the ring itself lies outside their memory.
    for (const [index, values] of columns.entries()) {
      const address = addresses[index] as number;
      memory.bytes().set(new Uint8Array(values.buffer, values.byteOffset, 8 * rowCount), address);
      counters[index]?.addAt(address, rowCount);
    }
    if (related > 1) {
      const numbers = memory.numbers();
      const view = (address: number): Float64Array => numbers.subarray(address / 8, address / 8 + rowCount);
      sampler.add(addresses.slice(0, related).map(view), rowCount);
    }
  });
  return { columns: counters.map((counter) => counter.finish()), sample: sampler.finish() };
}
