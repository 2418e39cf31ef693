// Which engine computes the aggregates of a source.
import type { Context } from "../host/context.ts";
import type { Profile } from "../monitoring/profile.ts";
import type { AggregateEngine, ProfileOptions } from "./aggregate-engine.ts";
import { isClickHouseAddress } from "./clickhouse/address.ts";

/** The engine that reads `source`: ClickHouse for its addresses, DuckDB for files. Nothing is loaded before it is asked for. */
export async function chooseEngine(source: string): Promise<AggregateEngine> {
  return isClickHouseAddress(source)
    ? (await import("./clickhouse/aggregates.ts")).clickHouseAggregates
    : (await import("./file-aggregates.ts")).fileAggregates;
}

/**
 * The profile of the rows of `source` in the window. Rows in any order, files split in any way and merged again give the
 * same profile, to the byte. A source without rows gives a profile of 0 rows. Throws what `readTable` throws.
 */
export async function profileData(source: string, options: ProfileOptions, context: Context): Promise<Profile> {
  return (await chooseEngine(source)).profile(source, options, context);
}
