// The sample of rows that correlations come from, chosen by ClickHouse: only its rows cross the network.
import { type Relations, summarizeRelations } from "../../monitoring/correlations.ts";
import { hashFactors, missingWord, mixing } from "../../monitoring/row-hash.ts";
import { createRowSampler, mostRelated, mostRows } from "../../monitoring/row-sample.ts";
import type { DataColumn } from "../scan.ts";
import type { ClickHouseNode } from "./node.ts";
import { renderBits } from "./sql.ts";

const word = 4_294_967_295;
/** Zero bits of a hash in pairs. */
const mostLevel = 16;

interface From {
  readonly node: ClickHouseNode;
  readonly relation: string;
  readonly where: string;
}

/** What the profile of these columns keeps of how they go together: that of the same rows in DuckDB, to the byte. */
export async function relateRows(columns: readonly DataColumn[], from: From, rows: number): Promise<Relations | null> {
  const related = columns.filter(({ type }) => type === "numeric").slice(0, mostRelated);
  if (related.length < 2) return null;
  const sampler = createRowSampler(related.length);
  const found = await fetchSample(related, from, rows);
  sampler.add(
    related.map((_, i) => Float64Array.from(found, (row) => readDouble(row[i]))),
    found.length,
    found.map((row) => Number(row[related.length])),
  );
  return summarizeRelations(
    related.map(({ name }) => name),
    sampler.finish(),
  );
}

/**
 * Different rows with their counts at a level not above the finest that fits: the sampler drops what is too much. Starts
 * at the level that suits all rows being different, and looks at finer ones while far fewer are found.
 */
async function fetchSample(
  related: readonly DataColumn[],
  from: From,
  rows: number,
): Promise<readonly (readonly unknown[])[]> {
  let level = Math.min(mostLevel, Math.max(0, Math.floor(Math.log2(Math.max(1, rows / mostRows)) / 2)));
  let best: readonly (readonly unknown[])[] | null = null;
  for (;;) {
    const found = await from.node.query(renderSample(related, from, level));
    if (found.length > limit && best === null && level < mostLevel) {
      level++;
      continue;
    }
    if (found.length <= limit) best = found;
    if (level === 0 || found.length > mostRows) return best ?? found;
    level--;
  }
}

/** At most so many rows are taken of one question: more than fit mean a coarser level. */
const limit = 4 * mostRows;

function renderSample(related: readonly DataColumn[], { relation, where }: From, level: number): string {
  const cells = related.map(({ expression }, i) => `${expression} AS v${i}`);
  const bits = related.map(
    (_, i) =>
      `if(v${i} IS NULL, toUInt64(${BigInt(missingWord) << 32n}), reinterpretAsUInt64(reinterpretAsString(${renderBits(`toFloat64(ifNull(v${i}, 0))`)}))) AS b${i}`,
  );
  const sum = related.map((_, i) => {
    const [low, high] = hashFactors(i).map((factor) => factor >>> 0);
    return `bitAnd(b${i}, ${word}) * toUInt64(${low}) + bitShiftRight(b${i}, 32) * toUInt64(${high})`;
  });
  const names = related.map((_, i) => `b${i}`).join(", ");
  const first = `SELECT ${names}, bitAnd(${sum.join(" + ")}, ${word}) AS h FROM (SELECT ${bits.join(", ")} FROM (SELECT ${cells.join(", ")} FROM ${relation} WHERE ${where}))`;
  const mixed = mixing.reduce(
    (inner, { shift, factor }) =>
      `SELECT ${names}, bitAnd(bitXor(h, bitShiftRight(h, ${shift})) * toUInt64(${factor}), ${word}) AS h FROM (${inner})`,
    first,
  );
  const mask = 2 ** (2 * level) - 1;
  const shown = related.map((_, i) => `toString(b${i})`).join(", ");
  return `SELECT ${shown}, toString(count()) FROM (${mixed}) WHERE bitAnd(h, toUInt64(${mask})) = 0 GROUP BY ${names} LIMIT ${limit + 1}`;
}

function readDouble(bits: unknown): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(String(bits)));
  return view.getFloat64(0);
}
