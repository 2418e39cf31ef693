// Profiles texts that lie in the query engine: few different ones leave it with their counts, of many only hashes do.
import { characterClasses, renderClass } from "../monitoring/character-classes.ts";
import { distinctRegisters } from "../monitoring/distinct-sketch.ts";
import { type Bin, fitHistogram, mostBins, type OrderedHistogram, orderBins } from "../monitoring/ordered-histogram.ts";
import type { ColumnProfile } from "../monitoring/profile.ts";
import { profileCountedTexts } from "../monitoring/profile-table.ts";
import { chooseLevel } from "./sample-level.ts";
import type { DataColumn, Scan } from "./scan.ts";
import { quoteText } from "./sql.ts";

/** Bins fetched at most: the rest of the coarsening to the final level is done here. */
const fetchedBins = 65_536;

/** What is read: the rows of a relation that match, and how many they are. */
export interface Rows {
  readonly relation: string;
  readonly where: string;
  readonly rows: number;
}

/** The profile of a column of texts or booleans. */
export async function profileTexts(scan: Scan, column: DataColumn, from: Rows): Promise<ColumnProfile> {
  await scan.engine.run(
    `CREATE OR REPLACE TEMP TABLE texts AS SELECT v, count(*) AS c FROM (SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where}) WHERE v IS NOT NULL GROUP BY v`,
  );
  const counts = await fetchTexts(scan);
  if (counts) {
    await scan.engine.run("DROP TABLE texts");
    const type = column.type === "boolean" ? "boolean" : "categorical";
    return profileCountedTexts(column.name, type, counts, from.rows);
  }
  const hash = "CAST(md5_number_upper(v) >> 1 AS BIGINT)";
  const shift = await chooseLevel(scan.engine, `SELECT ${hash} AS o FROM texts LIMIT ${2 * mostBins}`, "hash");
  const values = await fetchHistogram(
    scan,
    "hash",
    shift,
    `SELECT ${hash} >> ${shift} AS key, CAST(sum(c) AS BIGINT) AS n, 0 AS low FROM texts GROUP BY 1`,
  );
  const lengths = await fetchHistogram(
    scan,
    "integer",
    0,
    "SELECT CAST(length(v) AS BIGINT) AS key, CAST(sum(c) AS BIGINT) AS n, 0 AS low FROM texts GROUP BY 1",
  );
  const characters = column.type === "boolean" ? null : await countClasses(scan);
  const distinct = values.shift === 0 ? null : await sketchTexts(scan, hash);
  await scan.engine.run("DROP TABLE texts");
  const present = values.counts.reduce((sum, count) => sum + count, 0);
  return {
    name: column.name,
    type: column.type,
    present,
    missing: from.rows - present,
    infinite: 0,
    values,
    lengths: column.type === "boolean" ? null : lengths,
    characters,
    distinct,
  };
}

/** The profiles of columns of texts or booleans by their names, on a connection of their own. */
export async function groupTexts(
  scan: Scan,
  columns: readonly DataColumn[],
  from: Rows,
): Promise<ReadonlyMap<string, ColumnProfile>> {
  const profiles = new Map<string, ColumnProfile>();
  if (columns.length > 0)
    await scan.engine.beside(async (engine) => {
      for (const column of columns) profiles.set(column.name, await profileTexts({ ...scan, engine }, column, from));
    });
  return profiles;
}

/** The texts with their counts; null when they are too many. */
async function fetchTexts(scan: Scan): Promise<ReadonlyMap<string, number> | null> {
  const rows = await scan.engine.query(`SELECT v, c FROM texts LIMIT ${mostBins + 1}`);
  return rows.length > mostBins ? null : new Map(rows.map((row) => [String(row["v"]), Number(row["c"])]));
}

async function countClasses(scan: Scan): Promise<readonly number[]> {
  const counts = characterClasses.map(
    (each, i) => `coalesce(sum(c) FILTER (regexp_matches(v, ${quoteText(renderClass(each))})), 0) AS n${i}`,
  );
  const [row] = await scan.engine.query(`SELECT ${counts.join(", ")} FROM texts`);
  return characterClasses.map((_, i) => Number(row?.[`n${i}`] ?? 0));
}

async function sketchTexts(scan: Scan, hash: string): Promise<number[]> {
  const rows = await scan.engine.query(
    `SELECT CAST(h >> 53 AS INTEGER) AS register, max(CASE WHEN h & 9007199254740991 = 0 THEN 54 ELSE 54 - length(bin(h & 9007199254740991)) END) AS rank FROM (SELECT ${hash} AS h FROM texts) GROUP BY 1`,
  );
  const registers = new Array<number>(distinctRegisters).fill(0);
  for (const row of rows) registers[Number(row["register"])] = Number(row["rank"]);
  return registers;
}

/** A histogram of a grouped query of key, n, low; with too many bins to fetch it is made coarser in SQL first. */
async function fetchHistogram(
  scan: Scan,
  scale: "integer" | "hash",
  shift: number,
  grouped: string,
): Promise<OrderedHistogram> {
  const bins = `SELECT key, CAST(n AS BIGINT) AS n, CAST(low AS HUGEINT) AS low FROM (${grouped}) WHERE key IS NOT NULL`;
  const found = await fetchBins(scan, bins);
  if (found) return fitHistogram(orderBins(scale, shift, found));
  await scan.engine.run(`CREATE OR REPLACE TEMP TABLE bins AS ${bins}`);
  for (let level = shift + 4; ; level += 4) {
    const weight = 1n << BigInt(level - 4);
    const low = scale === "hash" ? "0" : `sum(low + CAST(n AS HUGEINT) * (key & 15) * ${weight}::HUGEINT)`;
    await scan.engine.run(
      `CREATE OR REPLACE TEMP TABLE coarser AS SELECT key >> 4 AS key, CAST(sum(n) AS BIGINT) AS n, CAST(${low} AS HUGEINT) AS low FROM bins GROUP BY 1`,
    );
    await scan.engine.run("DROP TABLE bins; ALTER TABLE coarser RENAME TO bins");
    const coarser = await fetchBins(scan, "SELECT key, n, low FROM bins");
    if (!coarser) continue;
    await scan.engine.run("DROP TABLE bins");
    return fitHistogram(orderBins(scale, level, coarser));
  }
}

/** The rows of a query of key, n, low; null when there are more than can be fetched. */
async function fetchBins(scan: Scan, sql: string): Promise<Bin[] | null> {
  const bins: Bin[] = [];
  for await (const chunk of scan.engine.stream(sql)) {
    const [keys, counts, lows] = [0, 1, 2].map((column) => chunk.getColumnVector(column));
    if (bins.length + chunk.rowCount > fetchedBins) return null;
    for (let row = 0; row < chunk.rowCount; row++) {
      bins.push({
        key: BigInt(keys?.getItem(row) as bigint),
        count: Number(counts?.getItem(row)),
        low: BigInt((lows?.getItem(row) ?? 0n) as bigint),
      });
    }
  }
  return bins;
}
