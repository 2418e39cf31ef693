// Profiles delimited files that are plain all through (no quotes, no odd numbers) on threads of their own; the engine, which
// has told the types of their columns, reads all others.
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { findProgram } from "../../host/find-program.ts";
import { mergeProfiles, type Profile } from "../../monitoring/profile.ts";
import { mostRelatedRows, type ProfileOptions } from "../aggregate-engine.ts";
import { joinNumbers } from "../chunk-numbers.ts";
import type { DataColumn, Scan } from "../scan.ts";
import { cutFiles } from "./cut-files.ts";
import type { PlainAnswer, PlainColumn, PlainOrder, PlainShard } from "./order.ts";

/** Of smaller files the engine is done before a thread has started. */
const leastBytes = 4 * 1024 * 1024;
/** More read no faster than a disk. */
const mostThreads = 4;

/**
 * The profile of the chosen columns, but for texts of too many different values; null where the files are not plain, or so small that
 * it does not pay. Equal to the engine's, to the byte. Throws the signal's reason when it is aborted.
 */
export async function profilePlain(
  scan: Scan,
  chosen: readonly DataColumn[],
  options: ProfileOptions,
  keep: (name: string) => boolean,
): Promise<PlainShard | null> {
  const { plain, engine, files } = scan;
  const program = findProgram("reading");
  if (!plain || program === null || options.window !== undefined) return null;
  const columns = scan.columns.map((column) => describeColumn(column, chosen.includes(column), keep));
  if (columns.some((column) => column === null)) return null;
  try {
    const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
    if (sizes.reduce((sum, size) => sum + size, 0) < leastBytes) return null;
    const threads = Math.floor(availableParallelism() / (options.atOnce ?? 1));
    const parts = await cutFiles(
      files.map(({ path }) => path),
      Math.min(mostThreads, Math.max(1, threads)),
    );
    if (parts === null || parts.length === 0) return null;
    const orders = parts.map(
      (ranges): PlainOrder => ({
        ranges,
        ...plain,
        columns: columns as readonly PlainColumn[],
        isSketched: options.differentNumbers ?? true,
        mostRelatedRows: mostRelatedRows(options),
      }),
    );
    return joinShards(await readParts(program, orders, engine.signal), options);
  } catch {
    // Whatever it was, the engine meets it too, or reads on.
    engine.signal?.throwIfAborted();
    return null;
  }
}

/** Null for what is not read here. */
function describeColumn(
  { name, type, withNaN, digits }: DataColumn,
  isChosen: boolean,
  keep: (name: string) => boolean,
): PlainColumn | null {
  if (!isChosen) return { name, type: null, isKept: false };
  if (type === "datetime" || digits !== undefined) return null;
  if (type === "numeric" && withNaN === undefined) return null;
  return { name, type, isKept: type === "numeric" && keep(name) };
}

/** Null as soon as one meets something odd. */
async function readParts(
  program: string,
  orders: readonly PlainOrder[],
  signal: AbortSignal | undefined,
): Promise<readonly PlainShard[] | null> {
  const threads = orders.map((order) => new Worker(program, { workerData: order }));
  const stop = (): void => {
    for (const thread of threads) void thread.terminate();
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const shards: PlainShard[] = [];
    const answers = threads.map(hear);
    // Those that are not awaited any more fail in silence.
    for (const answer of answers) answer.catch(() => undefined);
    const odd = new Promise<null>((resolve) => {
      for (const answer of answers)
        answer.then(
          ({ kind }) => kind === "odd" && resolve(null),
          () => undefined,
        );
    });
    const all = await Promise.race([odd, Promise.all(answers)]);
    for (const answer of all ?? []) if (answer.kind === "shard") shards.push(answer.shard);
    return all === null ? null : shards;
  } finally {
    signal?.removeEventListener("abort", stop);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function hear(thread: Worker): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("the thread that reads plain text ended before it was done")));
  });
}

function joinShards(shards: readonly PlainShard[] | null, options: ProfileOptions): PlainShard | null {
  if (shards === null) return null;
  const givenUp = new Set(shards.flatMap((shard) => shard.givenUp));
  const [first, ...rest] = shards.map(({ profile }): Profile => {
    return { ...profile, columns: profile.columns.filter(({ name }) => !givenUp.has(name)) };
  });
  if (!first) return null;
  const profile = rest.reduce(mergeProfiles, first);
  const isRelated = profile.rows <= mostRelatedRows(options);
  const names = [...new Set(shards.flatMap(({ numbers }) => [...numbers.keys()]))];
  const numbers = new Map(
    names.map((name) => [name, joinNumbers(shards.flatMap((shard) => shard.numbers.get(name) ?? []))]),
  );
  return {
    profile: { ...profile, relations: isRelated ? (profile.relations ?? null) : null },
    numbers,
    givenUp: [...givenUp],
  };
}
