// Expectations on data, counted inside the query engine.
import type { ExpectationSettings } from "../config/settings.ts";
import type { Context } from "../host/context.ts";
import { roleOf } from "../monitoring/column-summary.ts";
import { checkPatterns } from "./check-patterns.ts";
import { isClickHouseAddress } from "./clickhouse/address.ts";
import { checkWhole } from "./column-checks.ts";
import { type ColumnCheck, listChecks, listOtherColumns } from "./expectation-checks.ts";
import {
  type ExpectationOptions,
  type ExpectationResult,
  failWhole,
  judgeRows,
  judgeType,
} from "./expectation-results.ts";
import { checkLike } from "./like-check.ts";
import { renderExactCell } from "./long-numbers.ts";
import { materialize } from "./materialize.ts";
import { withData } from "./open-data.ts";
import { profileScan } from "./profile-data.ts";
import type { DataColumn, Scan } from "./scan.ts";
import { renderWindow } from "./window.ts";

export type { ExpectationResult } from "./expectation-results.ts";

const examplesShown = 5;
const valueCharacters = 100;

/**
 * Checks every expectation on the rows of `source` in the window. A column that is not there, or of a type a check cannot
 * be made on, fails the check; it is no error. Throws what `readTable` throws on data that cannot be read.
 */
export async function checkExpectations(
  source: string,
  expectations: readonly ExpectationSettings[],
  options: ExpectationOptions,
  context: Context,
): Promise<{ readonly rows: number; readonly results: readonly ExpectationResult[] }> {
  await checkPatterns(expectations, context);
  if (isClickHouseAddress(source)) {
    const { checkClickHouse } = await import("./clickhouse/check-expectations.ts");
    return checkClickHouse(source, expectations, options, context);
  }
  const digits = expectations.some(({ unique, monotonic, pair }) => unique || monotonic !== null || pair !== null);
  return withData(source, { ...options, digits }, context, async (scan) => {
    const where = renderWindow(options.window, scan.columns, source);
    const named = new Set(expectations.flatMap((one) => [one.column, ...listOtherColumns(one)]));
    const from = await materialize(scan, where, ({ name }) => named.has(name));
    const table = from.columns.length > 0 ? from : { ...from, relation: scan.relation, where };
    const [counted] = await scan.engine.query(`SELECT count(*) AS n FROM ${table.relation} WHERE ${table.where}`);
    const rows = Number(counted?.["n"] ?? 0);
    const results: ExpectationResult[] = [];
    for (const expectation of expectations) {
      if (expectation.rows) results.push(judgeRows(expectation.rows, rows));
      if (expectation.column === null) continue;
      const column = from.columns.find(({ name }) => name === expectation.column);
      if (!column) {
        results.push(failWhole(expectation.column, "column", "a column of this name", "the data has no such column"));
        continue;
      }
      const place = { scan, column, relation: table.relation, where: table.where };
      if (expectation.type) results.push(await checkType(place, expectation.type, source));
      for (const check of listChecks(expectation, column, from.columns, context.now())) {
        results.push(await runCheck(place, check, expectation.mostly, options.showsValues ?? false));
      }
      const whole = [...(await checkWhole(scan, expectation, column, table))];
      if (expectation.like) {
        const window = { columns: [column.name], window: options.window };
        const path = options.locate?.(expectation.like.profile) ?? expectation.like.profile;
        whole.push(await checkLike(expectation.like, path, (await profileScan(scan, window, source)).profile, context));
      }
      for (const { id, ...found } of whole) {
        const failed = failWhole(column.name, id, found.expected, found.reason);
        results.push({ ...failed, passed: found.passed, failing: found.passed ? 0 : 1 });
      }
    }
    return { rows, results };
  });
}

interface Place {
  readonly scan: Scan;
  readonly column: DataColumn;
  readonly relation: string;
  readonly where: string;
}

async function runCheck(
  place: Place,
  check: ColumnCheck,
  mostly: number,
  showsValues: boolean,
): Promise<ExpectationResult> {
  const { scan, column, relation, where } = place;
  const about = { column: column.name, check: check.id, expected: check.expected };
  if ("impossible" in check) return failWhole(column.name, check.id, check.expected, check.impossible);
  const others = check.others ?? [];
  const names = others.map((_, i) => `, u${i}`).join("");
  const exactly = check.exact === true && [column, ...others].some(({ digits }) => digits !== undefined);
  const cell = (each: DataColumn): string => (exactly ? renderExactCell(each) : each.expression);
  const numbered = `SELECT row_number() OVER () AS row, ${cell(column)} AS v, ${renderShown(column)} AS shown${others.map((other, i) => `, ${cell(other)} AS u${i}`).join("")} FROM ${relation} WHERE ${where}`;
  const inner =
    others.length === 0
      ? numbered
      : `SELECT * FROM (${numbered}) WHERE v IS NOT NULL${others.map((_, i) => ` AND u${i} IS NOT NULL`).join("")}`;
  const failing = `FROM (SELECT row, v, shown${names}${check.window ? `, ${check.window} AS w` : ""} FROM (${inner})) WHERE ${check.failing}`;
  const [counts] = await scan.engine.query(
    `SELECT (SELECT count(*) ${failing}) AS failing, (SELECT ${check.countsMissing ? "count(*)" : "count(v)"} FROM (${inner})) AS checked`,
  );
  const examples = await scan.engine.query(
    `SELECT row, left(shown, ${valueCharacters}) AS value ${failing} ORDER BY row LIMIT ${examplesShown}`,
  );
  const failed = Number(counts?.["failing"] ?? 0);
  const checked = Number(counts?.["checked"] ?? 0);
  const allowedShare = check.whole ? 0 : 1 - mostly;
  const passed = failed <= allowedShare * checked + 1e-9;
  const share = checked === 0 ? 0 : failed / checked;
  return {
    ...about,
    passed,
    checked,
    failing: failed,
    allowedShare,
    exampleRows: check.whole ? [] : examples.map((row) => Number(row["row"])),
    ...(showsValues && !check.whole
      ? { exampleValues: examples.map(({ value }) => (value === null ? null : String(value))) }
      : {}),
    reason: check.whole
      ? await describeNewest(place)
      : `${failed} of ${checked} (${(share * 100).toFixed(2)} %) fail; ${(allowedShare * 100).toFixed(2)} % may`,
  };
}

/** A cell as a person would write it: 200 and not 200.0, and all digits of a long number. */
function renderShown({ type, expression, digits }: DataColumn): string {
  const text = `CAST(${expression} AS VARCHAR)`;
  if (type !== "numeric") return text;
  const short = `regexp_replace(${text}, '\\.0$', '')`;
  return digits === undefined ? short : `coalesce(${digits}, ${short})`;
}

async function describeNewest({ scan, column, relation, where }: Place): Promise<string> {
  const [row] = await scan.engine.query(
    `SELECT CAST(max(${column.expression}) AS VARCHAR) AS newest FROM ${relation} WHERE ${where}`,
  );
  return row?.["newest"] === null ? "there is no time at all" : `the newest is ${row?.["newest"]}`;
}

async function checkType(place: Place, type: string, source: string): Promise<ExpectationResult> {
  const { scan, column } = place;
  let found: string = column.type;
  if (found === "categorical") {
    const { profile } = await profileScan(scan, { columns: [column.name] }, source);
    found = profile.columns[0] ? roleOf(profile.columns[0]) : found;
  }
  return judgeType(column, type, found);
}
