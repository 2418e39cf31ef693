// The mergeable aggregates of a profile as ClickHouse computes them: one grouped query per column and node.
import { defaultMissingValues } from "../../config/missing-values.ts";
import { ProviderError } from "../../errors.ts";
import type { Context } from "../../host/context.ts";
import { characterClasses, renderClass } from "../../monitoring/character-classes.ts";
import { type Bin, fitHistogram, mostBins, orderBins, type Scale } from "../../monitoring/ordered-histogram.ts";
import { type ColumnProfile, findMergeProblem, mergeProfiles, type Profile } from "../../monitoring/profile.ts";
import { type ProfileOptions, wantsRelations } from "../aggregate-engine.ts";
import { finestLevel } from "../sample-level.ts";
import type { DataColumn } from "../scan.ts";
import { renderWindow, unknownColumn } from "../window.ts";
import { type ClickHouseAddress, parseClickHouseAddress } from "./address.ts";
import { type ClickHouseNode, withNodes } from "./node.ts";
import { relateRows } from "./relate-rows.ts";
import { relateTable } from "./relate-table.ts";
import { sketchNumbers, sketchTexts } from "./sketch.ts";
import { quoteLiteral, quoteMicroseconds, renderBits, renderHash } from "./sql.ts";

/** Bins fetched at most; a column that fills more is grouped again, more coarsely. */
const fetchedBins = 65_536;
/** The low half of a sum's terms: two sums of 32-bit halves stay exact for 2^32 rows in a bin. */
const halfMask = "toInt64(4294967295)";

/**
 * The profile of a table, or of the parts of it that several nodes hold: each node computes its own, and they are merged
 * here. Equal, to the byte, to DuckDB's of the same values. Throws InputError when nodes disagree about the columns,
 * ProviderError when a node is down, slow, answers in part, or changes while it is read.
 */
export async function profileClickHouse(source: string, options: ProfileOptions, context: Context): Promise<Profile> {
  const address = parseClickHouseAddress(source);
  return withNodes(address, context, async (nodes) => {
    const parts = await Promise.all(nodes.map((node) => profileNode(node, address, options)));
    return parts.reduce((whole, part, i) => {
      const problem = findMergeProblem(whole, part);
      if (problem === null) return mergeProfiles(whole, part);
      throw new ProviderError({
        message: `${nodes[0].name} and ${nodes[i]?.name} do not hold parts of one table: ${problem}`,
        file: address.shown,
        expected: "the same columns and types on every node",
      });
    });
  });
}

/** Rows of one node. */
export interface From {
  readonly node: ClickHouseNode;
  readonly relation: string;
  readonly where: string;
}

async function profileNode(
  node: ClickHouseNode,
  address: ClickHouseAddress,
  options: ProfileOptions,
): Promise<Profile> {
  const { relation, columns } = await relateTable(node, address, options.missingValues ?? defaultMissingValues);
  const where = renderWindow(options.window, columns, address.shown, quoteMicroseconds);
  const names = options.columns ?? columns.map(({ name }) => name);
  const absent = names.find((name) => !columns.some((column) => column.name === name));
  if (absent !== undefined) throw unknownColumn(absent, columns, address.shown);
  const from = { node, relation, where };
  const [total] = await node.query(`SELECT toString(count()) FROM ${relation} WHERE ${where}`);
  const rows = Number(total?.[0] ?? 0);
  const profiles: ColumnProfile[] = [];
  for (const column of columns.filter(({ name }) => names.includes(name))) {
    const ordered = column.type === "numeric" || column.type === "datetime";
    const found = ordered
      ? await profileNumbers(column, from, options.differentNumbers ?? true)
      : await profileTexts(column, from);
    if (found.present + found.missing !== rows) throw changedMeanwhile(node, address, rows, found);
    profiles.push(found);
  }
  const chosen = columns.filter(({ name }) => names.includes(name));
  return {
    rows,
    columns: profiles,
    relations: wantsRelations(options, rows) ? await relateRows(chosen, from, rows) : null,
  };
}

async function profileNumbers(column: DataColumn, from: From, isSketched: boolean): Promise<ColumnProfile> {
  const scale: Scale = column.type === "numeric" ? "double" : "integer";
  const value = "assumeNotNull(v)";
  const bits = "if(b < 0, bitXor(b, toInt64(9223372036854775807)), b)";
  const cells = `SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where}`;
  const ordered =
    scale === "double"
      ? `SELECT p, if(p, ${bits}, toInt64(0)) AS o, i FROM (SELECT v IS NOT NULL AS p, ${renderBits(`toFloat64(${value})`)} AS b, isInfinite(${value}) AS i FROM (${cells}))`
      : `SELECT v IS NOT NULL AS p, if(p, toInt64(${value}), toInt64(0)) AS o, 0 AS i FROM (${cells})`;
  const magnitude = scale === "double" ? "if(o < 0, bitNot(o), o)" : "o";
  const shift = await chooseLevel(from, `SELECT toString(o) FROM (${ordered}) WHERE p LIMIT ${2 * mostBins}`, scale);
  const grouped = await group(from, shift, (level) => {
    const low = `bitAnd(${magnitude}, toInt64(${(1n << BigInt(level)) - 1n}))`;
    const sums =
      level === 0 ? "'0', '0'" : `toString(sum(bitAnd(${low}, ${halfMask}))), toString(sum(bitShiftRight(${low}, 32)))`;
    return `SELECT p, toString(bitShiftRight(o, ${level}) AS k), toString(count()), toString(sum(i)), ${sums} FROM (${ordered}) GROUP BY p, k`;
  });
  const present = grouped.rows.filter((row) => Number(row[0]) === 1);
  const values = fitHistogram(
    orderBins(
      scale,
      grouped.level,
      present.map((row) => ({
        key: BigInt(String(row[1])),
        count: Number(row[2]),
        low: BigInt(String(row[4])) + (BigInt(String(row[5])) << 32n),
      })),
    ),
  );
  return {
    name: column.name,
    type: column.type,
    present: sum(present, 2),
    missing: sum(grouped.rows, 2) - sum(present, 2),
    infinite: sum(present, 3),
    values,
    lengths: null,
    characters: null,
    distinct:
      values.shift === 0 || !isSketched ? null : await sketchNumbers(`SELECT o FROM (${ordered}) WHERE p`, from.node),
  };
}

async function profileTexts(column: DataColumn, from: From): Promise<ColumnProfile> {
  const counted = `SELECT v, count() AS c FROM (SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where}) GROUP BY v`;
  const hashed = `SELECT v IS NOT NULL AS p, ${renderHash("assumeNotNull(v)")} AS h, c FROM (${counted})`;
  const shift = await chooseLevel(from, `SELECT toString(h) FROM (${hashed}) WHERE p LIMIT ${2 * mostBins}`, "hash");
  const grouped = await group(
    from,
    shift,
    (level) =>
      `SELECT p, toString(if(p, bitShiftRight(h, ${level}), toInt64(0)) AS k), toString(sum(c)) FROM (${hashed}) GROUP BY p, k`,
  );
  const present = grouped.rows.filter((row) => Number(row[0]) === 1);
  const toBin = (row: readonly unknown[]): Bin => ({ key: BigInt(String(row[1])), count: Number(row[2]), low: 0n });
  const values = fitHistogram(orderBins("hash", grouped.level, present.map(toBin)));
  const lengths = await group(
    from,
    0,
    (level) =>
      `SELECT 1, toString(bitShiftRight(toInt64(lengthUTF8(assumeNotNull(v))), ${level}) AS k), toString(sum(c)) FROM (${counted}) WHERE v IS NOT NULL GROUP BY k`,
  );
  return {
    name: column.name,
    type: column.type,
    present: sum(present, 2),
    missing: sum(grouped.rows, 2) - sum(present, 2),
    infinite: 0,
    values,
    lengths:
      column.type === "boolean" ? null : fitHistogram(orderBins("integer", lengths.level, lengths.rows.map(toBin))),
    characters: column.type === "boolean" ? null : await countClasses(counted, from),
    distinct: values.shift === 0 ? null : await sketchTexts(`SELECT h FROM (${hashed}) WHERE p`, from.node),
  };
}

async function countClasses(counted: string, { node }: From): Promise<readonly number[]> {
  const counts = characterClasses.map(
    (each) => `toString(sumIf(c, match(assumeNotNull(v), ${quoteLiteral(renderClass(each))})))`,
  );
  const [row = []] = await node.query(`SELECT ${counts.join(", ")} FROM (${counted}) WHERE v IS NOT NULL`);
  return characterClasses.map((_, i) => Number(row[i] ?? 0));
}

/** Groups at a level, more coarsely while there are too many bins to fetch. */
async function group(
  { node }: From,
  shift: number,
  render: (level: number) => string,
): Promise<{ readonly level: number; readonly rows: readonly (readonly unknown[])[] }> {
  for (let level = shift; ; level = Math.min(63, level + 4)) {
    const rows = await node.query(`${render(level)} LIMIT ${fetchedBins + 2}`);
    if (rows.length <= fetchedBins + 1) return { level, rows };
  }
}

async function chooseLevel({ node }: From, sample: string, scale: Scale): Promise<number> {
  const rows = await node.query(sample);
  return finestLevel(
    rows.map((row) => BigInt(String(row[0]))),
    scale,
  );
}

function sum(rows: readonly (readonly unknown[])[], index: number): number {
  return rows.reduce((total, row) => total + Number(row[index]), 0);
}

function changedMeanwhile(
  node: ClickHouseNode,
  address: ClickHouseAddress,
  rows: number,
  column: ColumnProfile,
): ProviderError {
  return new ProviderError({
    message: `the data at ${node.name} changed while it was read`,
    file: address.shown,
    expected: `${rows} rows in every column`,
    received: `${column.present + column.missing} in ${JSON.stringify(column.name)}`,
    hint: "read a window of time that is closed (--time, --from, --to), or a query of rows that no longer change",
  });
}
