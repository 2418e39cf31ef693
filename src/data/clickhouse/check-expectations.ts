// Expectations on tables of ClickHouse: each is counted where the rows are, the counts of the nodes are added here.
import type { ExpectationSettings } from "../../config/settings.ts";
import { InputError } from "../../errors.ts";
import type { Context } from "../../host/context.ts";
import { roleOf } from "../../monitoring/column-summary.ts";
import type { Profile } from "../../monitoring/profile.ts";
import type { WholeResult } from "../column-checks.ts";
import { judgeShares, judgeSmallestShare, judgeTotal } from "../column-checks.ts";
import { addTotals } from "../exact-total.ts";
import { type ColumnCheck, listChecks } from "../expectation-checks.ts";
import {
  type ExpectationOptions,
  type ExpectationResult,
  failWhole,
  judgeCells,
  judgeRows,
  judgeType,
} from "../expectation-results.ts";
import { checkLike } from "../like-check.ts";
import type { DataColumn } from "../scan.ts";
import { askNodes, type Place } from "./ask-nodes.ts";
import { clickHouseCells } from "./cell-sql.ts";
import { type CellCounts, countCells, countEach, countRepeated } from "./check-cells.ts";
import { addColumn } from "./exact-total.ts";
import { profileClickHouse } from "./profile-table.ts";

/** Different values fetched at most, where they must be compared between nodes. */
const mostValues = 200_000;
const examplesShown = 5;

/**
 * As `checkExpectations`, of a `clickhouse://` address. Rows have no numbers there, so failures have none; what needs the
 * order of the rows cannot be checked and fails. Throws what a node throws.
 */
export async function checkClickHouse(
  source: string,
  expectations: readonly ExpectationSettings[],
  options: ExpectationOptions,
  context: Context,
): Promise<{ readonly rows: number; readonly results: readonly ExpectationResult[] }> {
  const ask = <T>(question: (place: Place) => Promise<T>): Promise<readonly T[]> =>
    askNodes(source, options, context, question);
  const places = await ask(async ({ node, relation, where, columns, shown }) => {
    const [row = []] = await node.query(`SELECT toString(count()) FROM ${relation} WHERE ${where}`);
    return { rows: Number(row[0]), columns, shown };
  });
  const columns = places[0]?.columns ?? [];
  const describe = (list: readonly DataColumn[]): string => list.map(({ name, type }) => `${name} ${type}`).join(", ");
  const odd = places.find((place) => describe(place.columns) !== describe(columns));
  if (odd) {
    const expected = describe(columns);
    throw new InputError({
      message: "the nodes do not hold parts of one table",
      file: odd.shown,
      expected,
      received: describe(odd.columns),
    });
  }
  const rows = places.reduce((total, place) => total + place.rows, 0);
  const profile = (name: string): Promise<Profile> =>
    profileClickHouse(
      source,
      { columns: [name], missingValues: options.missingValues, window: options.window },
      context,
    );
  const results: ExpectationResult[] = [];
  for (const expectation of expectations) {
    if (expectation.rows) results.push(judgeRows(expectation.rows, rows));
    if (expectation.column === null) continue;
    const column = columns.find(({ name }) => name === expectation.column);
    if (!column) {
      results.push(failWhole(expectation.column, "column", "a column of this name", "the data has no such column"));
      continue;
    }
    if (expectation.type) {
      const [found] = column.type === "categorical" ? (await profile(column.name)).columns : [];
      results.push(judgeType(column, expectation.type, found ? roleOf(found) : column.type));
    }
    const examples = options.showsValues ? examplesShown : 0;
    for (const check of listChecks(expectation, column, columns, context.now(), clickHouseCells)) {
      const { name } = column;
      if ("impossible" in check) results.push(failWhole(name, check.id, check.expected, check.impossible));
      else if (check.id === "monotonic") {
        results.push(
          failWhole(name, check.id, check.expected, "rows have no order in ClickHouse; this cannot be told"),
        );
      } else if (check.whole) results.push(await checkNewest(ask, expectation, column, check, context.now(), rows));
      else {
        const counts =
          check.id === "unique"
            ? await countUnique(ask, column)
            : await ask((at) => countCells(at, column, check, examples));
        results.push(
          judgeCells(column.name, check, expectation.mostly, addCounts(counts), options.showsValues ?? false),
        );
      }
    }
    const whole = [...(await checkWhole(ask, expectation, column))];
    if (expectation.like) {
      const path = options.locate?.(expectation.like.profile) ?? expectation.like.profile;
      whole.push(await checkLike(expectation.like, path, await profile(column.name), context));
    }
    for (const { id, expected, passed, reason } of whole) {
      results.push({ ...failWhole(column.name, id, expected, reason), passed, failing: passed ? 0 : 1 });
    }
  }
  return { rows, results };
}

type Ask = <T>(question: (place: Place) => Promise<T>) => Promise<readonly T[]>;

function addCounts(counts: readonly CellCounts[]): CellCounts {
  return {
    checked: counts.reduce((total, { checked }) => total + checked, 0),
    failing: counts.reduce((total, { failing }) => total + failing, 0),
    examples: counts.flatMap(({ examples }) => examples).slice(0, examplesShown),
  };
}

/** On one node in SQL; between nodes the values are compared here, and too many of them are an error, never a pass. */
async function countUnique(ask: Ask, column: DataColumn): Promise<readonly CellCounts[]> {
  const within = await ask((place) => countRepeated(place, column));
  if (within.length === 1) return within;
  const values = await countValues(ask, column);
  if (!values) {
    throw new InputError({
      message: `${JSON.stringify(column.name)} has more than ${mostValues} different values on several nodes: whether they are unique cannot be told`,
      key: column.name,
      hint: "ask one node for a Distributed table instead of naming the shards",
    });
  }
  const counts = [...values.values()];
  const failing = counts.reduce((total, count) => total + (count > 1 ? count : 0), 0);
  return [{ checked: counts.reduce((total, count) => total + count, 0), failing, examples: [] }];
}

async function countValues(ask: Ask, column: DataColumn): Promise<ReadonlyMap<string, number> | null> {
  const totals = new Map<string, number>();
  for (const part of await ask((place) => countEach(place, column, mostValues))) {
    if (part === null) return null;
    for (const [value, count] of part) totals.set(value, (totals.get(value) ?? 0) + count);
  }
  return totals;
}

async function checkNewest(
  ask: Ask,
  { newestWithinSeconds }: ExpectationSettings,
  column: DataColumn,
  check: ColumnCheck,
  now: Date,
  rows: number,
): Promise<ExpectationResult> {
  const parts = await ask(async ({ node, relation, where }) => {
    const [row = []] = await node.query(
      `SELECT toString(count(${column.expression})), toString(max(${column.expression})) FROM ${relation} WHERE ${where}`,
    );
    return Number(row[0]) === 0 ? Number.NEGATIVE_INFINITY : Number(row[1]) / 1000;
  });
  const newest = Math.max(...parts);
  const passed = newest >= now.getTime() - (newestWithinSeconds ?? 0) * 1000;
  const reason = Number.isFinite(newest)
    ? `the newest is ${new Date(newest).toISOString()}`
    : "there is no time at all";
  return {
    ...failWhole(column.name, check.id, check.expected, reason),
    passed,
    checked: rows,
    failing: passed ? 0 : 1,
  };
}

async function checkWhole(
  ask: Ask,
  { sum, mean, shares, smallestShare }: ExpectationSettings,
  column: DataColumn,
): Promise<readonly WholeResult[]> {
  const found: WholeResult[] = [];
  if (sum || mean) {
    const parts = column.type === "numeric" ? await ask((place) => addColumn(place, column)) : [];
    found.push(...judgeTotal(column, { sum, mean }, addTotals(parts)));
  }
  if (shares) {
    const wanted = Object.keys(shares);
    const parts = await ask(async ({ node, relation, where }) => {
      const counts = wanted.map(
        (value) => `toString(countIf(ifNull(toString(v), '') = ${clickHouseCells.text(value)} AND v IS NOT NULL))`,
      );
      const [row = []] = await node.query(
        `SELECT ${["toString(count(v))", ...counts].join(", ")} FROM (SELECT ${column.expression} AS v FROM ${relation} WHERE ${where})`,
      );
      return row.map(Number);
    });
    const [total = 0, ...counts] = [0, ...wanted.map((_, i) => i + 1)].map((i) =>
      parts.reduce((all, part) => all + (part[i] ?? 0), 0),
    );
    found.push(...judgeShares(shares, counts, total));
  }
  if (smallestShare !== null) {
    const values = await countValues(ask, column);
    const counts = [...(values?.values() ?? [])];
    const total = counts.reduce((all, count) => all + count, 0);
    const least = counts.reduce((lowest, count) => Math.min(lowest, count), Number.POSITIVE_INFINITY);
    const judged = judgeSmallestShare(smallestShare, counts.length, least, total);
    found.push(values ? judged : { ...judged, reason: `there are more than ${mostValues} different values` });
  }
  return found;
}
