// Computes the profile of a source: numbers and few different texts are counted as the engine's chunks stream by.
import { availableParallelism } from "node:os";
import type { BinCount } from "../monitoring/bin-counter.ts";
import { type Relations, summarizeRelations } from "../monitoring/correlations.ts";
import type { ColumnProfile, Profile } from "../monitoring/profile.ts";
import { createRowSampler, mostRelated, type RowSample } from "../monitoring/row-sample.ts";
import { type ProfileOptions, wantsRelations } from "./aggregate-engine.ts";
import { countBeside } from "./count-beside.ts";
import { type ColumnCounter, createColumnCounter, profileNumbers, selectNumbers } from "./count-columns.ts";
import { feedCounters } from "./feed-counters.ts";
import { isColumnar, materialize } from "./materialize.ts";
import { groupTexts, profileTexts, type Rows } from "./profile-texts.ts";
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
/** Of so many rows a second thread that counts them repays its start, which it does not of half as many. */
const manyRows = 2_000_000;

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
  // Many texts are grouped by the engine sooner than they stream out of it, and while the numbers are counted here.
  const grouped = known !== null && known > fewRows ? from.columns.filter(isText) : [];
  const [counted, texts] = await waitForBoth(
    countStreamed(
      scan,
      { ...from, columns: from.columns.filter((column) => !grouped.includes(column)) },
      {
        // While a file is parsed its rows are not known: looking ends when they are too many.
        isRelated: known === null ? isRelated : () => isRelated(known),
        keep,
        isSketched: options.differentNumbers ?? true,
        rows: known,
        together: parsed ? mostParsedTogether : countedTogether,
        isBeside: known !== null && isCountedBeside(options, known),
      },
    ),
    groupTexts(scan, grouped, { ...from, rows: known ?? 0 }),
  );
  const rows = known ?? counted.rows ?? (await countRows(scan, from));
  const columns = new Map([...counted.columns, ...texts]);
  const left = from.columns.filter(({ name }) => !columns.has(name));
  if (left.length > 0) {
    const stored = await materialize({ ...scan, relation: from.relation, columns: left }, from.where, () => true);
    for (const column of stored.columns)
      columns.set(column.name, await profileTexts(scan, column, { ...stored, rows }));
  }
  return {
    profile: { rows, columns: chosen.flatMap(({ name }) => columns.get(name) ?? []), relations: counted.relations },
    numbers: counted.numbers,
  };
}

/** Where several sources are read at once they share the processors already. */
function isCountedBeside({ atOnce = 1, rowsBeside = manyRows }: ProfileOptions, rows: number): boolean {
  return rows >= rowsBeside && atOnce === 1 && availableParallelism() > 1;
}

function isText({ type }: DataColumn): boolean {
  return type !== "numeric" && type !== "datetime";
}

/** Both, or the first one's reason when it fails: what is under way must end before the engine does. */
async function waitForBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
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

/** Streams the columns in groups. */
async function countStreamed(
  scan: Scan,
  from: { readonly relation: string; readonly where: string; readonly columns: readonly DataColumn[] },
  wanted: CounterSettings & {
    readonly together: number;
    /** Whether a second thread may count. */
    readonly isBeside: boolean;
    /** Whether to look at how numbers go together in so many rows. */
    readonly isRelated: (rows: number) => boolean;
  },
): Promise<Streamed> {
  const numeric = from.columns.filter(({ type }) => type === "numeric");
  const others = from.columns.filter(({ type }) => type !== "numeric");
  // Numbers first: the sample of rows is of the first of them.
  const ordered = [...numeric, ...others];
  const related = wanted.isRelated(0) ? numeric.slice(0, mostRelated) : [];
  const sampler = createRowSampler(related.length);
  let sample: RowSample | null = null;
  const columns = new Map<string, ColumnProfile>();
  const numbers = new Map<string, Float64Array>();
  let rows: number | null = null;
  for (let first = 0; first < ordered.length; first += wanted.together) {
    const together = ordered.slice(first, first + wanted.together);
    // Numbers that are kept would have to come back.
    if (wanted.isBeside && together.every((column) => !isText(column) && !wanted.keep(column.name))) {
      const beside = await countBeside(
        scan.engine,
        together.map(selectNumbers),
        `${from.relation} WHERE ${from.where}`,
        {
          isSketched: wanted.isSketched,
          related: first === 0 ? related.length : 0,
        },
      );
      if (beside !== null) {
        rows = beside.rows;
        for (const [i, column] of together.entries())
          columns.set(column.name, profileNumbers(column, beside.columns[i] as BinCount, rows));
        if (first === 0) sample = beside.sample;
        continue;
      }
    }
    const counters = together.map((column) => [column.name, createCounter(column, wanted)] as const);
    const looksAt = (seen: number): boolean => first === 0 && related.length > 1 && wanted.isRelated(seen);
    try {
      rows = await feedCounters(scan, from, counters, (values, seen, length) => {
        if (looksAt(seen))
          sampler.add(
            related.map((_, i) => values(i) as Float64Array),
            length,
          );
      });
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
  const relations = wanted.isRelated(rows ?? 0) ? summarizeRelations(names, sample ?? sampler.finish()) : null;
  return { rows, columns, numbers, relations };
}

async function countRows(scan: Scan, from: Pick<Rows, "relation" | "where">): Promise<number> {
  const [row] = await scan.engine.query(`SELECT count(*) AS rows FROM ${from.relation} WHERE ${from.where}`);
  return Number(row?.["rows"] ?? 0);
}
