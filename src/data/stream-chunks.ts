// A large result of the query engine, chunk by chunk, whole or with an error.
import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { ProviderError } from "../errors.ts";
import { releaseMemory } from "../host/release-memory.ts";

/**
 * The chunks of a query's rows; `held` of them live between two releases of their memory. A query that fails after its first chunks
 * looks just like one that is done, to those who fetch from it: only the transaction around it knows, and then the query is run once
 * more for its error. Throws that error, or ProviderError where it does not come again; the signal's reason when it is aborted.
 */
export async function* streamChunks(
  connection: DuckDBConnection,
  sql: string,
  held: number,
  signal?: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  await connection.run("BEGIN TRANSACTION");
  try {
    yield* fetchChunks(connection, sql, held, signal);
    signal?.throwIfAborted();
    if (await isAborted(connection)) throw await findError(connection, sql);
  } finally {
    // Also ends a query whose rows were enough.
    await connection.run("ROLLBACK").catch(() => undefined);
  }
}

async function* fetchChunks(
  connection: DuckDBConnection,
  sql: string,
  held: number,
  signal?: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  // The next chunk is made while this one is being counted; when it cannot be, that is heard where it is awaited.
  const prepare = () => {
    const chunk = result.fetchChunk();
    chunk.catch(() => undefined);
    return chunk;
  };
  let next = prepare();
  try {
    for (let fetched = 1; ; fetched++) {
      signal?.throwIfAborted();
      if (fetched % held === 0) await releaseMemory();
      const chunk = await next;
      if (!chunk || chunk.rowCount === 0) return;
      next = prepare();
      yield chunk;
    }
  } finally {
    // Whoever stops early leaves one under way; the connection must not close below it.
    await next.catch(() => undefined);
  }
}

/** Whether something failed in the transaction: then nothing else can be asked in it. */
async function isAborted(connection: DuckDBConnection): Promise<boolean> {
  try {
    await connection.run("SELECT 1");
    return false;
  } catch {
    return true;
  }
}

async function findError(connection: DuckDBConnection, sql: string): Promise<unknown> {
  await connection.run("ROLLBACK");
  try {
    // Computes every row and keeps none.
    await connection.run(`EXPLAIN ANALYZE ${sql}`);
  } catch (error) {
    return error;
  }
  return new ProviderError({
    message: "the query engine stopped before the last row, and did not when it was asked again",
    expected: "the same rows from the same files",
    hint: "run the same command again, when nothing else writes the files",
  });
}
