// The query engine: DuckDB in memory, closed to the network, with the few calls the other files of this room need.
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { importEngine } from "../host/engines.ts";
import { streamChunks } from "./stream-chunks.ts";
import { type NumberTaker, type NumberTerm, visitNumbers } from "./visit-numbers.ts";

/** What one row of a small result holds: integers come as bigint when the SQL type is wider than 32 bits. */
export type SqlValue = string | number | bigint | boolean | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Engine {
  /** A folder that lives as long as the engine, for fetched and spilled files. */
  readonly folder: string;
  /** Runs statements whose result does not matter. */
  run(sql: string): Promise<void>;
  /** All rows of a small result. */
  query(sql: string): Promise<readonly SqlRow[]>;
  /** A large result, chunk by chunk in the order of the rows. */
  stream(sql: string): AsyncIterable<DuckDBDataChunk>;
  /** Has all rows of `from` taken in any order, as they lie in the engine, which is quicker than a stream; how many they were. */
  visitNumbers(terms: readonly NumberTerm[], from: string, taker: NumberTaker): Promise<number>;
  /** Lets the queries of `work` give their rows in any order, which takes less memory and time. */
  inAnyOrder<T>(work: () => Promise<T>): Promise<T>;
  /** Does `work` with an engine of the same files and settings whose queries run at the same time as those of this one; its temporary tables are its own. */
  beside<T>(work: (engine: Engine) => Promise<T>): Promise<T>;
  /** Adds chunks to a table of the engine. */
  append(table: string, fill: (add: (chunk: DuckDBDataChunk) => void) => void): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an engine. It never downloads extensions by itself, takes times without a zone as UTC, keeps the order of rows
 * and spills into its own temporary folder. `signal` interrupts a running query; `atOnce` engines share processors and memory. Close
 * it when done.
 */
export async function openEngine(signal?: AbortSignal, atOnce = 1): Promise<Engine> {
  const duckdb = await importEngine("@duckdb/node-api");
  const folder = await mkdtemp(join(tmpdir(), "modelgate-data-"));
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    // One of them is whoever waits for a query; while numbers are handed over nobody of the engine does.
    threads: String(1 + Math.max(1, Math.floor(availableParallelism() / atOnce))),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    temp_directory: join(folder, "spill"),
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Every column is a query of its own over the same files: their footers are read once.
  await connection.run("SET parquet_metadata_cache = true");
  if (atOnce > 1) await shareMemory(connection, atOnce);
  const held = atOnce === 1 ? chunksHeld.alone : Math.ceil(chunksHeld.together / atOnce);
  const engine = useConnection(instance, connection, { folder, held, signal });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Shared {
  readonly folder: string;
  readonly held: number;
  readonly signal: AbortSignal | undefined;
}

/** The engine as one of its connections; closing it closes that. */
function useConnection(instance: DuckDBInstance, connection: DuckDBConnection, shared: Shared): Engine {
  const { folder, held, signal } = shared;
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  return {
    folder,
    run: async (sql) => {
      signal?.throwIfAborted();
      await connection.run(sql);
    },
    query: async (sql) => {
      signal?.throwIfAborted();
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS() as unknown as SqlRow[];
    },
    stream: (sql) => streamChunks(connection, sql, held, signal),
    visitNumbers: (terms, from, taker) => visitNumbers(connection, terms, from, taker, signal),
    inAnyOrder: async (work) => {
      await connection.run("SET preserve_insertion_order = false");
      try {
        return await work();
      } finally {
        await connection.run("SET preserve_insertion_order = true");
      }
    },
    beside: async (work) => {
      const other = await instance.connect();
      await other.run("SET TimeZone = 'UTC'");
      const engine = useConnection(instance, other, shared);
      try {
        return await work(engine);
      } finally {
        await engine.close();
      }
    },
    append: async (table, fill) => {
      const appender = await connection.createAppender(table);
      fill((chunk) => appender.appendDataChunk(chunk));
      appender.closeSync();
    },
    close: async () => {
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    },
  };
}

/** Each of several engines would take as much as a lone one before it spills. */
async function shareMemory(connection: DuckDBConnection, atOnce: number): Promise<void> {
  const [[limit] = []] = (await connection.runAndReadAll("SELECT current_setting('memory_limit')")).getRows();
  const [, amount, unit] = /^([\d.]+) (\w+)$/.exec(String(limit)) ?? [];
  if (unit) await connection.run(`SET memory_limit = '${Number(amount) / atOnce} ${unit}'`);
}

/** Chunks between two releases of their memory: of twenty columns they hold 20 MB. Of several sources each holds some, and fewer. */
const chunksHeld = { alone: 64, together: 28 } as const;
