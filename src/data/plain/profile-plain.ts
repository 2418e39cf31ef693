// Profiles a delimited file that is plain all through (no quotes, nothing oddly spelled) on threads of its own, without the engine.
import { open } from "node:fs/promises";
import { ModelgateError } from "../../errors.ts";
import type { Context } from "../../host/context.ts";
import { type ColumnProfile, mergeProfiles, type Profile } from "../../monitoring/profile.ts";
import { mostRelatedRows, type ProfileOptions } from "../aggregate-engine.ts";
import { joinNumbers } from "../chunk-numbers.ts";
import { locate } from "../source-address.ts";
import type { PlainShard } from "./order.ts";
import { planReading } from "./plan-reading.ts";
import { readParts } from "./read-parts.ts";
import { countReaders, findReadingProgram, type ReadingThreads, startReadingThreads } from "./reading-threads.ts";
import { isDelimitedPath, isLargeFile } from "./start-ahead.ts";

/**
 * The profile of `source`, but for texts of too many different values, and the numbers of the columns to keep; null when it is anything
 * but one large plain file on this machine, whatever may be wrong with it: the engine reads it then, or says why not. What is
 * not null equals the engine's, to the byte. Throws the signal's reason when it is aborted.
 */
export async function profilePlain(
  source: string,
  options: ProfileOptions,
  context: Context,
  keep: (name: string) => boolean,
): Promise<PlainShard | null> {
  const program = findReadingProgram();
  if (program === null || !isDelimitedPath(source) || options.window !== undefined) return null;
  const path = locate(source, context);
  if (!isLargeFile(path)) return null;
  if (options.threads) return profileLarge(path, source, options, context, keep, options.threads);
  context.signal.throwIfAborted();
  const threads = startReadingThreads(program, countReaders(options.atOnce));
  try {
    return await profileLarge(path, source, options, context, keep, threads);
  } finally {
    await threads.end();
  }
}

async function profileLarge(
  path: string,
  source: string,
  options: ProfileOptions,
  context: Context,
  keep: (name: string) => boolean,
  threads: ReadingThreads,
): Promise<PlainShard | null> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    const orders = await planReading(file, path, options, keep);
    if (orders === null) threads.stopSpare(countReaders(options.atOnce));
    const shards = orders && (await readParts(threads, orders, context.signal));
    if (orders === null || shards === null) return null;
    const joined = joinShards(shards, options.differentNumbers ?? true);
    const isRelated = joined.profile.rows <= mostRelatedRows(options);
    if (!isRelated) return { ...joined, profile: { ...joined.profile, relations: null } };
    // Fewer rows than their first ones promised: they were not looked at together.
    return orders.some(({ mostRelatedRows: most }) => most < 0) ? null : joined;
  } catch (error) {
    context.signal.throwIfAborted();
    // What the engine says itself needs no word; a thread that failed does.
    if (!(error instanceof ModelgateError))
      context.progress(`the query engine reads ${source}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    await file.close();
  }
}

/** At least one. Parts may have every number, and all together not: then joining them sketches, wanted or not. */
function joinShards(shards: readonly PlainShard[], isSketched: boolean): PlainShard {
  const givenUp = new Set(shards.flatMap((shard) => shard.givenUp));
  const profiles = shards.map(({ profile }): Profile => {
    return { ...profile, columns: profile.columns.filter(({ name }) => !givenUp.has(name)) };
  });
  const names = shards.flatMap(({ numbers }) => [...numbers.keys()]);
  const join = (name: string): Float64Array => joinNumbers(shards.flatMap(({ numbers }) => numbers.get(name) ?? []));
  const profile = profiles.reduce(mergeProfiles);
  return {
    profile: isSketched ? profile : { ...profile, columns: profile.columns.map(withoutSketch) },
    numbers: new Map([...new Set(names)].map((name) => [name, join(name)])),
    givenUp: [...givenUp],
  };
}

function withoutSketch(column: ColumnProfile): ColumnProfile {
  return column.type === "numeric" || column.type === "datetime" ? { ...column, distinct: null } : column;
}
