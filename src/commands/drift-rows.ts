// What drift looks at row by row, on a bounded sample of both sides: groups that are exchanged whole, and rows as a whole.
import { readTable } from "../data/read-table.ts";
import type { Context } from "../host/context.ts";
import type { TextPair } from "../monitoring/column-pair.ts";
import { type Embedding, readEmbeddings } from "../monitoring/embeddings.ts";
import { type GroupedColumn, type GroupTests, testGroups } from "../monitoring/group-tests.ts";
import { testJointly } from "../monitoring/multivariate.ts";
import { type MultivariateDrift, type MultivariateTest, refuseJointly } from "../monitoring/multivariate-report.ts";
import { createRandom } from "../statistics/rng.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Column, Table } from "../tables/table.ts";
import type { DriftSide } from "./drift.ts";

/** Rows that depend on each other: those with the same value of a column, or of the same day. */
export interface DriftGroups {
  readonly column: string;
  readonly byDay: boolean;
  /** Its name in the current data, where that is another. */
  readonly currentColumn?: string | undefined;
  /** Asked for: an error where it cannot be had, instead of taking rows as independent. */
  readonly required: boolean;
}

export interface RowsSettings {
  readonly reference: DriftSide;
  readonly current: DriftSide;
  /** Columns to compare; the group is read beside them. */
  readonly columns: readonly { readonly name: string; readonly ordered: boolean }[];
  readonly groups: DriftGroups | null;
  readonly multivariate: boolean;
  /** Prefixes of columns that are one vector together. */
  readonly embeddings: readonly string[];
  /** Keep sampled texts, for measures of texts. */
  readonly texts: boolean;
  readonly missingValues: readonly string[] | undefined;
}

export interface DriftRows {
  readonly groups: ReadonlyMap<string, GroupTests> | undefined;
  readonly multivariate: MultivariateTest | MultivariateDrift | null;
  readonly texts?: ReadonlyMap<string, TextPair>;
}

const jointRows = 4000;
const groupedCells = 5_000_000;
const fewestPermutations = 2000;
const mostPermutations = 20_000;
const seed = "modelgate drift";

/** Reads both samples and tests them; the same rows give the same answer. */
export async function testRows(settings: RowsSettings, context: Context): Promise<DriftRows> {
  const { groups, columns } = settings;
  const reference = await readSide(settings.reference, settings, context);
  const renamed = groups?.currentColumn === undefined ? groups : { ...groups, column: groups.currentColumn };
  const current = await readSide(settings.current, { ...settings, groups: renamed }, context);
  // Enough for the smallest p-value to pass a correction over the run.
  const permutations = Math.min(
    mostPermutations,
    Math.max(fewestPermutations, Math.ceil((4 * columns.length + 4) / 0.05)),
  );
  return {
    groups: groups ? testColumns(columns, reference, current, permutations) : undefined,
    multivariate: settings.multivariate ? testTogether(reference, current, settings, permutations) : null,
    ...(settings.texts ? { texts: pickTexts(reference.table, current.table) } : {}),
  };
}

interface Side {
  readonly table: Table;
  /** Without a group: one per row. */
  readonly keys: readonly string[];
}

async function readSide(side: DriftSide, settings: RowsSettings, context: Context): Promise<Side> {
  const { groups, columns } = settings;
  const names = columns.map(({ name }) => name);
  const rows = groups ? Math.max(jointRows, Math.floor(groupedCells / (names.length + 1))) : jointRows;
  const table = await readTable(
    side.source,
    {
      columns: groups && !names.includes(groups.column) ? [...names, groups.column] : names,
      missingValues: settings.missingValues,
      window: side.window,
      sample: { rows: Math.min(rows, 100_000), seed, ...(groups ? { group: groups } : {}) },
      allowEmpty: true,
    },
    context,
  );
  const kept = new Map([...table.columns].filter(([name]) => names.includes(name)));
  return {
    table: { rows: table.rows, columns: kept },
    keys: groups ? readKeys(table.columns.get(groups.column), groups) : [],
  };
}

function readKeys(column: Column | undefined, { byDay }: DriftGroups): readonly string[] {
  if (!column) return [];
  return Array.from(column.values as ArrayLike<unknown>, (value) =>
    byDay && typeof value === "number" ? String(Math.floor(value / 86_400_000)) : String(value),
  );
}

function testColumns(
  columns: RowsSettings["columns"],
  reference: Side,
  current: Side,
  permutations: number,
): ReadonlyMap<string, GroupTests> {
  const left = numberUnits(reference.keys);
  const right = numberUnits(current.keys);
  const found = new Map<string, GroupTests>();
  for (const { name, ordered } of columns) {
    const [a, b] = [reference.table.columns.get(name), current.table.columns.get(name)];
    if (!a || !b) continue;
    const sides: readonly [GroupedColumn, GroupedColumn] = [
      { column: a, ...left },
      { column: b, ...right },
    ];
    found.set(name, testGroups(...sides, ordered, permutations, createRandom(`${seed} ${name}`)));
  }
  return found;
}

function numberUnits(keys: readonly string[]): Pick<GroupedColumn, "units" | "unitCount"> {
  const numbers = new Map<string, number>();
  const units = Int32Array.from(keys, (key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return { units, unitCount: numbers.size };
}

/** Of groups, as many rows as a plain sample has: the first ones, which are whole groups. */
function testTogether(
  reference: Side,
  current: Side,
  { groups, embeddings }: RowsSettings,
  permutations: number,
): MultivariateTest | MultivariateDrift {
  const [a, b] = [takeFirst(reference), takeFirst(current)];
  const rows = { reference: a.table.rows, current: b.table.rows };
  if (rows.reference < 200 || rows.current < 50) {
    return refuseJointly(
      rows,
      `${rows.reference} reference and ${rows.current} current rows; at least 200 and 50 are needed`,
    );
  }
  const keys = groups ? { reference: a.keys, current: b.keys } : null;
  const test = testJointly(
    { reference: a.table, current: b.table, keys, embeddings: pairEmbeddings(a, b, embeddings) },
    permutations,
    seed,
  );
  return test ?? refuseJointly(rows, "no column varies, or there are too few groups");
}

/** One row per group, so that the vectors are independent. */
function pairEmbeddings(reference: Side, current: Side, prefixes: readonly string[]): readonly Embedding[] {
  const [before, after] = [reference, current].map(({ table, keys }) => {
    const seen = new Set<string>();
    const rows = Array.from({ length: table.rows }, (_, row) => row).filter((row) => {
      const key = keys[row] ?? String(row);
      return seen.has(key) ? false : seen.add(key);
    });
    return readEmbeddings(selectRows(table, rows), prefixes);
  });
  return [...(before ?? [])].flatMap(([name, points]) => {
    const other = after?.get(name);
    return other ? [{ name, reference: points, current: other }] : [];
  });
}

function pickTexts(reference: Table, current: Table): ReadonlyMap<string, TextPair> {
  const read = ({ values }: Column): readonly string[] =>
    Array.from(values as ArrayLike<unknown>).filter((value) => typeof value === "string");
  const found = new Map<string, TextPair>();
  for (const [name, column] of reference.columns) {
    const other = current.columns.get(name);
    if (column.type === "text" && other) found.set(name, { reference: read(column), current: read(other) });
  }
  return found;
}

function takeFirst({ table, keys }: Side): Side {
  const rows = Array.from({ length: Math.min(table.rows, jointRows) }, (_, row) => row);
  return { table: selectRows(table, rows), keys: keys.slice(0, jointRows) };
}
