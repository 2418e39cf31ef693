// Computes the profile of a source: texts are grouped inside the query engine, numbers are counted as its chunks stream by.
import { type BinCounter, createBinCounter } from "../monitoring/bin-counter.ts";
import { characterClasses, renderClass } from "../monitoring/character-classes.ts";
import { summarizeRelations } from "../monitoring/correlations.ts";
import { distinctRegisters } from "../monitoring/distinct-sketch.ts";
import { fitHistogram, mostBins, type OrderedHistogram, type Scale } from "../monitoring/ordered-histogram.ts";
import type { ColumnProfile, Profile } from "../monitoring/profile.ts";
import { createRowSampler, mostRelated, type RowSampler } from "../monitoring/row-sample.ts";
import { type ProfileOptions, wantsRelations } from "./aggregate-engine.ts";
import { viewNumbers } from "./chunk-numbers.ts";
import { materialize } from "./materialize.ts";
import { chooseLevel } from "./sample-level.ts";
import type { DataColumn, Scan } from "./scan.ts";
import { quoteText } from "./sql.ts";
import { renderWindow, unknownColumn } from "./window.ts";

/** Bins fetched at most: the rest of the coarsening to the final level is done here. */
const fetchedBins = 65_536;

/** The profile of data that is already open. Throws InputError when a chosen column is not there. */
export async function profileScan(scan: Scan, options: ProfileOptions, source: string): Promise<Profile> {
  const where = renderWindow(options.window, scan.columns, source);
  const names = options.columns ?? scan.columns.map((column) => column.name);
  const missing = names.find((name) => !scan.columns.some((column) => column.name === name));
  if (missing !== undefined) throw unknownColumn(missing, scan.columns, source);
  const chosen = await materialize(scan, where, (column) => names.includes(column.name));
  const [total] = await scan.engine.query(`SELECT count(*) AS rows FROM ${chosen.relation} WHERE ${chosen.where}`);
  const rows = Number(total?.["rows"] ?? 0);
  const from = { ...chosen, rows };
  const ofType = (wanted: DataColumn["type"]): DataColumn[] => chosen.columns.filter(({ type }) => type === wanted);
  const counted = [...ofType("numeric"), ...ofType("datetime")];
  const related = wantsRelations(options, rows) ? ofType("numeric").slice(0, mostRelated) : [];
  const sampler = createRowSampler(related.length);
  const found = new Map<DataColumn, ColumnProfile>();
  for (let first = 0; first < counted.length; first += countedTogether) {
    const together = counted.slice(first, first + countedTogether);
    const look = first === 0 && related.length > 1 ? sampler : null;
    for (const [column, profile] of await profileNumbers(scan, together, from, look)) found.set(column, profile);
  }
  const columns: ColumnProfile[] = [];
  for (const column of chosen.columns) columns.push(found.get(column) ?? (await profileTexts(scan, column, from)));
  const relations = summarizeRelations(
    related.map(({ name }) => name),
    sampler.finish(),
  );
  return { rows, columns, relations };
}

interface From {
  readonly relation: string;
  readonly where: string;
  readonly rows: number;
}

/** Columns that stream by together: enough to pay for a query, few enough for small tables of counts; the sample of rows sees them all. */
const countedTogether = mostRelated;
/** What stands for a missing value in the stream. */
const missingValue = { numeric: "'NaN'::DOUBLE", datetime: "CAST('-9223372036854775808' AS BIGINT)" };

async function profileNumbers(
  scan: Scan,
  columns: readonly DataColumn[],
  from: From,
  sampler: RowSampler | null,
): Promise<readonly (readonly [DataColumn, ColumnProfile])[]> {
  const counters = columns.map(({ type }) => createBinCounter(type === "numeric" ? "double" : "integer"));
  const select = columns.map(({ type, expression }, i) =>
    type === "numeric"
      ? `coalesce(${expression}, ${missingValue.numeric}) AS v${i}`
      : `coalesce(epoch_us(${expression}), ${missingValue.datetime}) AS v${i}`,
  );
  for await (const chunk of scan.engine.stream(
    `SELECT ${select.join(", ")} FROM ${from.relation} WHERE ${from.where}`,
  )) {
    const views = columns.map((_, i) => viewNumbers(chunk, i));
    counters.forEach((counter, i) => {
      counter.add(views[i] as Float64Array | BigInt64Array, chunk.rowCount);
    });
    sampler?.add(views.filter((view) => view instanceof Float64Array).slice(0, mostRelated), chunk.rowCount);
  }
  return columns.map((column, i) => {
    const { values, present, infinite } = (counters[i] as BinCounter).finish();
    const missing = from.rows - present;
    const type = column.type === "numeric" ? "numeric" : "datetime";
    return [
      column,
      { name: column.name, type, present, missing, infinite, values, lengths: null, characters: null, distinct: null },
    ];
  });
}

async function profileTexts(scan: Scan, column: DataColumn, from: From): Promise<ColumnProfile> {
  await scan.engine.run(
    `CREATE OR REPLACE TEMP TABLE texts AS SELECT v, count(*) AS c FROM (SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where}) WHERE v IS NOT NULL GROUP BY v`,
  );
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

interface Bin {
  readonly key: bigint;
  readonly count: number;
  readonly low: bigint;
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

function orderBins(scale: Scale, shift: number, bins: readonly Bin[]): OrderedHistogram {
  const sorted = [...bins].sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    scale,
    shift,
    keys: sorted.map(({ key }) => key),
    counts: sorted.map(({ count }) => count),
    lows: sorted.map(({ low }) => low),
  };
}
