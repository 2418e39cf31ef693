// How many different values a column has, as ClickHouse computes the registers of the sketch.
import { distinctRegisters } from "../../monitoring/distinct-sketch.ts";
import { mixingSteps, rankBits } from "../../monitoring/number-sketch.ts";
import type { ClickHouseNode } from "./node.ts";

/** Registers of texts by their hashes `h`. */
export async function sketchTexts(hashes: string, node: ClickHouseNode): Promise<number[]> {
  return fetchRegisters(
    `SELECT bitShiftRight(h, 53) AS r, bitAnd(h, toInt64(9007199254740991)) AS w FROM (${hashes})`,
    53,
    node,
  );
}

/** Registers of numbers or times by their ordered integers `o`: `number-sketch.ts` in SQL, one step a query in the other. */
export async function sketchNumbers(ordered: string, node: ClickHouseNode): Promise<number[]> {
  const half = (shift: number): string => `toUInt32(bitAnd(bitShiftRight(o, ${shift}), toInt64(4294967295)))`;
  const words = `SELECT ${half(0)} AS x, ${half(32)} AS y FROM (${ordered})`;
  const joined = `SELECT bitXor(x, y) AS x, y FROM (${renderMixing(words)})`;
  const mixed = renderMixing(joined);
  const rest = `bitAnd(x, toUInt32(${2 ** rankBits - 1}))`;
  return fetchRegisters(
    `SELECT toInt64(bitShiftRight(x, ${rankBits})) AS r, toInt64(${rest}) AS w FROM (${mixed})`,
    rankBits,
    node,
  );
}

function renderMixing(from: string): string {
  return mixingSteps.reduce((inner, { shift, factor }) => {
    const shifted = `SELECT toUInt32(bitXor(x, bitShiftRight(x, ${shift}))) AS x, y FROM (${inner})`;
    return factor === null ? shifted : `SELECT toUInt32(x * toUInt32(${factor})) AS x, y FROM (${shifted})`;
  }, from);
}

/** Rank of the highest of `bits` through a double's exponent: exact for integers of 53 bits, where a logarithm is not. */
async function fetchRegisters(parted: string, bits: number, node: ClickHouseNode): Promise<number[]> {
  const width = "toInt64(bitShiftRight(reinterpretAsUInt64(reinterpretAsString(toFloat64(w))), 52)) - 1022";
  const rows = await node.query(
    `SELECT toString(r), toString(max(if(w = 0, toInt64(${bits + 1}), ${bits + 1} - (${width})))) FROM (${parted}) GROUP BY r`,
  );
  const registers = new Array<number>(distinctRegisters).fill(0);
  for (const row of rows) registers[Number(row[0])] = Number(row[1]);
  return registers;
}
