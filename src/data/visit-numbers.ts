// Hands numbers over where the engine has decoded them: its threads call back with every group of rows, and no result is built.
//
// A result that is streamed is copied into chunks of its own, which are made, collected and made again: that takes longer than
// decoding. A function of the query is given the engine's own vectors instead.
import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { ProviderError } from "../errors.ts";
import { importEngine } from "../host/engines.ts";
import { collectYoung } from "../host/release-memory.ts";

/** What a query gives for one column, NULL where a value is missing: DOUBLE, or BIGINT with `integers`. */
export interface NumberTerm {
  readonly sql: string;
  readonly integers: boolean;
}

export type Numbers = Float64Array | BigInt64Array;

/** Some rows, column by column; arrays may be longer. NaN, or the least integer of 64 bits, is missing. */
export interface NumberRows {
  readonly rowCount: number;
  readonly columns: readonly Numbers[];
}

/** Whoever takes rows; the engine's threads stand still meanwhile. */
export interface NumberTaker {
  /** Arrays of `mostVisited` values each to copy the next rows to. */
  readonly room: () => readonly Numbers[];
  /** Takes the rows that were copied there. */
  readonly take: (rows: NumberRows) => void;
}

/** Rows that come at once at most: the engine's vectors have so many. */
export const mostVisited = 2048;

type Bindings = typeof import("@duckdb/node-bindings");
type RawChunk = DuckDBDataChunk["chunk"];
type PendingResult = Parameters<Bindings["pending_execute_check_state"]>[0];

/** Between two looks whether a query is done: its threads do not tell. */
const lookMilliseconds = 4;
/** Handovers between two collections of the small objects that each leaves: the runtime takes them for the vectors they show. */
const betweenCollections = 64;
const leastInteger = -(2n ** 63n);

let visits = 0;

/**
 * Has all rows of `from`, what follows FROM, taken in any order; how many they were. Rejects with what the taker threw, and with the
 * reason of `signal`. The engine needs a thread beside the one that waits.
 */
export async function visitNumbers(
  connection: DuckDBConnection,
  terms: readonly NumberTerm[],
  from: string,
  taker: NumberTaker,
  signal?: AbortSignal,
): Promise<number> {
  signal?.throwIfAborted();
  const { DuckDBScalarFunction, BIGINT, DOUBLE } = await importEngine("@duckdb/node-api");
  const bindings = await importEngine("@duckdb/node-bindings");
  const name = `hand_over_${++visits}`;
  let [visited, handovers] = [0, 0];
  const failures: unknown[] = [];
  // The function stays as long as the connection does: what it hands over to must not.
  let held: NumberTaker | null = taker;
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      parameterTypes: terms.map(({ integers }) => (integers ? BIGINT : DOUBLE)),
      returnType: BIGINT,
      // Called for missing values too, and for every row.
      specialHandling: true,
      volatile: true,
      mainFunction: (_, { chunk }) => {
        if (failures.length > 0 || held === null) throw failures[0];
        try {
          const columns = held.room();
          const rowCount = copyChunk(bindings, chunk, columns);
          held.take({ rowCount, columns });
          visited += rowCount;
        } catch (failure) {
          failures.push(failure);
          throw failure;
        }
        if (++handovers % betweenCollections === 0) collectYoung();
      },
    }),
  );
  try {
    const sql = `SELECT count(${name}(${terms.map((term) => term.sql).join(", ")})) FROM ${from}`;
    const pending = (await connection.prepare(sql)).start();
    await waitUntilDone(bindings, Reflect.get(pending, "pending_result"));
    const [[counted] = []] = await (await pending.getResult()).getRows();
    if (Number(counted) !== visited) throw lostRows(visited, Number(counted));
    return visited;
  } catch (error) {
    signal?.throwIfAborted();
    throw failures[0] ?? error;
  } finally {
    held = null;
  }
}

/** A taker on this thread. */
export function takeHere(terms: readonly NumberTerm[], take: (rows: NumberRows) => void): NumberTaker {
  const columns = terms.map(({ integers }) =>
    integers ? new BigInt64Array(mostVisited) : new Float64Array(mostVisited),
  );
  return { room: () => columns, take };
}

/**
 * The engine's own threads do the work: one of the runtime's that waited for this one would keep a process from ending. Throws what
 * went wrong, which asking for the result would wrap.
 */
async function waitUntilDone(bindings: Bindings, pending: PendingResult): Promise<void> {
  const { RESULT_NOT_READY, NO_TASKS_AVAILABLE } = bindings.PendingState;
  for (;;) {
    const state = bindings.pending_execute_check_state(pending);
    if (state !== RESULT_NOT_READY && state !== NO_TASKS_AVAILABLE) break;
    await new Promise((done) => setTimeout(done, lookMilliseconds));
  }
  const wrong: string | null = bindings.pending_error(pending);
  if (wrong) throw new Error(wrong);
}

function lostRows(visited: number, counted: number): ProviderError {
  return new ProviderError({
    message: "the query engine handed over other rows than it counted",
    expected: `${counted} rows`,
    received: `${visited} rows`,
    hint: "please report this with the version of @duckdb/node-api",
  });
}

/** Three calls a vector, where the vectors of the engine's package make six and an object each. How many rows there are. */
function copyChunk(bindings: Bindings, chunk: RawChunk, to: readonly Numbers[]): number {
  const rowCount = bindings.data_chunk_get_size(chunk);
  for (const [index, copy] of to.entries()) {
    const vector = bindings.data_chunk_get_vector(chunk, index);
    const { buffer, byteOffset } = bindings.vector_get_data(vector, 8 * rowCount);
    if (copy instanceof BigInt64Array) copy.set(new BigInt64Array(buffer as ArrayBuffer, byteOffset, rowCount));
    else copy.set(new Float64Array(buffer as ArrayBuffer, byteOffset, rowCount));
    const words = Math.ceil(rowCount / 64) * 2;
    const validity: Uint8Array | null = bindings.vector_get_validity(vector, 4 * words);
    if (validity !== null)
      fillMissing(copy, new Uint32Array(validity.buffer as ArrayBuffer, validity.byteOffset, words));
  }
  return rowCount;
}

/** Writes what stands for missing where a bit of `valid` is 0: the engine may have left anything there. */
function fillMissing(values: Numbers, valid: Uint32Array): void {
  const missing = values instanceof BigInt64Array ? leastInteger : Number.NaN;
  for (let word = 0; word < valid.length; word++)
    for (let left = ~(valid[word] as number); left !== 0; left &= left - 1)
      values[32 * word + 31 - Math.clz32(left & -left)] = missing;
}
