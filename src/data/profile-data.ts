// Computes the profile of a source: numbers and few different texts are counted as the engine's chunks stream by.
import { type Relations, summarizeRelations } from "../monitoring/correlations.ts";
import type { ColumnProfile, Profile } from "../monitoring/profile.ts";
import { createRowSampler, mostRelated } from "../monitoring/row-sample.ts";
import { type ProfileOptions, wantsRelations } from "./aggregate-engine.ts";
import { viewNumbers } from "./chunk-numbers.ts";
import { type ColumnCounter, createColumnCounter } from "./count-columns.ts";
import { isColumnar, materialize } from "./materialize.ts";
import { profileTexts, type Rows } from "./profile-texts.ts";
import type { DataColumn, Scan } from "./scan.ts";
import { renderWindow, unknownColumn } from "./window.ts";

/** A profile, and the numbers of the columns that were to be kept: without missing ones, in no order. */
export interface ProfiledRows {
  readonly profile: Profile;
  readonly numbers: ReadonlyMap<string, Float64Array>;
}

/** Columns that stream by together: enough to pay for a query, few enough for small tables of counts; the sample of rows sees them all. */
const countedTogether = mostRelated;
/** A file that is parsed is read once for so many columns; with more it becomes a temporary columnar one first. */
const mostParsedTogether = 64;
/** Of so few rows texts are counted sooner than a query for each column is planned. */
const fewRows = 20_000;

/**
 * The profile of data that is already open, with the numbers of the numeric columns that `keep` names. Throws InputError
 * when a chosen column is not there.
 */
export async function profileScan(
  scan: Scan,
  options: ProfileOptions,
  source: string,
  keep: (name: string) => boolean = () => false,
): Promise<ProfiledRows> {
  const where = renderWindow(options.window, scan.columns, source);
  const chosen = chooseColumns(scan.columns, options.columns, source);
  return scan.engine.inAnyOrder(() => profileColumns(scan, where, chosen, options, keep));
}

async function profileColumns(
  scan: Scan,
  where: string,
  chosen: readonly DataColumn[],
  options: ProfileOptions,
  keep: (name: string) => boolean,
): Promise<ProfiledRows> {
  const isRelated = (rows: number): boolean => wantsRelations(options, rows);
  const parsed = !isColumnar(scan) && chosen.length <= mostParsedTogether;
  const from = parsed
    ? { relation: scan.relation, where, columns: chosen }
    : await materialize(scan, where, (column) => chosen.includes(column));
  const known = parsed ? null : await countRows(scan, from);
  const counted = await countStreamed(scan, from, {
    // While a file is parsed its rows are not known: looking ends when they are too many.
    isRelated: known === null ? isRelated : () => isRelated(known),
    keep,
    isSketched: options.differentNumbers ?? true,
    rows: known,
    together: parsed ? mostParsedTogether : countedTogether,
  });
  const rows = known ?? counted.rows ?? (await countRows(scan, from));
  const texts = from.columns.filter(({ name }) => !counted.columns.has(name));
  const left =
    texts.length === 0
      ? { ...from, columns: texts }
      : await materialize({ ...scan, relation: from.relation, columns: texts }, from.where, () => true);
  const columns = new Map(counted.columns);
  for (const column of left.columns) columns.set(column.name, await profileTexts(scan, column, { ...left, rows }));
  return {
    profile: { rows, columns: chosen.flatMap(({ name }) => columns.get(name) ?? []), relations: counted.relations },
    numbers: counted.numbers,
  };
}

/** In the order of the data. */
function chooseColumns(
  columns: readonly DataColumn[],
  names: readonly string[] | undefined,
  source: string,
): readonly DataColumn[] {
  if (!names) return columns;
  const missing = names.find((name) => !columns.some((column) => column.name === name));
  if (missing !== undefined) throw unknownColumn(missing, columns, source);
  const wanted = new Set(names);
  return columns.filter(({ name }) => wanted.has(name));
}

interface Streamed {
  /** Null when nothing was to be streamed. */
  readonly rows: number | null;
  readonly columns: ReadonlyMap<string, ColumnProfile>;
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly relations: Relations | null;
}

interface CounterSettings {
  readonly keep: (name: string) => boolean;
  /** How many there are, where that is known before. */
  readonly rows: number | null;
  readonly isSketched: boolean;
}

function createCounter(column: DataColumn, { keep, rows, isSketched }: CounterSettings): ColumnCounter {
  return createColumnCounter(column, keep(column.name) ? { rows } : null, isSketched);
}

/** Streams the columns in groups: of a columnar file of many rows only numbers and times, whose texts the engine groups faster. */
async function countStreamed(
  scan: Scan,
  from: { readonly relation: string; readonly where: string; readonly columns: readonly DataColumn[] },
  wanted: CounterSettings & {
    readonly together: number;
    /** Whether to look at how numbers go together in so many rows. */
    readonly isRelated: (rows: number) => boolean;
  },
): Promise<Streamed> {
  const numeric = from.columns.filter(({ type }) => type === "numeric");
  const inEngine = isColumnar(from) && !(wanted.rows !== null && wanted.rows <= fewRows);
  const others = from.columns.filter(({ type }) => (inEngine ? type === "datetime" : type !== "numeric"));
  // Numbers first: the sample of rows is of the first of them.
  const ordered = [...numeric, ...others];
  const related = wanted.isRelated(0) ? numeric.slice(0, mostRelated) : [];
  const sampler = createRowSampler(related.length);
  const columns = new Map<string, ColumnProfile>();
  const numbers = new Map<string, Float64Array>();
  let rows: number | null = null;
  for (let first = 0; first < ordered.length; first += wanted.together) {
    const counters = ordered
      .slice(first, first + wanted.together)
      .map((column) => [column.name, createCounter(column, wanted)] as const);
    rows = 0;
    try {
      for await (const chunk of scan.engine.stream(renderSelect(counters, from))) {
        let at = 0;
        for (const [, counter] of counters) {
          counter.add(chunk, at);
          at += counter.select.length;
        }
        if (first === 0 && related.length > 1 && wanted.isRelated(rows + chunk.rowCount)) {
          sampler.add(
            related.map((_, i) => viewNumbers(chunk, i) as Float64Array),
            chunk.rowCount,
          );
        }
        rows += chunk.rowCount;
      }
      for (const [name, counter] of counters) {
        const counted = counter.finish(rows);
        if (counted.profile) columns.set(name, counted.profile);
        if (counted.numbers) numbers.set(name, counted.numbers);
      }
    } finally {
      for (const [, counter] of counters) counter.abandon();
    }
  }
  const names = related.map(({ name }) => name);
  const relations = wanted.isRelated(rows ?? 0) ? summarizeRelations(names, sampler.finish()) : null;
  return { rows, columns, numbers, relations };
}

function renderSelect(
  counters: readonly (readonly [string, ColumnCounter])[],
  from: Pick<Rows, "relation" | "where">,
): string {
  const terms = counters.flatMap(([, { select }]) => select).map((term, i) => `${term} AS v${i}`);
  return `SELECT ${terms.join(", ")} FROM ${from.relation} WHERE ${from.where}`;
}

async function countRows(scan: Scan, from: Pick<Rows, "relation" | "where">): Promise<number> {
  const [row] = await scan.engine.query(`SELECT count(*) AS rows FROM ${from.relation} WHERE ${from.where}`);
  return Number(row?.["rows"] ?? 0);
}
