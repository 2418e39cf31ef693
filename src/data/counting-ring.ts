// Rows on their way to another thread: slots of shared memory that are filled and emptied in turn.
import { ProviderError } from "../errors.ts";
import { mostVisited, type NumberRows, type Numbers, type NumberTaker } from "./visit-numbers.ts";

/** What both threads know of a ring. */
export interface Ring {
  readonly values: SharedArrayBuffer;
  readonly state: SharedArrayBuffer;
  /** By column, whether it holds integers. */
  readonly integers: readonly boolean[];
}

/** A few milliseconds of counting: as long as the engine pauses between two groups of rows of a file. */
const slots = 32;
/** Words of the state: slots filled and emptied so far, whether whoever empties them has failed; then the rows in each. */
const words = { filled: 0, emptied: 1, failed: 2, rows: 3 } as const;
/** A slot takes a millisecond: after so long, several times, nobody empties them any more. */
const patience = { milliseconds: 1000, times: 10 } as const;

/** A ring for columns; one of 24 columns takes 12 MiB. */
export function createRing(integers: readonly boolean[]): Ring {
  return {
    values: new SharedArrayBuffer(8 * mostVisited * integers.length * slots),
    state: new SharedArrayBuffer(4 * (words.rows + slots)),
    integers,
  };
}

function viewSlots({ values, integers }: Ring): readonly (readonly Numbers[])[] {
  return Array.from({ length: slots }, (_, slot) =>
    integers.map((isInteger, column) => {
      const offset = 8 * mostVisited * (slot * integers.length + column);
      return isInteger ? new BigInt64Array(values, offset, mostVisited) : new Float64Array(values, offset, mostVisited);
    }),
  );
}

/**
 * Fills the ring; waits where it is full. Throws ProviderError when the other thread has failed or empties no slot for 10 seconds.
 * `end` is the last thing that is called.
 */
export function fillRing(ring: Ring): NumberTaker & { readonly end: () => void } {
  const state = new Int32Array(ring.state);
  const views = viewSlots(ring);
  let filled = 0;
  const waitForSlot = (): void => {
    for (let waited = 0; waited < patience.times; ) {
      const emptied = Atomics.load(state, words.emptied);
      if (Atomics.load(state, words.failed) !== 0) break;
      if (filled - emptied < slots) return;
      if (Atomics.wait(state, words.emptied, emptied, patience.milliseconds) === "timed-out") waited++;
    }
    throw countingEnded(ring);
  };
  const fill = (rows: number): void => {
    state[words.rows + (filled % slots)] = rows;
    Atomics.store(state, words.filled, ++filled);
    Atomics.notify(state, words.filled);
  };
  return {
    room: () => {
      waitForSlot();
      return views[filled % slots] as readonly Numbers[];
    },
    take: ({ rowCount }) => {
      if (rowCount > 0) fill(rowCount);
    },
    // A slot without rows.
    end: () => {
      waitForSlot();
      fill(0);
    },
  };
}

/** Empties the ring until its end. What `take` throws is thrown on, and the thread that fills hears that it need not wait. */
export function emptyRing(ring: Ring, take: (rows: NumberRows) => void): void {
  const state = new Int32Array(ring.state);
  const views = viewSlots(ring);
  try {
    for (let emptied = 0; ; ) {
      while (Atomics.load(state, words.filled) === emptied) Atomics.wait(state, words.filled, emptied);
      const rowCount = state[words.rows + (emptied % slots)] as number;
      if (rowCount === 0) return;
      take({ rowCount, columns: views[emptied % slots] as readonly Numbers[] });
      Atomics.store(state, words.emptied, ++emptied);
      Atomics.notify(state, words.emptied);
    }
  } catch (error) {
    failRing(ring);
    throw error;
  }
}

/** Nobody empties the ring any more: whoever fills it need not wait. */
export function failRing(ring: Ring): void {
  const state = new Int32Array(ring.state);
  Atomics.store(state, words.failed, 1);
  Atomics.notify(state, words.emptied);
}

/** When the thread that empties a ring is no more; the ring is the error's cause. */
export function countingEnded(ring: Ring): ProviderError {
  return new ProviderError(
    {
      message: "the thread that counts the rows ended before it was done",
      hint: "run the same command again; where memory is short, give the machine more",
    },
    { cause: ring },
  );
}
