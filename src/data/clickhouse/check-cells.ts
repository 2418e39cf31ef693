// One check of cells as every node of ClickHouse counts it; no row leaves the server but a few examples, if allowed.
import type { ColumnCheck } from "../expectation-checks.ts";
import type { DataColumn } from "../scan.ts";
import type { Place } from "./ask-nodes.ts";

export interface CellCounts {
  readonly checked: number;
  readonly failing: number;
  /** Values of failing cells, cut; null = missing. */
  readonly examples: readonly (string | null)[];
}

type Checkable = Exclude<ColumnCheck, { readonly impossible: string }>;

const valueCharacters = 100;

/** Counts of one check on one node. */
export async function countCells(
  { node, relation, where }: Place,
  column: DataColumn,
  check: Checkable,
  examples: number,
): Promise<CellCounts> {
  const others = check.others ?? [];
  const cells = [column, ...others].map(({ expression }, i) => `${expression} AS n${i}`).join(", ");
  const inner = `SELECT ${cells} FROM ${relation} WHERE ${where}`;
  if (check.countsMissing) {
    const [row = []] = await node.query(`SELECT toString(count()), toString(countIf(n0 IS NULL)) FROM (${inner})`);
    const failing = Number(row[1]);
    return { checked: Number(row[0]), failing, examples: Array<null>(Math.min(examples, failing)).fill(null) };
  }
  const present = ["n0", ...others.map((_, i) => `n${i + 1}`)];
  const values = present.map((name, i) => `assumeNotNull(${name}) AS ${i === 0 ? "v" : `u${i - 1}`}`);
  const rows = `SELECT ${values.join(", ")} FROM (${inner}) WHERE ${present.map((name) => `${name} IS NOT NULL`).join(" AND ")}`;
  const failing = check.failing === "FALSE" ? "1 = 0" : check.failing === "v IS NOT NULL" ? "1 = 1" : check.failing;
  const [row = []] = await node.query(`SELECT toString(count()), toString(countIf(${failing})) FROM (${rows})`);
  const shown =
    examples === 0 || Number(row[1]) === 0
      ? []
      : await node.query(`SELECT toString(v) FROM (${rows}) WHERE ${failing} LIMIT ${examples}`);
  return {
    checked: Number(row[0]),
    failing: Number(row[1]),
    examples: shown.map((one) => String(one[0]).slice(0, valueCharacters)),
  };
}

/** The cell with all its digits. */
function renderExact({ expression, digits }: DataColumn): string {
  return digits ?? expression;
}

/** How often each value occurs on one node; null when there are more than `most` different ones. */
export async function countEach(
  { node, relation, where }: Place,
  column: DataColumn,
  most: number,
): Promise<ReadonlyMap<string, number> | null> {
  const rows = await node.query(
    `SELECT toString(v), toString(count()) FROM (SELECT ${renderExact(column)} AS v FROM ${relation} WHERE ${where}) WHERE v IS NOT NULL GROUP BY v LIMIT ${most + 1}`,
  );
  return rows.length > most ? null : new Map(rows.map((row) => [String(row[0]), Number(row[1])]));
}

/** Cells with a value, and those whose value occurs more than once on this node. */
export async function countRepeated({ node, relation, where }: Place, column: DataColumn): Promise<CellCounts> {
  const [row = []] = await node.query(
    `SELECT toString(sum(c)), toString(sumIf(c, c > 1)) FROM (SELECT count() AS c FROM (SELECT ${renderExact(column)} AS v FROM ${relation} WHERE ${where}) WHERE v IS NOT NULL GROUP BY v)`,
  );
  return { checked: Number(row[0]), failing: Number(row[1]), examples: [] };
}
